"""Who is to be sent new-member materials (R9), who moved between providers, and what became of referrals."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

from pipelines.directory import Section
from pipelines.responses.referral_status import COLUMNS, STATUSES, derive_outcomes
from pipelines.sheets import Cell
from pipelines.warehouse import Warehouse

_PERSON = {
    "cin": "Client Index Number",
    "plan_member_id": "The plan's own number of the member",
    "last_name": "Last name",
    "first_name": "First name",
}
_MATERIALS = {
    "due": "Last day for the mailing: 7 days after the hold ended, unless the plan has set another number",
    "status": "DUE, or OVERDUE when the day has passed",
    "days_left": "Days until then; below zero, since then",
    **_PERSON,
    "address_1": "Residence on the 834, first line: materials go there and nowhere else",
    "address_2": "Second line",
    "city": "City",
    "state": "State",
    "zip": "ZIP code",
    "county": "County of residence",
    "language": "Language on the 834 (NISO code)",
    "hold_ended_on": "Day on which the enrolment took effect and the hold was gone",
    "release_date": "Release date, where anybody told it",
    "remark": "What to look at before mailing",
}
_MOVES = {
    "moved_on": "Day of the move: the new assignment, or the end of the old one where there is none",
    **_PERSON,
    "county": "County of residence",
    "from_npi": "NPI of the former provider",
    "from_provider": "Its name",
    "from_since": "Assigned to it since",
    "from_until": "Day on which that assignment ended",
    "to_npi": "NPI of the new provider; blank: the member waits for one",
    "to_provider": "Its name",
    "why": "LIAISON: the JI liaison decided so. PROVIDER_GONE: the former one takes nobody any more. ONE_PERSON: two "
    "CINs were one person. CAME_BACK: authorized again after an end. WAITS: nobody has been found yet",
    "method": "How the new provider was chosen",
    "reason": "In words; the liaison's own where it was the liaison",
}
_MOVED_FROM = {"moved_on": "Day of the move", **_PERSON}

_REFERRALS = {
    "source": "Where the referral came from",
    "referral_id": COLUMNS["referral_id"],
    "referral_received_date": "Day of the referral, as its source says",
    "cin": "Client Index Number; blank: not known whom it means",
    "last_name": "Last name of the member",
    "first_name": "First name",
    **{name: meaning for name, meaning in COLUMNS.items() if name != "referral_id"},
    "told_as": "Status that the source was last told; blank: it is not told",
    "told_on": "Night of the file",
}

_HERE = Path(__file__).parent


def materials(warehouse: Warehouse, on: date) -> Section:
    """List who is to be sent new-member materials as of a day, what is overdue first; nobody who is in custody."""
    return Section.of(
        "materials", "New-member materials",
        "To the residence, never into custody (R9). Note each mailing with `ecm-exchange record CIN MATERIALS_SENT`: "
        "the member then leaves this list with the next night.",
        _MATERIALS, warehouse.records(_query("materials"), {"on": on}),
    )  # fmt: skip


def moves(warehouse: Warehouse, since: date, until: date) -> Section:
    """List who moved from which provider to which between two days, both included, and why."""
    return Section.of(
        "moves", "Members who moved",
        f"From {since} to {until}. What a former provider may be sent is written with --former.",
        _MOVES, warehouse.records(_query("moves"), {"since": since, "until": until}),
    )  # fmt: skip


def moved_from(warehouse: Warehouse, moved: Section) -> dict[str, Section]:
    """Give each former provider, by NPI, what it may be told: which of its members moved, and when.

    Neither where to nor why: the new provider learns of the former one from its own file, and to arrange a hand-over is
    for it and the liaison (R12, R37). Whom it serves again is not on its list; nor who was no longer its own when
    another got them: that they came back is nothing to it.
    """
    columns = list(moved.columns)
    npi, cin, why = (columns.index(name) for name in ("from_npi", "cin", "why"))
    kept = [columns.index(name) for name in _MOVED_FROM]
    served = set(warehouse.rows("SELECT npi, cin FROM exchange.ecm_assignments WHERE ended_on IS NULL"))
    gone: defaultdict[str, list[tuple[Cell, ...]]] = defaultdict(list)
    for row in moved.rows:
        if row[why] != "CAME_BACK" and (row[npi], row[cin]) not in served:
            gone[str(row[npi])].append(tuple(row[place] for place in kept))
    return {
        former: Section("moved", "Members who are no longer yours", "", _MOVED_FROM, tuple(rows))
        for former, rows in sorted(gone.items())
    }


def referrals(warehouse: Warehouse, source: str | None = None) -> Section:
    """List what became of each referral, of all sources or of one, and what its source was told of it."""
    derive_outcomes(warehouse)
    found = [
        {**each, "meaning": STATUSES[each["status"]]}
        for each in warehouse.records(_query("referrals"), {"source": source})
    ]
    return Section.of(
        "referrals", "What became of referrals",
        "A source is told where `referral_status` is set for it, by its own numbers and no name.", _REFERRALS, found,
    )  # fmt: skip


def _query(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
