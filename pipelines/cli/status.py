"""The command `status`: what a night did, what waits, and the items of one work list."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date as day
from typing import Annotated, Any

import typer

from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    NightOption,
    print_json,
    print_pairs,
    print_table,
    styled,
    talk,
)
from pipelines.cli.completion import work_list_names
from pipelines.cli.help import examples
from pipelines.config import read_config
from pipelines.reporting.night import NightSummary, summarize_night
from pipelines.runs import Unfinished, unfinished
from pipelines.warehouse import Warehouse, open_published
from pipelines.work_lists import WORK_LISTS
from pipelines.work_lists.lists import WorkList
from schemas.problems import ExchangeError, ExitCode

_RUNS = "SELECT attempt, status, problems FROM ledger.runs WHERE business_date = $on ORDER BY attempt"
_PROBLEMS = "SELECT problem FROM ledger.problems WHERE business_date = $on ORDER BY place"
_RECEIVED = """
    SELECT source, kind, file_date, status, reason, rows_in, rows_loaded, rows_rejected, rows_duplicate,
           concat_ws('; ', nullif(detail, ''), (
               SELECT string_agg('corrects ' || rows || ' rows of ' || file, '; ' ORDER BY file)
               FROM (SELECT left(corrects_file_id, 12) AS file, count(DISTINCT corrects_row_no) AS rows
                     FROM ledger.corrections AS c WHERE c.file_id = f.file_id GROUP BY corrects_file_id)))
    FROM ledger.files AS f WHERE business_date = $on ORDER BY arrival
"""
_SENT = """
    SELECT recipient_kind, recipient, scope, name, rows, status, reason
    FROM delivery.outbox WHERE business_date = $on AND status <> 'SUPERSEDED'
    ORDER BY recipient_kind, recipient, sequence, part
"""
_SENT_COUNTED = """
    SELECT recipient_kind, scope, status, reason, sum(files)::BIGINT AS files, sum(rows)::BIGINT AS rows
    FROM (SELECT recipient_kind, recipient, sequence, scope, status, reason, count(*) AS files, max(rows) AS rows
          FROM delivery.outbox WHERE business_date = $on AND status <> 'SUPERSEDED' GROUP BY ALL)
    GROUP BY ALL ORDER BY ALL
"""
_HOLDS = """
    SELECT hold_id, npi, code, rows, detail FROM delivery.holds WHERE business_date = $on ORDER BY npi, code
"""
_ITEMS = """
    SELECT due, cin, coalesce(i.county, m.county), npi, reason, i.rule, since
    FROM exchange.work_items AS i LEFT JOIN exchange.members AS m USING (cin)
    WHERE list = $list ORDER BY priority
"""
_WAITING = "SELECT list, reason, count(*) FROM exchange.work_items GROUP BY list, reason ORDER BY list, min(priority)"

_RUN_COLUMNS = ("attempt", "status", "problems")
_RECEIVED_COLUMNS = (
    "source", "kind", "file_date", "status", "code", "rows", "loaded", "rejected", "duplicate", "detail",
)  # fmt: skip
_SENT_COLUMNS = ("for", "recipient", "scope", "file", "rows", "status", "code")
_HOLD_COLUMNS = ("id", "provider", "code", "rows", "detail")
_ITEM_COLUMNS = ("due", "cin", "county", "provider", "why", "rule", "since")

_Rows = list[tuple[Any, ...]]


class NotKnown(ExchangeError):
    """What was asked for is none of what there is."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True)
class _Shown:
    """What is told of a night."""

    on: day
    summary: NightSummary
    runs: _Rows
    problems: _Rows
    received: _Rows
    sent: _Rows
    counted: _Rows
    holds: _Rows
    waiting: list[tuple[str, str, int]]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        epilog=examples("ecm-exchange status", "ecm-exchange status --date 2026-11-03 --files",
                        "ecm-exchange status --list unassigned")
    )(status)  # fmt: skip


