"""The command `report`: what is written for the state, for plan operations, and for those the plan works with."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date as day
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
    day_option,
    print_json,
    styled,
    talk,
)
from pipelines.cli.completion import provider_npis, source_names
from pipelines.cli.help import Group, examples
from pipelines.cli.progress import working
from pipelines.config import ExchangeConfig, read_config, read_roster
from pipelines.directory import FORMS, Form, Section, render
from pipelines.reporting.months import Month
from pipelines.reporting.operations import materials, moved_from, moves, reconciliation, referrals
from pipelines.reporting.page import page, page_of
from pipelines.reporting.state_report import NAME, report_to_state, state_report, usual_path
from pipelines.reporting.written import write_report
from pipelines.runs import unfinished
from pipelines.warehouse import Warehouse, open_published, open_warehouse

MonthOption = Annotated[
    str | None, typer.Option(metavar="YYYY-MM", help="The month; the last one that is over unless given.")
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        allow_dash=True,
        dir_okay=False,
        help="File to write, or - for stdout; a file below the home's `reports` unless given.",
    ),
]
FormatOption = Annotated[
    Form | None, typer.Option("--format", help="How to write it; else by the ending of --out, or as a workbook.")
]
AsOfOption = Annotated[day | None, day_option("--date", help="As of this day; the last night unless given.")]

_FIGURES = ("assigned", "reported", "missing", "extra", "differing", "refused")
_STDOUT = Path("-")

report = typer.Typer(
    name="report",
    cls=Group,
    help="Write a report for the state or for plan operations. PHI.\n\nEach is written for your account alone.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(report)


@report.command(NAME, epilog=examples(f"ecm-exchange report {NAME} --month 2026-10"))
def dhcs_json(
    config: ConfigOption = DEFAULT_CONFIG,
    month: MonthOption = None,
    out: OutOption = None,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Write the report of a month to the state, as JSON (R35). PHI.

    JI members, authorizations, assignments and providers as of the month's last day. The same month gives the same
    bytes, whenever it is asked for. What is written to a file counts as reported.
    """
    settings = read_config(config)
    today = business_date(settings, date)
    of = Month.named(month) if month is not None else Month.before(today)
    roster = read_roster(settings.delivery.providers)
    with open_warehouse(settings.home, settings.backups) as warehouse, working(f"gathering {of}"):
        if out == _STDOUT:
            content, _ = state_report(warehouse, settings, roster, of, today=today)
            sys.stdout.buffer.write(content)
            return
        path = out or usual_path(settings, of)
        written = report_to_state(warehouse, settings, roster, of, path, today=today)
    if json:
        print_json({"report": NAME, **asdict(written), "month": str(of)})
    talk.print(f"{written.members} members of {of}: {path}", soft_wrap=True)
    talk.print(f"Send it to DHCS by {written.due}. The readers' copy knows of it after the next night.")


@report.command("materials", epilog=examples("ecm-exchange report materials --format csv --out -"))
def list_materials(
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = None,
    out: OutOption = None,
    date: AsOfOption = None,
) -> None:
    """List who is to be sent new-member materials (R9). PHI.

    What is overdue stands first. As the last night left it: a mailing that was noted with `record` is gone from the
    list after the next one.
    """
    settings = read_config(config)
    with open_published(settings.home) as warehouse:
        on = _night(warehouse, date)
        section = materials(warehouse, on)
    overdue = sum(row[1] == "OVERDUE" for row in section.rows)
    _write(settings, [section], on, "NEW_MEMBER_MATERIALS", form, out)
    talk.print(f"Members to be sent materials: {len(section.rows)}, overdue: {overdue}.")


@report.command("moves", epilog=examples("ecm-exchange report moves --since 2026-10-01 --former"))
def list_moves(
    since: Annotated[day | None, day_option("--since", help="First day; the first of that month unless given.")] = None,
    until: Annotated[day | None, day_option("--until", help="Last day; the last night unless given.")] = None,
    former: Annotated[
        bool, typer.Option("--former", help="Also write, for each former provider, what it may be sent.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = None,
    out: OutOption = None,
    date: AsOfOption = None,
) -> None:
    """List who moved from which provider to which, and why. PHI.

    With --former a table for each former provider lies beside it, below the home: which of its members moved, and when.
    """
    settings = read_config(config)
    with open_published(settings.home) as warehouse:
        on = _night(warehouse, date)
        last = until or on
        first = since or last.replace(day=1)
        if first > last:
            raise typer.BadParameter(f"it lies after {last}, the last day", param_hint="--since")
        section = moves(warehouse, first, last)
        gone = moved_from(warehouse, section) if former else {}
    _write(settings, [section], on, "MOVES", form, out)
    talk.print(f"Moves: {len(section.rows)}.")
    for npi, told in gone.items():
        _write(settings, [told], on, f"MOVED_MEMBERS_{npi}", "csv", None)


@report.command("referrals", epilog=examples("ecm-exchange report referrals --source probation"))
def list_referrals(
    source: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="One source of referrals; all unless given.", autocompletion=source_names),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = None,
    out: OutOption = None,
    date: AsOfOption = None,
) -> None:
    """List what became of each referral. PHI.

    Also what its source was told of it. The night itself tells a source, by its own numbers and no name, where
    `referral_status` is set for it.
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


@report.command("night", epilog=examples("ecm-exchange report night --date 2026-11-03 --out night.html"))
def night_page(config: ConfigOption = DEFAULT_CONFIG, out: OutOption = None, date: NightOption = None) -> None:
    """Write the page of a night as HTML. It names no member.

    Was the night right, what needs a person, what came and went. Every night writes its own; of a past one, what
    waits and what is due is told as the last night left it.
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
        talk.print(f"What this run told stands: {page_of(settings, on)}", soft_wrap=True)
        return
    path = out or page_of(settings, on)
    write_report(path, content)
    talk.print(f"Written: {path}", soft_wrap=True)


@report.command("reconciliation")
def reconcile(
    month: MonthOption = None,
    provider: Annotated[
        str | None,
        typer.Option(metavar="NPI", help="One provider; all unless given.", autocompletion=provider_npis),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = None,
    out: OutOption = None,
    date: AsOfOption = None,
) -> None:
    """Compare assignments with what providers returned. PHI.

    The plan's assignments of a month against what was returned for it: missing, extra, differing. As the last night
    left it: returns for a month arrive after it. With --provider only what concerns that provider.
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


def _night(warehouse: Warehouse, given: day | None) -> day:
    """Take the day that was given, or the last night."""
    if given is not None:
        return given
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
    talk.print(f"Written: {path}", soft_wrap=True)
