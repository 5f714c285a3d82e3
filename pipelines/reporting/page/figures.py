"""What the page of a night tells, read from the store as it stands: counts, codes, names of sources and providers.

No row of a person is read here, only numbers of them. The same store and business date give the same figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pipelines.reporting.night import NightSummary, summarize_night
from pipelines.warehouse import Warehouse
from pipelines.work_lists import WORK_LISTS

NIGHTS = 30
"""Nights that trends and the quality of partners go back."""

DAYS_BACK, DAYS_AHEAD = 30, 7
"""Calendar days around the business date over which clocks are shown by the day they fall due."""

_HERE = Path(__file__).parent


Owed = tuple[str, str, str, int]
"""Kind of recipient, recipient, code and number of files that were written and have not arrived."""


@dataclass(frozen=True)
class Came:
    """What one source sent in the night."""

    source: str
    kind: str
    before: date | None
    """The night before this one in which it sent something."""
    files: int
    held: int
    duplicates: int
    rows_in: int
    rows_loaded: int
    rows_rejected: int
    rows_duplicate: int
    rows_warned: int
    codes: tuple[tuple[str, int], ...]
    """Codes of findings, with how often each came up."""
    answers: int
    unanswered: int


@dataclass(frozen=True)
class Went:
    """What one provider was told in the night, and what waits for it."""

    npi: str
    name: str
    added: int
    changed: int
    ended: int
    whole: int | None
    """Rows of the full file, where one went."""
    delivered: int
    caught_up: int
    """Files of earlier nights among those."""
    owed: int
    held: int
    """Rows that gates hold."""


@dataclass(frozen=True)
class Clock:
    """All clocks of one name."""

    name: str
    rule: str
    due_today: int
    due_soon: int
    overdue: int
    kept: int
    fell_due: int
    """Of the last days; `kept` are those of them that were met in time."""

    @property
    def words(self) -> str:
        """What is to be done by then."""
        return WORK_LISTS["CLOCKS_OVERDUE"].words(self.name).partition(" (R")[0].rstrip(".")


@dataclass(frozen=True)
class DueDay:
    """Clocks that fall due on one day."""

    day: date
    in_time: int
    late: int
    missed: int
    open: int


@dataclass(frozen=True)
class NightOfMany:
    """One of the last nights."""

    night: date
    problems: int
    accepted: int
    with_errors: int
    held: int
    duplicates: int
    rows_in: int
    rows_rejected: int
    added: int
    changed: int
    ended: int
    in_time: int
    """Assignments made that night of people known before their release; `late` of those heard of after it."""
    late: int
    overdue: int


@dataclass(frozen=True)
class SentOn:
    """What came of a source in one night."""

    source: str
    night: date
    kind: str | None
    files: int
    rows_in: int
    rows_rejected: int
    unreadable: int
    held: int
    duplicates: int
    late: int
    is_unread: bool
    """Whether its server could not be read."""


@dataclass(frozen=True)
class GotOn:
    """What became of the files written for a provider in one night."""

    npi: str
    name: str
    night: date
    in_time: int
    late: int
    owed: int
    held: int
    rows: int


@dataclass(frozen=True)
class NightFigures:
    """Everything the page tells of a night."""

    business_date: date
    stands_as_of: date
    """The last night that was run: what waits and what is overdue is as that one left it."""
    attempts: int
    is_finished: bool
    summary: NightSummary
    problems: tuple[str, ...]
    """What the run said a person should look at."""
    visits: tuple[tuple[str, str, str], ...]
    """Source, code and codes of files left, of each source that was not read to its end."""
    held_files: tuple[tuple[str, str, str], ...]
    """Id, source and code of the night's held files."""
    still_held: tuple[str, ...]
    """Ids of files of earlier nights that are held still and were not sent again."""
    holds: tuple[tuple[str, str, str, int, str], ...]
    """Id, NPI, code, rows and detail of what gates hold of the night still."""
    owed: tuple[Owed, ...]
    waiting: dict[str, int]
    """Items of each work list."""
    came: tuple[Came, ...]
    went: tuple[Went, ...]
    clocks: tuple[Clock, ...]
    due_days: tuple[DueDay, ...]
    nights: tuple[NightOfMany, ...]
    sent: tuple[SentOn, ...]
    got: tuple[GotOn, ...]

    @cached_property
    def providers(self) -> dict[str, str]:
        """Names of providers by NPI."""
        return {each.npi: each.name for each in self.got} | {each.npi: each.name for each in self.went}

    def partner_name(self, partner: str) -> str:
        """The name of a source as it is; of a provider, or of the source of its returns, the provider's where known."""
        return self.providers.get(partner.rpartition("_")[2]) or partner


