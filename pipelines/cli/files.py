"""Commands on files: `validate` any known kind, `sample` a whole exchange."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

import sample_data
from parsers.tabular import TabularFile, read_tabular
from parsers.x12.conformance import check_conformance
from parsers.x12.envelope import read_envelope
from parsers.x12.profile import EnrollmentProfile
from parsers.x12.profile_files import load_profile, with_cin
from parsers.x12.reader import read_834
from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    day_option,
    out,
    print_json,
    print_table,
    styled,
    talk,
    tell_of_codes,
)
from pipelines.cli.completion import layouts, source_names
from pipelines.cli.help import examples
from pipelines.cli.progress import Advance, working
from pipelines.config import read_config
from pipelines.load.complete import proven_whole
from pipelines.load.guide import named
from schemas.enrollment import check_chunk
from schemas.findings import CATALOGUE, Severity, file_fault, findings
from schemas.layout import available_layouts, load_layout
from schemas.problems import ExchangeError, ExitCode, FileFault

_SHOWN = 200


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(epilog=examples("ecm-exchange validate DHCS834-DA-20261103-SHP-010-001.dat",
                                "ecm-exchange validate referrals.xlsx --layout mini_mif --json"))(validate)  # fmt: skip
    app.command(epilog=examples("ecm-exchange sample --out sample --members 500 --days 3"))(sample)


def validate(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True, help="File to check.")
    ],
    layout: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            autocompletion=layouts,
            help="Its layout, or the path of one; for an 834 its profile, dhcs unless given. Found out unless given.",
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            autocompletion=source_names,
            help="Instead: read it as files of this source of the configuration are read at night.",
        ),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Check a file of any known kind; load nothing.

    Every error is told with its place and code, and never with a value. Ends with 1 when there is one, with 65 when the
    file cannot be read as anything. A warning is no error.
    """
    if source is not None and layout is not None:
        raise typer.BadParameter("give a source or a layout, not both", param_hint="--layout")
    with working(f"reading {file.name}") as advance:
        examined = _examine(file, layout, advance) if source is None else _examine_as_of(source, config, file, advance)
    kind, rows, found = _told(*examined)
    if json:
        print_json({"kind": kind, "rows": rows, "findings": found.to_dict(orient="records")})
    else:
        shown = found.head(_SHOWN)
        title = f"{file.name}: {kind}; rows: {rows}, findings: {len(found)}"
        if found.empty:
            out.print(title)
        else:
            print_table(
                title,
                ("place", "column", "code", "severity", "meaning", "what to do"),
                shown[["place", "column", "code", "severity", "meaning", "remedy"]].to_numpy().tolist(),
            )
        if len(found) > len(shown):
            out.print(f"... and {len(found) - len(shown)} more; --json prints all of them.")
        tell_of_codes(found["code"])
    if (found["severity"] != Severity.WARN.value).any():
        raise typer.Exit(ExitCode.PROBLEMS_FOUND)
    talk.print(styled("No error." if found.empty else "No error, only warnings.", "green"))


def sample(
    out_folder: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", file_okay=False, help="Folder to write to: a new one.")
    ],
    members: Annotated[int, typer.Option(min=1, help="Members on the 834.")] = 2000,
    days: Annotated[int, typer.Option(min=1, max=60, help="Number of business days.")] = 8,
    seed: Annotated[int, typer.Option(help="The same seed invents the same people.")] = 1,
    start: Annotated[
        date | None, day_option("--start", help=f"First business date; {sample_data.DEFAULT_START} unless given.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port of the partners' server in exchange.toml.")] = 2222,
) -> None:
    """Write an invented plan's whole exchange into a folder.

    834s, referrals, MIFs, notices, the providers table, a configuration, and what the liaison does day by day. The same
    arguments give the same bytes.
    """
    refuse_foreign_folder(out_folder)
    first = sample_data.DEFAULT_START if start is None else start
    with working(f"inventing {members} members") as advance:
        exchange = sample_data.generate(
            out_folder, members=members, days=days, seed=seed, port=port, start=first, progress=advance
        )
    first_and_last = f"from {exchange.dates[0]} to {exchange.dates[-1]}"
    talk.print(f"{len(exchange.dates)} day{'s' * (len(exchange.dates) != 1)} {first_and_last} in {out_folder}")


def refuse_foreign_folder(folder: Path, mark: str = "story.json") -> None:
    """Refuse a folder in which something lies that is no invented exchange: the file `mark` says that it is one.

    Raises
    ------
    ExchangeError
        When there is such a thing.
    """
    if folder.exists() and not (folder / mark).exists() and any(folder.iterdir()):
        what = "the folder is in use for something else"
        raise ExchangeError("M01", what, where=str(folder), remedy="Name another, or a new one.")


