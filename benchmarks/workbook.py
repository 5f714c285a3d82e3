"""A provider's workbook: how long it takes to write, and how long the gate takes to read each of its rows again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import process_time

from benchmarks.report import markdown, number
from pipelines.config.providers import Provider
from pipelines.delivery.render import Row
from pipelines.delivery.workbook import Edition, Listed, misdirected_workbook, render_workbook
from sample_data.names import FIRST_NAMES, SURNAMES
from sample_data.providers import npi_of
from schemas.assignment import COLUMN_NAMES
from schemas.outbound import Occasion, load_outbound_layout

NOTE = """\
Seconds of processor, the best of the turns: all four sheets, in all columns, of which some 44 are filled.
"""

_ON = date(2026, 11, 3)
_NPI = npi_of("fresno_bridge")
_ALIKE = {
    "record_action": "ADD", "change_reason": "NEW_JI_834", "mcp_id": "SHP", "mcp_name": "Sample Health Plan",
    "ecm_provider_npi": _NPI, "ecm_provider_name": "Bridgelight Reentry Care", "middle_name": "Q", "gender": "M",
    "city": "FRESNO", "state": "CA", "county": "Fresno", "language": "ENG", "pof_justice_involved": "Y",
    "ji_indicator": "Y", "ji_indicator_source": "834", "ji_first_seen_date": "2026-10-01",
    "enrollment_status": "ACTIVE", "plan_effective_date": "2026-11-01", "actual_release_date": "2026-10-30",
    "facility_name": "ASHGROVE STATE PRISON", "facility_county": "Kern", "pre_release_cm_organization": "INSIDE CARE",
    "pre_release_cm_npi": _NPI, "pre_release_cm_phone": "(559) 555-0150", "authorization_basis": "PRESUMPTIVE_JI_834",
    "authorization_status": "ACTIVE", "authorization_start": "2026-11-01", "authorization_end": "2027-10-31",
    "assignment_date": "2026-11-02", "assignment_method": "RULE",
}  # fmt: skip
"""What the rows of a provider have in common."""


@dataclass(frozen=True)
class Measured:
    """What one workbook took."""

    news: int
    members: int
    written: float
    proven: float
    bytes: int


def measure(members: int, news: int, turns: int) -> Measured:
    """Write and prove a workbook with so many members, of whom so many are new."""
    rows = [_row(number) for number in range(members)]
    layout = load_outbound_layout("assignment")
    edition = Edition(
        _provider(), _ON, "DELTA", None, news=rows[:news], before={}, members=rows,
        waiting={str(row["assignment_id"]): ("first_contact_due", "follow_up_due") for row in rows[::2]},
    )  # fmt: skip
    content = render_workbook(edition)
    table = [tuple(str(row[name]) for name in ("assignment_id", "cin", "ecm_provider_npi", "record_action"))
             for row in rows[:news]]  # fmt: skip
    pairs = {(str(row["assignment_id"]), str(row["cin"])) for row in rows}
    occasion = Occasion("SHP", _NPI, _ON, 1, "DELTA")

    def prove() -> None:
        if wrong := misdirected_workbook(content, table, pairs, Listed(pairs, members), layout, occasion):
            raise ValueError(wrong)

    written = min(_seconds(lambda: render_workbook(edition)) for _ in range(turns))
    return Measured(news, members, written, min(_seconds(prove) for _ in range(turns)), len(content))


def report(measured: Iterator[Measured]) -> str:
    """Write what was measured as a table."""
    header = ["members", "new or changed", "written, s", "every row proven, s", "KB"]
    rows = [
        [f"{each.members:,}", f"{each.news:,}", number(each.written), number(each.proven), f"{each.bytes / 1000:,.0f}"]
        for each in measured
    ]
    return markdown(header, rows, 1)


def _seconds(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun


def _provider() -> Provider:
    return Provider(
        npi=_NPI, name="Bridgelight Reentry Care", tin="000000001", active=True, ji_provider=True,
        service_scope="PRE_RELEASE", counties=("Fresno",), populations=("ADULT",), languages=("ENG",), capacity=5_000,
        host="127.0.0.1", port=22, username="ecm", key_file=Path("key"), folder="assignments", formats=("csv", "xlsx"),
        full_day="MON",
    )  # fmt: skip


def _row(place: int) -> Row:
    """A row as a night makes it: of the columns that it fills for almost everybody, each has something."""
    own = {
        "assignment_id": f"{place:032x}", "cin": f"9{place:07d}B", "plan_member_id": f"M{place:08d}",
        "last_name": SURNAMES[place % len(SURNAMES)], "first_name": FIRST_NAMES[place * 7 % len(FIRST_NAMES)],
        "dob": f"19{60 + place % 40}-01-31", "address_1": f"{place} SAMPLE ST", "zip": f"93{place % 1000:03d}",
        "phone": f"(559) 555-{place % 100 + 100:04d}", "pre_release_cm_name": f"MANAGER {place % 50}",
        "authorization_number": f"ECM{place:08d}", "first_contact_due": str(_ON + timedelta(days=place % 5 - 1)),
        "follow_up_due": str(_ON + timedelta(days=place % 9)), "late_add": "NY"[place % 7 == 0],
    }  # fmt: skip
    return dict.fromkeys(COLUMN_NAMES) | _ALIKE | own
