"""The parts of the pages that repeat the program's own tables: `python -m tests.docs.generated` writes them anew.

A part stands between `<!-- generated: name -->` and `<!-- end -->`. Whatever stands there is replaced; a test holds
that nothing would be.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from benchmarks.fleet import tables as fleet_tables
from pipelines.audit.fits import UNFIT
from pipelines.authorization.closure import CLOSURE_REASONS
from pipelines.codes.findings import OF_834S_ALONE
from pipelines.config import read_config
from pipelines.delivery.gates import GATES
from pipelines.delivery.workbook.steps import NEW_AND_INSIDE, NEW_AND_OUT, OUT_AND_NOT_MET, STEPS
from pipelines.doctor import Kind, kinds
from pipelines.justice_involved.machine import load_machine
from pipelines.liaison.kinds import KINDS
from pipelines.releases import FILE_CODES
from pipelines.reporting.months import Month
from pipelines.reporting.state_report import neutral_tables
from pipelines.responses.referral_status import STATUSES
from pipelines.transfer.codes import TRANSFER_CODES
from pipelines.warehouse import open_warehouse
from pipelines.work_lists import WORK_LISTS
from schemas.findings import CATALOGUE
from tests.docs import answer, command_line, contracts, dictionary, manifests
from tests.docs.stations import stations as stations_of_the_night

DOCS = Path(__file__).parents[2] / "docs"

EFFECTS = {
    "NONE": "", "OPEN": "opens", "OPEN_RELEASED": "opens", "RELEASE": "out", "BACK_INSIDE": "in",
    "RELEASE_AGAIN": "next", "CLOSE": "ends",
}  # fmt: skip
"""What a step does to the episode, in one word; which kind of opening it is, the state tells."""

_PART = re.compile(r"(<!-- generated: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table; a bar within a cell would end it."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"|{''.join(f' {cell} |'.replace('  ', ' ') for cell in line)}\n" for line in lines)


def _linked(code: str) -> str:
    return f"[{code}](codes/{code}.md)"


def states() -> str:
    """List the states by the numbers that the transitions use."""
    rows = [
        (number, f"`{s.state}`", s.episode and f"`{s.episode}`", s.coverage, s.known_by, s.meaning)
        for number, s in enumerate(load_machine().states, start=1)
    ]
    return table(("", "state", "episode", "the 834 shows", "known by", "means"), rows)


def events() -> str:
    """List the events."""
    rows = [(f"`{event.event}`", event.told_by, event.meaning) for event in load_machine().events]
    return table(("event", "told by", "means"), rows)


def transitions() -> str:
    """Write state by event: number of the next state and what becomes of the episode; empty where the state stays."""
    machine = load_machine()
    number = {state.state: place for place, state in enumerate(machine.states, start=1)}
    rows = []
    for state in machine.states:
        cells = [machine.at(state.state, event.event) for event in machine.events]
        told = ["" if c.next == state.state else f"{number[c.next]} {EFFECTS[c.effect]}".strip() for c in cells]
        rows.append([number[state.state], state.state.replace("_", " "), *told])
    return table(("", "", *(event.event.replace("_", " ") for event in machine.events)), rows)


def closure_reasons() -> str:
    """List why an authorization ends."""
    return table(("reason", "means"), [(f"`{reason}`", means) for reason, means in CLOSURE_REASONS.items()])


def work_lists() -> str:
    """List the work lists in the order in which they are worked."""
    rows = [(f"`{name}`", each.title, each.rule, each.says, each.do) for name, each in WORK_LISTS.items()]
    return table(("list", "sheet", "rule", "what stands on it", "what to do"), rows)


def records() -> str:
    """List what the liaison can record."""
    return table(("kind", "rule", "says that"), [(f"`{kind.kind}`", kind.rule, kind.says) for kind in KINDS.values()])


def transfer_codes() -> str:
    """List what can go wrong with a transfer."""
    return table(
        ("code", "means", "what to do"), [(_linked(c.code), c.meaning, c.remedy) for c in TRANSFER_CODES.values()]
    )


def misfits() -> str:
    """List why a store is not opened."""
    return table(("code", "what does not fit", "what to do"), [(_linked(code), *told) for code, told in UNFIT.items()])


def fields_of_the_report() -> str:
    """List what a template of the report to the state can take its fields from."""
    with tempfile.TemporaryDirectory() as folder, open_warehouse(Path(folder)) as warehouse:
        config = read_config(DOCS.parent / "sample_data" / "examples" / "exchange.toml")
        tables = neutral_tables(warehouse, config, Month.named("2026-11"), date(2026, 11, 30))
    columns = {"": tables.report, **tables.columns}
    return table(
        ("table", "fields"),
        [(name and f"`{name}`", ", ".join(f"`{one}`" for one in of)) for name, of in columns.items()],
    )


def referral_statuses() -> str:
    """List what a source is told of a referral."""
    return table(("status", "means"), [(f"`{status}`", means) for status, means in STATUSES.items()])


def steps() -> str:
    """List what rows of a provider's workbook ask for."""
    rows = [(f"`{action}`", f"`{reason}`" if reason else "any other", asks) for (action, reason), asks in STEPS.items()]
    rows[1:1] = [
        ("`ADD`", "late add, first contact not met", NEW_AND_OUT),
        ("`ADD`", "enrollment on hold", NEW_AND_INSIDE),
        ("`CHANGE`", "late add, first contact not met", f"{OUT_AND_NOT_MET}, and what the reason asks for"),
    ]
    return table(("record action", "change reason", "what to do"), rows)