Examined = tuple[str, int, pd.DataFrame, pd.Series]
"""Kind or layout, number of rows, findings, and the place of each."""


def _told(kind: str, rows: int, found: pd.DataFrame, places: pd.Series) -> tuple[str, int, pd.DataFrame]:
    told = found.assign(
        place=places,
        meaning=found["code"].map({code: entry.meaning for code, entry in CATALOGUE.items()}),
        remedy=found["code"].map({code: entry.remedy for code, entry in CATALOGUE.items()}),
    )
    return kind, rows, told


def _examine(file: Path, layout: str | None, advance: Advance) -> Examined:
    if _is_x12(file):
        return _examine_834(file, load_profile(layout or "dhcs"), advance)
    return _examine_tabular(file, layout)


def _examine_as_of(name: str, config: Path, file: Path, advance: Advance) -> Examined:
    """Examine a file as one of a source: by its layout, with the place of its CIN, and whole as its sender's are."""
    settings = read_config(config)
    sources = {source.name: source for source in settings.sources}
    if name not in sources:
        raise typer.BadParameter(f"the configuration has the sources {', '.join(sources)}", param_hint="--source")
    source = sources[name]
    if _is_x12(file) != (source.kind == "834"):
        raise file_fault("F02", f"the source {name} has files of the kind {source.kind}", where=file.name)
    if source.kind == "834":
        profile = with_cin(load_profile(source.layout), source.cin_field, source.cin_slot)
        return _examine_834(file, profile, advance)
    return _examine_by(file, source.layout, lambda table: proven_whole(table, file, settings, name))


def _is_x12(file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"ISA")


def _examine_834(file: Path, profile: EnrollmentProfile, advance: Advance) -> Examined:
    envelope = read_envelope(file)
    as_of = envelope.file_date or _today()
    size = file.stat().st_size  # which is read twice: for the tables, and for the guide
    members, parts, places = 0, [findings()], [pd.Series(dtype="str")]
    for chunk in read_834(file, profile):
        advance(chunk.bytes_read, 2 * size)
        members += len(chunk.members)
        found = pd.concat([chunk.findings, check_chunk(chunk.members, chunk.coverage, chunk.reporting, as_of=as_of)])
        segment = found["row"].map(chunk.members["segment_no"])
        parts.append(found)
        places.append("member " + found["row"].astype("str") + ", INS at segment " + segment.astype("str"))
    deviations = check_conformance(file)
    by_the_guide = named(deviations)
    parts.append(by_the_guide)
    segment = deviations["segment_no"].loc[by_the_guide["row"]]
    places.append("segment " + segment.astype("str"))
    return (
        "834",
        members,
        pd.concat(parts, ignore_index=True),
        pd.concat([part.reset_index(drop=True) for part in places], ignore_index=True),
    )


def _examine_tabular(file: Path, layout: str | None) -> Examined:
    """Examine a list by its layout or, not being told it, by the one that reads most rows and finds least amiss."""
    if layout is not None:
        return _examine_by(file, layout)
    if file.stat().st_size == 0:
        raise file_fault("F02", "it is empty: with --layout or --source it is told whether it may be", where=file.name)
    examined = []
    for name in available_layouts():
        try:
            examined.append(_examine_by(file, name))
        except FileFault as fault:
            if fault.code not in ("F02", "F03"):
                raise
    if not examined:
        raise file_fault("F02", f"it is no 834 and fits none of {', '.join(available_layouts())}", where=file.name)
    return min(examined, key=lambda each: (-each[1], len(each[2])))


def _examine_by(file: Path, name: str, whole: Callable[[TabularFile], TabularFile] = lambda table: table) -> Examined:
    layout = load_layout(name)
    sheets = whole(read_tabular(file, layout, name=file.name)).sheets
    found = [sheet.examine(_today()) for sheet in sheets]
    places = [_places(sheet, of) for sheet, of in zip(sheets, found, strict=True)]
    return (
        layout.name,
        sum(len(sheet.rows) for sheet in sheets),
        pd.concat(found, ignore_index=True),
        pd.concat(places, ignore_index=True),
    )


def _places(sheet: TabularFile, found: pd.DataFrame) -> pd.Series:
    line = "line " + found["row"].map(sheet.lines).astype("Int64").astype("str")
    named = f"sheet {sheet.sheet}, " + line if sheet.sheet else line
    return named.where(found["row"] >= 0, "the file")


def _today() -> date:
    return datetime.now(UTC).date()
