"""Whose is this file? Told from the bytes that are about to leave, and from where they would go."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipelines.config import Roster
from pipelines.delivery.documents import Document
from pipelines.delivery.prepare import compose, due_rows
from pipelines.delivery.recipient import misdirected, shared_folder
from pipelines.delivery.render import render_manifest, render_table
from pipelines.delivery.vault import open_vault
from pipelines.delivery.workbook import Edition, Listed, render_workbook
from schemas.outbound import SHELF, Occasion, OutboundLayout, load_outbound_layout
from tests.pipelines.delivery.conftest import provider

WEDNESDAY = date(2026, 10, 28)
PLAIN = load_outbound_layout("assignment")


def rows_of(world: Any, npi: str) -> list[dict[str, Any]]:
    found = due_rows(world.warehouse, world.config, world.roster, WEDNESDAY)
    return [dict(row) for due in found if due.provider.npi == npi for row in due.delta]


def occasion(npi: str) -> Occasion:
    return Occasion("SHP", npi, WEDNESDAY, 1, "DELTA")


def documents(
    npi: str,
    table: Sequence[Any],
    book: Sequence[Any],
    announced: Sequence[Any],
    layout: OutboundLayout = PLAIN,
    *,
    listed: Sequence[Any] | None = None,
) -> list[Document]:
    """A provider's file, each part of it of rows of its own; the workbook lists `listed` as members, if given."""
    edition = Edition(
        provider(npi), WEDNESDAY, "DELTA", None, news=book, before={}, members=book if listed is None else listed,
        waiting={}, columns=layout.column_names,
    )  # fmt: skip
    stem = layout.named(occasion(npi)).rpartition(".")[0]
    data = [
        Document("table", layout.named(occasion(npi)), render_table(table, layout, occasion(npi))),
        Document("workbook", f"{stem}.xlsx", render_workbook(edition)),
    ]
    if not layout.manifest:
        return data
    manifest = render_manifest(announced, [each.announced for each in data], layout, occasion(npi), None)
    return [*data, Document("manifest", f"{stem}.manifest.json", manifest)]


@pytest.fixture
def whose(world: Any, npis: Sequence[str]) -> Callable[..., str]:
    """Two rows are the first provider's, one is the other's; ask of a file that is to go to the first."""
    for number, npi in ((1, npis[0]), (2, npis[0]), (3, npis[1])):
        world.assign(number, npi)
    assigned = {(f"assignment-{number}-{npis[0]}", f"9{number:07d}B") for number in (1, 2)}
    one = world.roster.by_npi()[npis[0]]
    return lambda found, layout=PLAIN, known=(), members=2, ended=(): misdirected(
        found, one, {pair: pair[1] not in ended for pair in assigned}, 2, layout, occasion(npis[0]),
        Listed(known, members), None,
    )  # fmt: skip


def test_a_provider_s_own_rows_are_its_own_in_every_part(world: Any, npis: Sequence[str], whose: Any) -> None:
    own = rows_of(world, npis[0])
    assert whose(documents(npis[0], own, own, own)) == ""


@pytest.mark.parametrize("part", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "tampering",
    [
        {"ecm_provider_npi": "the other's"},
        {"cin": "90000003B"},
        {"assignment_id": "the other's"},
        {"assignment_id": "the other's", "cin": "90000003B"},
        {"assignment_id": None},
        {"ecm_provider_npi": None},
    ],
)
def test_one_row_that_is_not_the_provider_s_is_found_in_either_form(
    world: Any, npis: Sequence[str], whose: Any, tampering: dict[str, str | None], part: str
) -> None:
    own = rows_of(world, npis[0])
    others = {"ecm_provider_npi": npis[1], "assignment_id": f"assignment-3-{npis[1]}"}
    wrong = [
        own[0],
        own[1] | {key: others[key] if value else value for key, value in tampering.items() if key in others},
    ]
    wrong[1] |= {"cin": tampering["cin"]} if "cin" in tampering else {}
    table, book = (wrong, own) if part == "csv" else (own, wrong)
    assert whose(documents(npis[0], table, book, own)) == "a row"


def test_a_whole_row_of_another_provider_in_place_of_one_s_own_is_found(
    world: Any, npis: Sequence[str], whose: Any
) -> None:
    own, stranger = rows_of(world, npis[0]), rows_of(world, npis[1])[0]
    assert whose(documents(npis[0], [own[0], stranger], own, own)) == "a row"
    assert whose(documents(npis[0], own, [own[0], stranger | {"ecm_provider_npi": npis[0]}], own)) == "a row"


def test_who_is_served_no_longer_is_told_as_ended_and_nobody_else_is(
    world: Any, npis: Sequence[str], whose: Any
) -> None:
    own = rows_of(world, npis[0])
    one_ends = [own[0], own[1] | {"record_action": "TERM"}]
    ended, told = {"90000002B"}, documents(npis[0], one_ends, one_ends, one_ends, listed=own[:1])
    assert whose(told, ended=ended, members=1) == ""
    assert whose(told, members=1) == "a row"
    assert whose(documents(npis[0], own, own, own), ended=ended) == "a row"


