"""The command `report`: what is written for the state, for plan operations, and for those the plan works with."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date as day
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    DateOption,
    JsonOption,
    NightOption,
    business_date,
    print_json,
    styled,
    talk,
)
from pipelines.config import ExchangeConfig, read_config, read_roster
from pipelines.directory import FORMS, Form, Section, render
from pipelines.reporting.months import Month
from pipelines.reporting.operations import materials, moved_from, moves, reconciliation, referrals
from pipelines.reporting.page import page, page_of
from pipelines.reporting.state_report import NAME, report_to_state, state_report, usual_path
from pipelines.reporting.written import write_report
from pipelines.runs import unfinished
from pipelines.warehouse import Warehouse, open_published, open_warehouse

MonthOption = Annotated[str | None, typer.Option(help="The month, YYYY-MM; the last one that is over unless given.")]
OutOption = Annotated[
    Path | None,
    typer.Option(allow_dash=True, dir_okay=False, help="File to write, or - for stdout; below the home unless given."),
]

FormatOption = Annotated[
    Form | None, typer.Option("--format", help="csv, json or xlsx; else by the ending of --out, or a workbook.")
]

_FIGURES = ("assigned", "reported", "missing", "extra", "differing", "refused")
_STDOUT = Path("-")

report = typer.Typer(
    name="report",
    help="Write a report to the state or for plan operations. PHI: it is written for your account alone.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(report)


@report.command(NAME)
def dhcs_json(
    config: ConfigOption = DEFAULT_CONFIG,
    month: MonthOption = None,
    out: OutOption = None,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Write JI members, authorizations, assignments and providers of a month for DHCS, as of its last day (R35). PHI.

    The same month gives the same bytes, whenever it is asked for. What is written to a file counts as reported.
    """
    settings = read_config(config)
    today = business_date(settings, date)
    of = Month.named(month) if month is not None else Month.before(today)
    roster = read_roster(settings.delivery.providers)
    with open_warehouse(settings.home) as warehouse:
        if out == _STDOUT:
            content, _ = state_report(warehouse, settings, roster, of, today=today)
            sys.stdout.buffer.write(content)
            return
        path = out or usual_path(settings, of)
        written = report_to_state(warehouse, settings, roster, of, path, today=today)
    if json:
        print_json({"report": NAME, **asdict(written), "month": str(of)})
    talk.print(f"{written.members} members of {of}: {path}", highlight=False, soft_wrap=True)
    talk.print(f"Send it to DHCS by {written.due}. The readers' copy knows of it after the next night.")


@report.command("materials")
def list_materials(
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = None,
    out: OutOption = None,
    date: NightOption = None,
) -> None:
    """List who is to be sent new-member materials, what is overdue first (R9). PHI.

    As the last night left it: a mailing that was noted with `record` is gone from the list after the next one.
    """
    settings = read_config(config)
    with open_published(settings.home) as warehouse:
        on = _night(warehouse, date)
        section = materials(warehouse, on)
    overdue = sum(row[1] == "OVERDUE" for row in section.rows)
    _write(settings, [section], on, "NEW_MEMBER_MATERIALS", form, out)
    talk.print(f"Members to be sent materials: {len(section.rows)}, overdue: {overdue}.")


