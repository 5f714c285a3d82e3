"""Who sends the plan files, where each partner leaves them and what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Source:
    """One inbound source. `pattern` is a shell pattern over file names; `responses` a folder, empty for the 834."""

    name: str
    kind: str
    username: str
    pattern: str
    responses: str = "/responses"
    folder: str = "/outgoing"

    @property
    def layout(self) -> str:
        """The layout that describes the source's files."""
        return "dhcs" if self.kind == "834" else self.kind

    def file_name(self, day: date, suffix: str = "") -> str:
        """Name the file that speaks of `day`, after the source's pattern."""
        stem, _, extension = self.pattern.rpartition(".")
        return f"{stem.replace('*', f'{day:%Y%m%d}')}{suffix}.{extension}"


DHCS = Source("dhcs", "834", "dhcs", "DHCS834-*.dat", responses="")
PROBATION = Source("probation", "mini_mif", "fresno_probation", "PROBATION_REFERRALS_*.csv")
COMMUNITY = Source("community", "mini_mif", "valley_reentry", "VRC_JI_REFERRAL_*.txt")
PRISON = Source("prison", "mini_mif", "ashgrove_prison", "ASHGROVE_ECM_REFERRALS_*.xlsx")
DELEGATE = Source("delegate", "mif", "orchard_health", "ORCHARD_MIF_*.xlsx")
JAIL = Source("jail", "release_notice", "brindlemoor_jail", "RELEASE_NOTICE_*.csv")
RECEIPTS = Source("receipts", "care_plan_receipt", "kestrel_reentry", "CARE_PLAN_RECEIPTS_*.txt")

SOURCES = (DHCS, PROBATION, COMMUNITY, PRISON, DELEGATE, JAIL, RECEIPTS)