@pytest.mark.parametrize("how_many", [0, 1, 3])
def test_a_row_lost_or_doubled_in_rendering_is_found(
    world: Any, npis: Sequence[str], whose: Any, how_many: int
) -> None:
    own = rows_of(world, npis[0])
    some = (own * 2)[:how_many]
    assert whose(documents(npis[0], some, own, own)) == "the number of rows"
    assert whose(documents(npis[0], own, some, own, listed=own)) == "the number of rows"
    assert whose(documents(npis[0], own, own, some)) == "the manifest"


@pytest.mark.parametrize("name", SHELF.names())
def test_a_file_is_proven_by_the_layout_it_is_written_in(
    world: Any, npis: Sequence[str], whose: Any, name: str
) -> None:
    layout = load_outbound_layout(name)
    own, stranger = rows_of(world, npis[0]), rows_of(world, npis[1])[0]
    assert whose(documents(npis[0], own, own, own, layout), layout) == ""
    assert whose(documents(npis[0], [own[0], stranger], own, own, layout), layout) == "a row"
    assert whose(documents(npis[0], [own[0]], own, own, layout), layout) == "the number of rows"
    ended = [own[0], own[1] | {"record_action": "TERM"}]
    told = whose(documents(npis[0], ended, ended, own, layout, listed=own), layout, ended={"90000002B"})
    assert told == ("the manifest" if layout.manifest else ""), "no manifest, nothing that could disagree"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"columns": "swapped"}, "a row"),
        ({"columns": "ends swapped"}, "the headings"),
        ({"columns": "swapped", "heading": False}, "a row"),
        ({"columns": "fewer"}, "a row"),
        ({"delimiter": ";"}, "the text"),
        ({"delimiter": ";", "quoting": "minimal"}, "a row"),
        ({"heading": False}, "the number of rows"),
        ({"header": ("HDR", "{npi}", "{scope}")}, "the header"),
        ({"header": ()}, "the number of rows"),
        ({"trailer": ("TRL", "{rows}", "{term}")}, "the trailer"),
        ({"trailer": ("TRL", "3", "{add}")}, "the trailer"),
    ],
)
def test_a_file_that_is_not_written_as_its_layout_says_does_not_go(
    world: Any, npis: Sequence[str], whose: Any, written: dict[str, Any], read: str
) -> None:
    layout = replace(PLAIN, header=("HDR", "{npi}"), trailer=("TRL", "{rows}", "{add}"))
    own = rows_of(world, npis[0])
    first, *rest, last = layout.columns
    other = {
        "swapped": (*rest, first, last),
        "ends swapped": (first, *rest[:-1], last, rest[-1]),
        "fewer": (first, *rest),
    }
    wrong = {key: other.get(str(value), value) for key, value in written.items()}
    by_layout = replace(layout, heading=wrong.get("heading", True)) if "columns" in wrong else layout
    assert whose(documents(npis[0], own, own, own, replace(layout, **wrong)), by_layout) == read


def test_a_workbook_that_tells_another_thing_than_the_table_is_found(
    world: Any, npis: Sequence[str], whose: Any
) -> None:
    own = rows_of(world, npis[0])
    ended = [own[0], own[1] | {"record_action": "TERM"}]
    assert whose(documents(npis[0], own, ended, own, listed=own)) == "the workbook"
    assert whose(documents(npis[0], ended, ended, own, listed=own), ended={"90000002B"}) == "the manifest"


def test_of_all_members_each_is_one_that_the_provider_has_or_was_told_of(
    world: Any, npis: Sequence[str], whose: Any
) -> None:
    own, stranger = rows_of(world, npis[0]), rows_of(world, npis[1])[0]
    moved = own[0] | {"cin": "90000009B"}  # told under a CIN that turned out to be another's too
    pair = (moved["assignment_id"], "90000009B")
    assert whose(documents(npis[0], own, own, own, listed=[moved, own[1]]), known={pair}) == ""
    assert whose(documents(npis[0], own, own, own, listed=[moved, own[1]])) == "a row"
    assert whose(documents(npis[0], own, own, own, listed=[own[0], stranger])) == "a row"
    assert whose(documents(npis[0], own, own, own, listed=[*own, own[0]]), members=3) == "a row"
    assert whose(documents(npis[0], own, own, own, listed=[own[0], own[1] | {"record_action": "TERM"}])) == "a row"
    assert whose(documents(npis[0], own, own, own, listed=own[:1])) == "the number of rows"
    assert whose(documents(npis[0], own, own, own, listed=own[:1]), members=1) == ""
    assert whose(documents(npis[0], [moved, own[1]], own, own), known={pair}) == "a row", "what is told is the present"


