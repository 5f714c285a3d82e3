"""Commands that show: `status` (what a night did, what waits) and `explain` (why a member stands where it stands)."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    NightOption,
    out,
    print_json,
    print_table,
    styled,
    talk,
)
from pipelines.config import read_config
from pipelines.explain import Section
from pipelines.explain import explain as gather
from pipelines.reporting.night import summarize_night
from pipelines.runs import unfinished
from pipelines.warehouse import Warehouse, open_published
from pipelines.work_lists import WORK_LISTS
from pipelines.work_lists.lists import WorkList
from schemas.problems import ExchangeError

_FILES = """
    SELECT source, kind, file_date, status, reason, rows_in, rows_loaded, rows_rejected, rows_duplicate,
           concat_ws('; ', nullif(detail, ''), (
               SELECT string_agg('corrects ' || rows || ' rows of ' || file, '; ' ORDER BY file)
               FROM (SELECT left(corrects_file_id, 12) AS file, count(DISTINCT corrects_row_no) AS rows
                     FROM ledger.corrections AS c WHERE c.file_id = f.file_id GROUP BY corrects_file_id)))
    FROM ledger.files AS f WHERE business_date = $on ORDER BY arrival
"""
_RUNS = "SELECT attempt, status, problems FROM ledger.runs WHERE business_date = $on ORDER BY attempt"
_OUTBOX = """
    SELECT recipient_kind, recipient, scope, name, rows, status, reason
    FROM delivery.outbox WHERE business_date = $on AND status <> 'SUPERSEDED'
    ORDER BY recipient_kind, recipient, sequence, part
"""
_HOLDS = """
    SELECT hold_id, npi, code, rows, detail FROM delivery.holds WHERE business_date = $on ORDER BY npi, code
"""

_ITEMS = """
    SELECT due, cin, coalesce(i.county, m.county), npi, reason, i.rule, since
    FROM exchange.work_items AS i LEFT JOIN exchange.members AS m USING (cin)
    WHERE list = $list ORDER BY priority
"""
_MOST_COLUMNS = 10
"""Beyond so many, each row of a table is shown upright, a line a column."""

_HOLD_COLUMNS = ("id", "provider", "code", "rows", "detail")
_ITEM_COLUMNS = ("due", "CIN", "county", "provider", "why", "rule", "since")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(status)
    app.command()(explain)


def status(
    config: ConfigOption = DEFAULT_CONFIG,
    date: NightOption = None,
    work_list: Annotated[
        str | None,
        typer.Option("--list", help=f"Only the items of one work list: {', '.join(WORK_LISTS).lower()}. PHI."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show what a night received, decided and delivered, and what waits; the last night when no date is given."""
    settings = read_config(config)
    listed = _known_list(work_list)
    with open_published(settings.home) as warehouse:
        on = date.date() if date else warehouse.value("SELECT max(business_date) FROM ledger.runs")
        summary = summarize_night(warehouse, on)
        attempts = warehouse.rows(_RUNS, {"on": on})
        files, outbox = warehouse.rows(_FILES, {"on": on}), warehouse.rows(_OUTBOX, {"on": on})
        holds = warehouse.rows(_HOLDS, {"on": on})
        work_lists = _work_lists(warehouse)
        items = _items(warehouse, listed) if listed else []
    left = unfinished(settings.home)
    if left:
        talk.print(styled("look at", "yellow", f" {left.sentence()}; what follows is the state before it"))
    if json:
        lists = [{"list": title, "reason": reason, "items": count} for title, reason, count in work_lists]
        told = [{"attempt": attempt, "status": status, "problems": count} for attempt, status, count in attempts]
        held = [dict(zip(_HOLD_COLUMNS, hold, strict=True)) for hold in holds]
        print_json(
            {
                **summary.as_dict(),
                "runs": told,
                "unfinished": left and left.sentence(),
                "held_from_providers": held,
                "work_lists": lists,
            }
        )
        return
    if listed:
        if items:
            print_table(f"{listed.title}: {listed.says} {listed.do}", _ITEM_COLUMNS, items)
        else:
            out.print(f"{listed.title}: nothing stands on it.")
        return
    print_table(f"Runs of the night of {on}", ("run", "status", "problems"), attempts)
    print_table(
        f"Files received on {on}",
        ("source", "kind", "file date", "status", "code", "rows", "loaded", "rejected", "duplicate", "detail"),
        files,
    )
    print_table(
        "Files for providers and senders", ("for", "recipient", "scope", "file", "rows", "status", "code"), outbox
    )
    if holds:
        print_table(
            "Held from providers; see `ecm-exchange quarantine list`",
            _HOLD_COLUMNS,
            [(h[:12], *of) for h, *of in holds],
        )
    figures = summary.as_dict()
    print_table(
        "The night in figures",
        ("figure", "value"),
        [(name.replace("_", " "), _told(value)) for name, value in figures.items()],
    )
    print_table("What waits for the JI liaison", ("work list", "why", "items"), work_lists)


