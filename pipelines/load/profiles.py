"""Which dialect of the 834 a file is written in: the layout of its source, with what the source's settings override."""

from __future__ import annotations

from parsers.x12.profile import EnrollmentProfile
from parsers.x12.profile_files import load_profile, with_cin
from pipelines.config import ExchangeConfig
from pipelines.intake.ledger import LedgerFile


def profile_of(config: ExchangeConfig, file: LedgerFile) -> EnrollmentProfile:
    """Return the profile of a landed 834: of its layout when it came, and of the CIN's place as its source has it now.

    Raises
    ------
    ConfigurationError
        When there is no such profile, or its file or the place of the CIN says something that the guide does not know.
    """
    profile = load_profile(file.layout)
    source = next((source for source in config.sources if source.name == file.source), None)
    return profile if source is None else with_cin(profile, source.cin_field, source.cin_slot)