SHEET = "xl/worksheets/sheet{}.xml"
EXTRA = '<c r="CZ4" s="1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("part", "found", "instead"),
    [
        (SHEET.format(2), "</row>", EXTRA),  # a column more
        (SHEET.format(1), "<v>", "<f>1+1</f><v>"),  # a formula
        (SHEET.format(2), "</sheetData>", "<row r='9'><c r='A9' s='1'><is><t>x</t></is></c></row></sheetData>"),
        (SHEET.format(4), "<v>", "<f>1+1</f><v>"),
        ("xl/sharedStrings.xml", "Data dictionary", "91234567A"),  # a person on a sheet that names nobody
        ("xl/sharedStrings.xml", "Assignment ID", "SSN"),  # a field that is not on the allow-list
    ],
)
def test_whatever_a_workbook_has_that_is_not_written_here_is_refused(
    world: Any, npis: Sequence[str], whose: Any, part: str, found: str, instead: str
) -> None:
    own = rows_of(world, npis[0])
    table, book, manifest = documents(npis[0], own, own, own)
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book.content)) as before, zipfile.ZipFile(changed, "w") as written:
        for each in before.namelist():
            text = before.read(each).decode()
            assert each != part or found in text
            written.writestr(each, text.replace(found, instead, 1) if each == part else text)
    assert whose([table, replace(book, content=changed.getvalue()), manifest]) == "the workbook"
    assert whose([table, replace(book, content=b"no workbook"), manifest]) == "the workbook"


@pytest.mark.parametrize("key", ["ecm_provider_npi", "rows", "files"])
def test_a_manifest_that_announces_another_file_is_found(world: Any, npis: Sequence[str], whose: Any, key: str) -> None:
    own = rows_of(world, npis[0])
    found = documents(npis[0], own, own, own)
    *data, manifest = found
    wrong = {"ecm_provider_npi": npis[1], "rows": 3, "files": []}
    told = json.loads(manifest.content) | {key: wrong[key]}
    assert whose([*data, replace(manifest, content=json.dumps(told).encode())]) == "the manifest"
    assert whose(data) == "the manifest"


def test_a_name_that_speaks_of_another_provider_is_found(world: Any, npis: Sequence[str], whose: Any) -> None:
    own = rows_of(world, npis[0])
    found = documents(npis[0], own, own, own)
    for place, each in enumerate(found):
        wrong = replace(each, name=each.name.replace(npis[0], npis[1]))
        assert whose([*found[:place], wrong, *found[place + 1 :]]) == "a name"


def test_a_workbook_is_read_as_its_provider_will_read_it(
    make_world: Any, make_provider: Any, npis: Sequence[str]
) -> None:
    world = make_world(make_provider(npis[0], formats=("csv", "xlsx")))
    for number in range(1, 40):
        world.assign(number, npis[0])
    (due,) = due_rows(world.warehouse, world.config, world.roster, WEDNESDAY)
    composed, held = compose(world.warehouse, world.config, world.roster, due, open_vault(world.warehouse, WEDNESDAY))
    table = next(each.file.content for each in composed if each.file.name.endswith(".csv"))
    assert len(list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))) == 39
    assert (len(composed), list(held)) == (3, [])


@pytest.mark.parametrize("folder", ["assignments/{}", "{}", "to_{}/in"])
def test_a_folder_named_after_another_provider_holds_all_of_the_night(
    world: Any, npis: Sequence[str], folder: str
) -> None:
    world.assign(1, npis[0])
    world.assign(2, npis[1])
    wrong = [p.model_copy(update={"folder": folder.format(npis[1])}) if p.npi == npis[0] else p
             for p in world.roster.providers]  # fmt: skip
    wrong = [p.model_copy(update={"username": "ecm"}) if p.npi == npis[0] else p for p in wrong]
    world.roster = Roster(tuple(wrong))
    world.prepare()
    assert [entry[1:] for entry in world.outbox(npis[0])] == [("HELD", "G01")]
    assert [entry[1:] for entry in world.outbox(npis[1])] == [("PREPARED", "")]


def test_the_same_folder_of_the_same_account_is_another_s(make_provider: Any, npis: Sequence[str]) -> None:
    one, other = (make_provider(npi, username="ecm", folder="in") for npi in npis)
    assert shared_folder(one, Roster((one, other))) == "the folder"
    elsewhere = other.model_copy(update={"host": "192.0.2.1"})
    assert shared_folder(one, Roster((one, elsewhere))) == ""


def test_a_folder_of_its_own_below_another_s_account_is_a_provider_s_own(
    make_provider: Any, npis: Sequence[str]
) -> None:
    one = make_provider(npis[0], username=f"ecm_{npis[1]}", folder=f"in/{npis[0]}")
    assert shared_folder(one, Roster((one, make_provider(npis[1])))) == ""