def night_figures(warehouse: Warehouse, on: date, sources: Sequence[str] = ()) -> NightFigures:
    """Read the figures of the night of `on`; a source of the configuration that never sent anything is told as well."""
    asked = {"on": on}
    runs = warehouse.rows("SELECT attempt, status FROM ledger.runs WHERE business_date = $on ORDER BY attempt", asked)
    came = tuple(_came(row) for row in _ask(warehouse, "came", on=on))
    silent = tuple(
        Came(name, "", None, 0, 0, 0, 0, 0, 0, 0, 0, (), 0, 0) for name in set(sources) - {each.source for each in came}
    )
    return NightFigures(
        business_date=on,
        stands_as_of=warehouse.value("SELECT max(business_date) FROM ledger.runs WHERE status <> 'LOST'") or on,
        attempts=len(runs),
        is_finished=bool(runs) and runs[-1][1] == "FINISHED",
        summary=summarize_night(warehouse, on),
        problems=_firsts(
            warehouse.rows("SELECT problem FROM ledger.problems WHERE business_date = $on ORDER BY place", asked)
        ),
        visits=_tuples(
            warehouse.rows(
                "SELECT source, code, left_codes FROM ledger.visits WHERE business_date = $on ORDER BY source", asked
            )
        ),
        held_files=_tuples(
            warehouse.rows(
                """SELECT file_id, source, reason FROM ledger.files
                   WHERE business_date = $on AND status = 'HELD' ORDER BY source, arrival""",
                asked,
            )
        ),
        still_held=_firsts(
            warehouse.rows(
                """SELECT file_id FROM ledger.files AS f
               WHERE status = 'HELD' AND business_date < $on AND business_date >= $on - 31
                 AND NOT EXISTS (SELECT 1 FROM ledger.files AS g
                                 WHERE g.source = f.source AND g.arrival > f.arrival AND g.status LIKE 'ACCEPTED%'
                                   AND g.file_date = f.file_date)
               ORDER BY arrival""",
                asked,
            )
        ),
        holds=_tuples(
            warehouse.rows(
                """SELECT h.hold_id, h.npi, h.code, h.rows, h.detail FROM delivery.holds AS h
                   SEMI JOIN delivery.outbox AS o
                     ON o.recipient = h.npi AND o.business_date = h.business_date AND o.status = 'HELD'
                   WHERE h.business_date = $on ORDER BY h.npi, h.code""",
                asked,
            )
        ),
        owed=owed_on(warehouse, on),
        waiting=_waiting(warehouse),
        came=tuple(sorted((*came, *silent), key=lambda each: each.source)),
        went=tuple(Went(*row) for row in _ask(warehouse, "went", on=on)),
        clocks=tuple(Clock(*row) for row in _ask(warehouse, "clocks", on=on, back=DAYS_BACK, ahead=DAYS_AHEAD)),
        due_days=tuple(DueDay(*row) for row in _ask(warehouse, "due_days", on=on, back=DAYS_BACK, ahead=DAYS_AHEAD)),
        nights=tuple(NightOfMany(*row) for row in _ask(warehouse, "nights", on=on, most=NIGHTS)),
        sent=tuple(SentOn(*row) for row in _ask(warehouse, "senders", on=on, most=NIGHTS)),
        got=tuple(GotOn(*row) for row in _ask(warehouse, "receivers", on=on, most=NIGHTS)),
    )


def owed_on(warehouse: Warehouse, on: date) -> tuple[Owed, ...]:
    """Read what was written up to the night of `on` and has not arrived, by recipient."""
    return _tuples(
        warehouse.rows(
            """SELECT recipient_kind, recipient, coalesce(max(reason), ''), count(*) FROM delivery.outbox
               WHERE status IN ('PREPARED', 'FAILED') AND business_date <= $on
               GROUP BY recipient_kind, recipient ORDER BY recipient_kind, recipient""",
            {"on": on},
        )
    )


def _ask(warehouse: Warehouse, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
    return warehouse.rows((_HERE / f"{query}.sql").read_text(encoding="utf-8"), parameters)


def _came(row: tuple[Any, ...]) -> Came:
    values = dict(zip(Came.__dataclass_fields__, row, strict=True))
    return Came(**values | {"codes": tuple((code, times) for code, times in values["codes"])})


def _waiting(warehouse: Warehouse) -> dict[str, int]:
    counted: defaultdict[str, int] = defaultdict(int)
    counted.update(dict(warehouse.rows("SELECT list, count(*) FROM exchange.work_items GROUP BY list")))
    return {name: counted[name] for name in WORK_LISTS}


def _tuples(rows: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(rows)


def _firsts(rows: list[tuple[Any, ...]]) -> tuple[str, ...]:
    return tuple(first for (first,) in rows)