@report.command("moves")
def list_moves(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; else of the month.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day; else the last night.")] = None,
    former: Annotated[
        bool, typer.Option("--former", help="Also write, for each former provider, what it may be sent.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = None,
    out: OutOption = None,
    date: NightOption = None,
) -> None:
    """List who moved from which provider to which, when, and why. PHI.

    With --former a table for each former provider lies beside it, below the home: which of its members moved, and when.
    """
    settings = read_config(config)
    with open_published(settings.home) as warehouse:
        on = _night(warehouse, date)
        last = until.date() if until else on
        first = since.date() if since else last.replace(day=1)
        if first > last:
            raise typer.BadParameter(f"it lies after {last}, the last day", param_hint="--since")
        section = moves(warehouse, first, last)
        gone = moved_from(warehouse, section) if former else {}
    _write(settings, [section], on, "MOVES", form, out)
    talk.print(f"Moves: {len(section.rows)}.")
    for npi, told in gone.items():
        _write(settings, [told], on, f"MOVED_MEMBERS_{npi}", "csv", None)


@report.command("referrals")
def list_referrals(
    source: Annotated[str | None, typer.Option(help="Name of one source; all unless given.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = None,
    out: OutOption = None,
    date: NightOption = None,
) -> None:
    """List what became of each referral, and what its source was told of it. PHI.

    The night itself tells a source, by its own numbers and no name, where `referral_status` is set for it.
    """
    settings = read_config(config)
    if source is not None and source not in {each.name for each in settings.sources if each.kind == "mini_mif"}:
        raise typer.BadParameter("no source of referrals has this name", param_hint="--source")
    with open_published(settings.home) as warehouse:
        on = _night(warehouse, date)
        section = referrals(warehouse, source)
    _write(settings, [section], on, "_".join(filter(None, ("REFERRALS", source))), form, out)
    statuses = Counter(str(row[list(section.columns).index("status")]) for row in section.rows)
    counts = ", ".join(f"{count} {status.replace('_', ' ').lower()}" for status, count in sorted(statuses.items()))
    talk.print(f"Referrals: {len(section.rows)}{'; ' if counts else ''}{counts}.")


@report.command("night")
def night_page(config: ConfigOption = DEFAULT_CONFIG, out: OutOption = None, date: NightOption = None) -> None:
    """Write the page of a night as HTML: was it right, what needs a person, what came and went. It names no member.

    Every night writes its own; of a past one, what waits and what is due is told as the last night left it.
    """
    settings = read_config(config)
    with open_published(settings.home) as warehouse:
        on = _night(warehouse, date)
        is_known = warehouse.value("SELECT count(*) > 0 FROM ledger.runs WHERE business_date = $on", {"on": on})
        content = page(warehouse, settings, on)
    left = unfinished(settings.home)
    if not is_known and not (left and left.run.business_date == on):
        raise typer.BadParameter(f"no night of {on} was run", param_hint="--date")
    if left:
        talk.print(styled("look at", "yellow", f" {left.sentence()}; the page tells of the state before it"))
    if out == _STDOUT:
        sys.stdout.buffer.write(content)
        return
    if out is None and left and left.run.business_date == on:
        talk.print(f"What this run told stands: {page_of(settings, on)}", highlight=False, soft_wrap=True)
        return
    path = out or page_of(settings, on)
    write_report(path, content)
    talk.print(f"Written: {path}", highlight=False, soft_wrap=True)


@report.command("reconciliation")
def reconcile(
    month: MonthOption = None,
    provider: Annotated[str | None, typer.Option(help="NPI of one provider; all unless given.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = None,
    out: OutOption = None,
    date: NightOption = None,
) -> None:
    """Hold the plan's assignments of a month against what providers returned for it: missing, extra, differing. PHI.

    As the last night left it: returns for a month arrive after it. With --provider only what concerns that provider.
    """
    settings = read_config(config)
    if provider is not None and provider not in read_roster(settings.delivery.providers).by_npi():
        raise typer.BadParameter("no provider of the providers table has this NPI", param_hint="--provider")
    with open_published(settings.home) as warehouse:
        on = _night(warehouse, date)
        of = Month.named(month) if month is not None else Month.before(on)
        sections = reconciliation(warehouse, of, provider)
    figures = [dict(zip(sections[0].columns, row, strict=True)) for row in sections[0].rows]
    if not figures:
        talk.print(f"Nobody had members in {of}, and nothing was returned for it.")
        return
    _write(settings, sections, on, "_".join(filter(None, ("RECONCILIATION", f"{of}", provider))), form, out)
    for remark, count in sorted(Counter(str(each["remark"]) for each in figures if each["remark"]).items()):
        talk.print(f"{count} of {len(figures)} providers: {remark}.")
    told = ", ".join(f"{sum(int(str(each[name])) for each in figures)} {name}" for name in _FIGURES)
    talk.print(f"{of}: {told}.")


def _night(warehouse: Warehouse, given: datetime | None) -> day:
    """Take the day that was given, or the last night."""
    if given is not None:
        return given.date()
    last: day = warehouse.value("SELECT max(business_date) FROM ledger.runs")
    return last


def _write(
    settings: ExchangeConfig, sections: Sequence[Section], on: day, stem: str, form: Form | None, out: Path | None
) -> None:
    """Write lists where they are asked for, else below the home in a folder of the day."""
    to_stdout = out == _STDOUT
    named = "csv" if to_stdout else "xlsx" if out is None else out.suffix.lower().removeprefix(".")
    written = form or next((each for each in FORMS if each == named), None)
    if written is None:
        raise typer.BadParameter("a file is csv, json or xlsx", param_hint="--format")
    if to_stdout and written == "xlsx":
        raise typer.BadParameter("a workbook needs a file: give --out", param_hint="--format")
    content = render(sections, written, on, title=sections[0].title)
    if to_stdout:
        sys.stdout.buffer.write(content)
        return
    path = out or settings.home / "reports" / f"{on}" / f"{stem}_{on:%Y%m%d}.{written}"
    write_report(path, content)
    talk.print(f"Written: {path}", highlight=False, soft_wrap=True)
