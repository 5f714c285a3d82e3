"""What providers return: one table says it for many of them, and each gets a source in its own account.

A file belongs to the provider in whose account it lay, whatever its name or its rows say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator

from pipelines.config.cells import Npi
from pipelines.config.providers import Provider, Roster
from pipelines.config.sources import Incoming, Source, refuse_layout_of_another_kind
from schemas.kinds import RETURNED
from schemas.problems import ConfigurationError

RETURN_SHEET = "ECM_RETURN"
"""What the names of the sheets begin with that providers get to report in."""

_NPI = "{npi}"
"""Stands for the provider's own in a pattern."""


def sheet_name(npi: str, day: date) -> str:
    """Give the name of the return sheet that a provider got on a day; a second one has a number behind it."""
    return f"{RETURN_SHEET}_{npi}_{day:%Y%m%d}.xlsx"


class Returns(Incoming):
    """Files of one kind that providers leave for the plan, each in its own account."""

    kind: Literal["rtf", "otf"]
    providers: tuple[Npi, ...] = ()
    """Whom it is for; without any, every provider that no other table of its kind names."""

    @model_validator(mode="after")
    def _answers_elsewhere(self) -> Self:
        if self.responses is not None and self.responses.strip("/") == self.folder.strip("/"):
            raise ValueError("responses is the folder itself: answers would be taken for new files")
        return self

    @model_validator(mode="after")
    def _is_in_a_layout_of_its_kind(self) -> Self:
        refuse_layout_of_another_kind(self.layout, self.kind)
        return self

    def source_of(self, provider: Provider, known_hosts: Path | None) -> Source:
        """Return the source that this is in a provider's account.

        Raises
        ------
        ConfigurationError
            When it would take for returned what was delivered to the provider to be filled in.
        """
        pattern = self.pattern.replace(_NPI, provider.npi)
        if (
            "return_sheet" in provider.formats
            and self.folder.strip("/") == provider.folder.strip("/")
            and fnmatchcase(sheet_name(provider.npi, date(2026, 12, 31)), pattern)
        ):
            raise ConfigurationError(
                "C03", "returns are looked for where return sheets are delivered, under the names that these have",
                where=f"returns, provider {provider.npi}", remedy="Give returns a folder of their own.",
            )  # fmt: skip
        return Source(
            **self.model_dump(exclude={"providers"}) | {"pattern": pattern},
            name=f"{self.kind}_{provider.npi}",
            provider=provider.npi,
            host=provider.host,
            port=provider.port,
            username=provider.username,
            key_file=provider.key_file,
            known_hosts=known_hosts,
        )


def two_for_one(returns: Sequence[Returns]) -> bool:
    """Tell whether two tables of one kind are for the same provider, or both for whoever is not named."""
    claims = [(each.kind, npi) for each in returns for npi in each.providers or ("",)]
    return len(claims) > len(set(claims))


def sources_of(returns: Sequence[Returns], roster: Roster, known_hosts: Path | None) -> tuple[Source, ...]:
    """Return the sources of every provider of the roster, in order of their NPIs."""
    providers = {provider.npi: provider for provider in roster.providers}  # its lines have one way to the folder
    return tuple(
        found.source_of(provider, known_hosts)
        for _, provider in sorted(providers.items())
        for kind in RETURNED
        if (found := _meant_for(provider.npi, [each for each in returns if each.kind == kind])) is not None
    )


def _meant_for(npi: str, returns: Sequence[Returns]) -> Returns | None:
    """Choose the table that names the provider, else the one that names nobody."""
    by_npi = {each_npi: each for each in returns for each_npi in each.providers or ("",)}
    return by_npi.get(npi, by_npi.get(""))