def gates() -> str:
    """List the gates in the order of their codes."""
    rows = [
        (_linked(code), gate.meaning, "yes" if gate.releasable else "never", gate.remedy)
        for code, gate in GATES.items()
    ]
    return table(("code", "holds when", "released", "what to do"), rows)


def releasable_checks() -> str:
    """List the checks of files that a person can release one from."""
    rows = [(_linked(code), CATALOGUE[code].meaning, CATALOGUE[code].remedy) for code in sorted(FILE_CODES)]
    return table(("code", "holds when", "what else would help"), rows)


def list_that_is_answered() -> str:
    """Show the list of the example as it is written."""
    return "```\n" + "".join(",".join(row) + "\n" for row in answer.sent()) + "```\n"


def rows_of_an_answer() -> str:
    """Show of each row of the answer what tells it from the others, and the added columns."""
    rows, _ = answer.answer()
    header = next(row for row in rows if "error_code" in row)
    shown = [header.index("Referral ID"), *range(header.index("error_code"), len(header))]
    table_of = [[row[place] for place in shown] for row in rows[rows.index(header) :]]
    return table(table_of[0], table_of[1:])


def summary_of_an_answer() -> str:
    """Show the answer to the file as a whole."""
    return f"```json\n{answer.answer()[1]}```\n"


def codes_of_lists() -> str:
    """List what can be found in a list; the other codes are for 834s."""
    rows = [
        (_linked(code), found.meaning, found.remedy)
        for code, found in sorted(CATALOGUE.items())
        if code not in OF_834S_ALONE
    ]
    return table(("code", "means", "what to do"), rows)


def tables_of_the_store() -> str:
    """List every table of the store."""
    return table(("table", "a row is", "columns", "about people"), dictionary.index())


def stations() -> str:
    """List the stations of the night in their order."""
    rows = [(number, *told) for number, told in enumerate(stations_of_the_night(), start=1)]
    return table(("", "station", "in `pipelines/`", "reads", "fills"), rows)


def key_table(told: Callable[[], list[tuple[str, str]]], first: str = "key") -> Callable[[], str]:
    """List keys or columns of a file with what each means."""
    return lambda: table((first, "means"), told())


class _Capitals(dict[str, str]):
    """Gives for what is filled in when an ailment is found its name in capitals."""

    def __missing__(self, name: str) -> str:
        return name.upper()