def status(
    config: ConfigOption = DEFAULT_CONFIG,
    date: NightOption = None,
    files: Annotated[bool, typer.Option("--files", help="Every file that was sent, one by one.")] = False,
    work_list: Annotated[
        str | None,
        typer.Option(
            "--list",
            metavar="NAME",
            autocompletion=work_list_names,
            help=f"Instead the items of one work list, as they stand today: {', '.join(WORK_LISTS).lower()}. PHI.",
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show what a night received, decided and delivered; what waits.

    It is told as the last run left it. Nothing is waited for: ask while a night is at work, and it is the one before.
    """
    settings = read_config(config)
    listed = _known_list(work_list) if work_list is not None else None
    with open_published(settings.home) as warehouse:
        if listed is not None:
            _show_list(listed, _items(warehouse, listed), json=json)
            return
        shown = _read(warehouse, date)
    left = unfinished(settings.home)
    if left:
        talk.print(styled("look at", "yellow", f" {left.sentence()}; what follows is the state before it"))
    if json:
        print_json(_as_dict(shown, left))
    else:
        _show(shown, files=files)


def _read(warehouse: Warehouse, date: day | None) -> _Shown:
    last = warehouse.value("SELECT max(business_date) FROM ledger.runs")
    on = {"on": date or last}
    runs = warehouse.rows(_RUNS, on)
    if not runs:
        raise ExchangeError("E04", f"no night of {date} was run", remedy=f"The last one was that of {last}.")
    return _Shown(
        on["on"], summarize_night(warehouse, on["on"]), runs, warehouse.rows(_PROBLEMS, on),
        warehouse.rows(_RECEIVED, on), warehouse.rows(_SENT, on), warehouse.rows(_SENT_COUNTED, on),
        warehouse.rows(_HOLDS, on), _waiting(warehouse),
    )  # fmt: skip


def _as_dict(shown: _Shown, left: Unfinished | None) -> dict[str, object]:
    return {
        **shown.summary.as_dict(),
        "runs": _named(_RUN_COLUMNS, shown.runs),
        "unfinished": left and left.sentence(),
        "to_look_at": [problem for (problem,) in shown.problems],
        "received": _named(_RECEIVED_COLUMNS, shown.received),
        "sent": _named(_SENT_COLUMNS, shown.sent),
        "held_from_providers": _named(_HOLD_COLUMNS, shown.holds),
        "work_lists": _named(("list", "reason", "items"), shown.waiting),
    }


def _show(shown: _Shown, *, files: bool) -> None:
    """Print the night: first whether it ran, then what a person has to see to, then what came and went."""
    print_table(f"Runs of the night of {shown.on}", ("run", "status", "problems"), shown.runs)
    if shown.problems:
        print_table("To look at", ("what the last run of the night told",), shown.problems)
    print_table("What waits for the JI liaison", ("work list", "why", "items"), shown.waiting)
    if shown.holds:
        held = [(hold_id[:12], *rest) for hold_id, *rest in shown.holds]
        print_table("Held from providers; see `ecm-exchange quarantine list`", _HOLD_COLUMNS, held)
    print_table(f"Files received on {shown.on}", _in_words(_RECEIVED_COLUMNS), shown.received)
    print_table("Files for providers and senders", ("for", "scope", "status", "code", "files", "rows"), shown.counted)
    missing = [row for row in shown.sent if row[_SENT_COLUMNS.index("status")] != "DELIVERED"]
    if files or missing:
        print_table("Each of them" if files else "Not delivered", _SENT_COLUMNS, shown.sent if files else missing)
    figures = shown.summary.as_dict().items()
    print_pairs("The night in figures", [(name.replace("_", " "), _told(value)) for name, value in figures])


def _show_list(listed: WorkList, items: _Rows, *, json: bool) -> None:
    if json:
        print_json({"list": listed.name.lower(), "items": _named(_ITEM_COLUMNS, items)})
        return
    print_table(
        f"{listed.title}: {listed.says} {listed.do}", ("due", "CIN", *_ITEM_COLUMNS[2:]), items,
        nothing=f"{listed.title}: nothing stands on it.",
    )  # fmt: skip


def _known_list(name: str) -> WorkList:
    found = WORK_LISTS.get(name.upper().replace("-", "_"))
    if found is None:
        close = difflib.get_close_matches(name.upper(), WORK_LISTS, n=1, cutoff=0.4)
        raise NotKnown(
            "E02", "no work list has this name", where=f"--list {name}",
            remedy=f"Did you mean {close[0].lower()}?" if close else "`ecm-exchange status` names the lists.",
        )  # fmt: skip
    return found


def _items(warehouse: Warehouse, listed: WorkList) -> _Rows:
    """Give the items of a list, the most urgent first, with the words for why each stands there."""
    found = warehouse.rows(_ITEMS, {"list": listed.name})
    return [(*about, listed.words(reason), rule, since) for *about, reason, rule, since in found]


def _waiting(warehouse: Warehouse) -> list[tuple[str, str, int]]:
    """List, reason and number of items, in the order in which the lists are worked."""
    counted = warehouse.rows(_WAITING)
    return [
        (each.title, each.words(reason), items)
        for each in WORK_LISTS.values()
        for name, reason, items in counted
        if name == each.name
    ]


def _named(columns: tuple[str, ...], rows: _Rows) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _in_words(columns: tuple[str, ...]) -> list[str]:
    return [name.replace("_", " ") for name in columns]


def _told(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items()) or "none"
    return str(value)