def explain(
    cin: Annotated[str, typer.Argument(help="The member's CIN.")],
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Explain a member on one page: facts, states, authorization, assignment, clocks, deliveries, by rule. PHI."""
    settings = read_config(config)
    with open_published(settings.home) as warehouse:
        page = gather(warehouse, cin.strip().upper())
    if json:
        print_json(page.as_dict())
        return
    also = f", also known as {', '.join(page.also_known_as)}" if page.also_known_as else ""
    out.print(styled(page.cin, "bold", f"{also}\n"))
    for section in page.sections:
        columns, rows = _without_empty(section)
        if len(columns) > _MOST_COLUMNS:
            for number, row in enumerate(rows, start=1):
                title = section.title if len(rows) == 1 else f"{section.title}, {number} of {len(rows)}"
                print_table(title, ("", ""), [pair for pair in zip(columns, row, strict=True) if pair[1] is not None])
        else:
            print_table(section.title, columns, rows)
        out.print()
    print_table("The rules named above", ("rule", "says", "source"), [(r.id, r.says, r.source) for r in page.rules])


def _without_empty(section: Section) -> tuple[list[str], list[list[object]]]:
    """Leave out the columns in which nothing stands."""
    told = [place for place in range(len(section.columns)) if any(row[place] is not None for row in section.rows)]
    return [section.columns[place] for place in told], [[row[place] for place in told] for row in section.rows]


def _known_list(name: str | None) -> WorkList | None:
    if name is None:
        return None
    found = WORK_LISTS.get(name.upper().replace("-", "_"))
    if found is None:
        close = difflib.get_close_matches(name.upper(), WORK_LISTS, n=1, cutoff=0.4)
        raise ExchangeError(
            "E02",
            "no work list has this name",
            remedy=f"Did you mean {close[0].lower()}?" if close else "`ecm-exchange status` names the lists.",
        )
    return found


def _items(warehouse: Warehouse, listed: WorkList) -> list[tuple[object, ...]]:
    """Give the items of a list, the most urgent first, with the words for why each stands there."""
    found = warehouse.rows(_ITEMS, {"list": listed.name})
    return [(*about, listed.words(reason), rule, since) for *about, reason, rule, since in found]


def _work_lists(warehouse: Warehouse) -> list[tuple[str, str, int]]:
    """List, reason and number of items, in the order in which the lists are worked."""
    counted = {
        (name, reason): items
        for name, reason, items in warehouse.rows(
            "SELECT list, reason, count(*) FROM exchange.work_items GROUP BY list, reason ORDER BY list, min(priority)"
        )
    }
    return [
        (each.title, each.words(reason), items)
        for each in WORK_LISTS.values()
        for (name, reason), items in counted.items()
        if name == each.name
    ]


def _told(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items()) or "none"
    return str(value)
