"""Write down what the JI liaison tells of one person, or take it back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.liaison.kinds import KINDS, VOID
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note
from schemas.problems import ExchangeError, ExitCode

_STANDS = "kind <> 'VOID' AND event_id NOT IN (SELECT voids FROM facts.liaison_events WHERE voids IS NOT NULL)"


class RecordRefused(ExchangeError):
    """The record would say nothing that can be; nothing was stored."""

    exit_code = ExitCode.USAGE


def lend_standing_records(warehouse: Warehouse) -> None:
    """Make the temporary table `standing_records`: what was recorded and not taken back."""
    warehouse.run_file(Path(__file__).with_name("standing_records.sql"))


def record(
    warehouse: Warehouse,
    cin: str,
    kind: str,
    *,
    happened_on: date,
    recorded_on: date,
    recorded_by: str,
    detail: str = "",
) -> str:
    """Store a record and return its id; the next night counts it. The same record again is no news, and has its id.

    `cin` may be one that was merged into another: the record then counts for the person it belongs to today.

    Raises
    ------
    RecordRefused
        When the kind or the member is unknown, the day has not come yet, nobody stands for it, or it answers nothing.
    """
    if kind not in KINDS:
        raise RecordRefused("N01", "no such kind of record", remedy=f"Use one of {', '.join(KINDS)}.")
    _somebody(recorded_by)
    if happened_on > recorded_on:
        raise RecordRefused("N03", "the day has not come yet", remedy="Record it when it has happened.")
    with warehouse.transaction():
        names = _names_of(warehouse, cin)
        told = {"cin": cin, "kind": kind, "happened_on": happened_on, "detail": detail}
        known: str | None = warehouse.value(
            f"""SELECT min(event_id) FROM facts.liaison_events
                WHERE (cin, kind, happened_on, detail) = ($cin, $kind, $happened_on, $detail) AND {_STANDS}""",  # noqa: S608 - a constant
            told,
        )
        answers = kind == "AFTER_HOURS_ANSWERED"
        if answers and _is_waiting(warehouse, names, happened_on):
            known = None  # the same words, but to another contact
        elif answers and known is None:
            raise RecordRefused(
                "N05", "no contact after hours waits for this answer", remedy="Record AFTER_HOURS_CONTACT before it."
            )
        return known or _store(warehouse, told, recorded_on, recorded_by, None)


def void(
    warehouse: Warehouse, event_id: str, *, cin: str, recorded_on: date, recorded_by: str, detail: str = ""
) -> str:
    """Take an earlier record of this person back and return the id of the record that says so.

    Raises
    ------
    RecordRefused
        When no record of the person that still stands has this id.
    """
    _somebody(recorded_by)
    with warehouse.transaction():
        happened_on = warehouse.value(
            f"""SELECT happened_on FROM facts.liaison_events
                WHERE event_id = $id AND list_contains($names, cin) AND {_STANDS}""",  # noqa: S608 - a constant
            {"id": event_id, "names": _names_of(warehouse, cin)},
        )
        if happened_on is None:
            raise RecordRefused(
                "N04",
                "no record of this member that stands has this id",
                remedy="`ecm-exchange explain CIN` lists them with their ids.",
            )
        told = {"cin": cin, "kind": VOID, "happened_on": happened_on, "detail": detail}
        return _store(warehouse, told, recorded_on, recorded_by, event_id)


def _somebody(recorded_by: str) -> None:
    if not recorded_by.strip():
        raise RecordRefused("N06", "nobody stands for the record", remedy="Give --by, the name of who records it.")


def _names_of(warehouse: Warehouse, cin: str) -> list[str]:
    """Every CIN of the person; a stranger is refused."""
    rows = warehouse.rows(
        """WITH person AS (SELECT coalesce((SELECT cin FROM exchange.cin_aliases WHERE alias = $cin), $cin) AS cin)
           SELECT cin FROM person UNION SELECT a.alias FROM exchange.cin_aliases AS a JOIN person USING (cin)""",
        {"cin": cin},
    )
    names = [name for (name,) in rows]
    if not warehouse.value("SELECT count(*) FROM exchange.members WHERE list_contains($names, cin)", {"names": names}):
        raise RecordRefused(
            "N02",
            "no member of the plan has this CIN",
            remedy="Check the nine characters: a 9, seven digits, a letter.",
        )
    return names


def _is_waiting(warehouse: Warehouse, names: list[str], answered_on: date) -> bool:
    """Tell whether a contact up to that day has not been answered."""
    waiting = warehouse.value(
        f"""SELECT count(*) FROM facts.liaison_events AS c
            WHERE list_contains($names, c.cin) AND c.kind = 'AFTER_HOURS_CONTACT' AND c.happened_on <= $on AND {_STANDS}
              AND NOT EXISTS (
                  SELECT 1 FROM facts.liaison_events AS a
                  WHERE list_contains($names, a.cin) AND a.kind = 'AFTER_HOURS_ANSWERED'
                    AND a.sequence > c.sequence AND a.happened_on >= c.happened_on
                    AND a.event_id NOT IN (SELECT voids FROM facts.liaison_events WHERE voids IS NOT NULL))""",  # noqa: S608 - a constant
        {"names": names, "on": answered_on},
    )
    return bool(waiting)


def _store(
    warehouse: Warehouse, told: dict[str, object], recorded_on: date, recorded_by: str, voids: str | None
) -> str:
    warehouse.run(
        """INSERT INTO facts.liaison_events BY NAME
           SELECT md5(concat_ws('|', 'liaison event', $cin, $kind, $happened_on, sequence)) AS event_id, sequence,
                  $recorded_on AS recorded_on, $kind AS kind, $cin AS cin, $happened_on AS happened_on,
                  $detail AS detail, $recorded_by AS recorded_by, $voids AS voids
           FROM (SELECT coalesce(max(sequence), 0) + 1 AS sequence FROM facts.liaison_events)""",
        {**told, "recorded_on": recorded_on, "recorded_by": recorded_by, "voids": voids},
    )
    event_id: str = warehouse.value("SELECT arg_max(event_id, sequence) FROM facts.liaison_events")
    note(warehouse, recorded_on, "LIAISON_RECORD", event_id, str(told["kind"]))
    return event_id