def ailments() -> str:
    """List what the doctor finds, group by group."""
    parts = []
    header = ("name", "", "what it does to a night", "what mends it")
    for group in dict.fromkeys(kind.group for kind in kinds().values()):
        of_it = [kind for kind in kinds().values() if kind.group == group]
        rows = [(f"`{kind.name}`", kind.state, kind.means.format_map(_Capitals()), _mended(kind)) for kind in of_it]
        parts.append(f"### {group.capitalize()}\n\n{table(header, rows)}")
    return "\n".join(parts)


def _mended(kind: Kind) -> str:
    """Say what mends an ailment, and what to type."""
    words = _Capitals(
        unpin="ssh-keygen -R HOST -f KNOWN_HOSTS\n",
        mend="What the code says: [alerts.md](alerts.md).",
        pin="printf '\\n%s\\n' 'HOST KEY' >> KNOWN_HOSTS",
    )
    typed = " ".join(f"`{line}`" for line in kind.command.strip().format_map(words).splitlines())
    return f"{kind.do.format_map(words)} {typed}".strip().replace("|", "\\|")


PARTS: dict[str, Callable[[], str]] = {
    "states": states, "events": events, "transitions": transitions, "closure reasons": closure_reasons,
    "work lists": work_lists, "records": records,
    "transfer codes": transfer_codes,
    "misfits of the store": misfits,
    "fields of the report": fields_of_the_report,
    "referral statuses": referral_statuses,
    "gates": gates,
    "ailments": ailments,
    "steps": steps,
    "list that is answered": list_that_is_answered,
    "rows of an answer": rows_of_an_answer,
    "summary of an answer": summary_of_an_answer,
    "codes of lists": codes_of_lists,
    "releasable checks": releasable_checks,
    "commands": command_line.commands,
    "tables of the store": tables_of_the_store,
    "stations": stations,
    "single nights": fleet_tables.single_nights,
    "costs of a night": fleet_tables.fitted_costs,
    "nights of a fleet": fleet_tables.measured_fleets,
    "load of the database": fleet_tables.database_load,
    "costs of orchestration": fleet_tables.costs_of_orchestration,
    "simulated fleets": fleet_tables.simulated_fleets,
    "nights of the state": fleet_tables.statewide_nights,
    "ten times as much": fleet_tables.ten_times,
    "keys of the manifest": key_table(contracts.keys_of_the_manifest),
    "keys of a response": key_table(contracts.keys_of_a_response),
    "columns of a response": key_table(contracts.columns_of_a_response, "column"),
    "columns of referral status": key_table(contracts.columns_of_referral_status, "column"),
    "keys of the audit log": key_table(contracts.keys_of_the_audit_log),
    "keys of the mark": key_table(contracts.keys_of_the_mark),
    "keys of a backup": key_table(contracts.keys_of_a_backup),
}  # fmt: skip


def pages() -> dict[str, Path]:
    """Return every page of `docs/` and of the folders below it, by its place there."""
    return {str(path.relative_to(DOCS)): path for path in sorted(DOCS.rglob("*.md"))}


def texts() -> dict[str, str]:
    """Return what every page of the project says, by its place; the many pages of codes count as one, their index."""
    told: dict[str, str] = {}
    for path in (*sorted(DOCS.parent.glob("*.md")), *pages().values()):
        place = path.with_name("README.md") if path.parent == DOCS / "codes" else path
        name = str(place.relative_to(DOCS.parent))
        told[name] = told.get(name, "") + path.read_text(encoding="utf-8")
    return told


def names_in(page: str) -> list[str]:
    """Name the generated parts of a page."""
    return [name for _, name, _ in _PART.findall(page)]


def renewed(page: str) -> str:
    """Return a page with its generated parts as they must be."""
    return _PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]()}{part[3]}", page)


if __name__ == "__main__":
    from tests.docs import code_pages  # which is written with what stands above

    code_pages.write()
    for path, text in dictionary.pages():
        path.write_text(text, encoding="utf-8")
    manifests.SHOWN.write_text(manifests.written(), encoding="utf-8")
    for path in pages().values():
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
