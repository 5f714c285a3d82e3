"""Providers get the same rows in the layout of their choice, and by none of them a field that is not meant to leave."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.config import Roster
from pipelines.delivery.render import render_table
from schemas.assignment import COLUMN_NAMES, DATE_COLUMNS
from schemas.outbound import (
    DATE_FORMATS,
    REQUIRED,
    SHELF,
    LaidOutColumn,
    Occasion,
    OutboundLayout,
    dated,
    load_outbound_layout,
)

WEDNESDAY = date(2026, 10, 28)
TONIGHT = Occasion("SHP", "2900000000", WEDNESDAY, 1, "DELTA")
NEVER = {"ssn": "CANARY-SSN", "diagnosis": "CANARY-DX", "offence": "CANARY-OFFENCE", "content": "CANARY-CONTENT"}
"""Fields that a row might carry by a mistake elsewhere."""


@st.composite
def layouts(draw: st.DrawFn) -> OutboundLayout:
    """Any layout that a file can say."""
    more = draw(st.lists(st.sampled_from([n for n in COLUMN_NAMES if n not in REQUIRED]), unique=True, max_size=20))
    names = draw(st.permutations([*REQUIRED, *more]))
    record = st.lists(st.sampled_from(["HDR", "{npi}", "{rows}", "{add}", "{scope}", "{plan}"]), max_size=3).map(tuple)
    date_format = draw(st.sampled_from(DATE_FORMATS))
    return OutboundLayout(
        name="any", version="1", prefix="P", file_name="{prefix}_{npi}_{date}_{number}_{scope}.txt",
        delimiter=draw(st.sampled_from([",", "|", "\t", ";"])), quoting=draw(st.sampled_from(["all", "minimal"])),
        byte_order_mark=draw(st.booleans()), line_end=draw(st.sampled_from(["\r\n", "\n"])),
        heading=draw(st.booleans()), date_format=date_format, header=draw(record), trailer=draw(record), manifest=True,
        columns=tuple(
            LaidOutColumn(n, n.upper(), date_format if n in DATE_COLUMNS else "") for n in names
        ),
    )  # fmt: skip


CELLS = st.text(st.sampled_from("Ab9 ,;|\t\"'\r\n=é"), max_size=8)


@settings(max_examples=80, deadline=None)
@given(layouts(), st.lists(st.dictionaries(st.sampled_from(["last_name", "address_1"]), CELLS), max_size=3))
def test_what_stands_in_a_file_is_the_columns_of_its_layout_cell_for_cell_and_nothing_else(
    layout: OutboundLayout, given_rows: list[dict[str, str]]
) -> None:
    rows = [
        {name: dict.fromkeys(DATE_COLUMNS, "1990-01-31").get(name, f"{name} {number}") for name in COLUMN_NAMES}
        | {"record_action": "ADD"} | cells | NEVER
        for number, cells in enumerate(given_rows)
    ]  # fmt: skip
    content = render_table(rows, layout, TONIGHT)
    assert b"CANARY" not in content
    assert content.startswith(b"\xef\xbb\xbf") == layout.byte_order_mark
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    records = list(csv.reader(text, delimiter=layout.delimiter, strict=True))
    told = records[bool(layout.header) + layout.heading : len(records) - bool(layout.trailer)]
    assert [[cell.removeprefix("'") for cell in record] for record in told] == [
        [_as_written(row[c.name], c).removeprefix("'") for c in layout.columns] for row in rows
    ]
    assert len(records) == bool(layout.header) + layout.heading + len(rows) + bool(layout.trailer)


def _as_written(value: str, column: LaidOutColumn) -> str:
    return dated(value, column.date_format) if column.name in DATE_COLUMNS else value


def prepared(world: Any, npi: str) -> tuple[str, bytes]:
    """Name and bytes of the one table that waits for a provider."""
    ((name, path),) = world.warehouse.rows(
        "SELECT name, path FROM delivery.outbox WHERE recipient = $npi AND status = 'PREPARED' AND part = 1",
        {"npi": npi},
    )
    return name, (world.warehouse.home / "outbox" / path).read_bytes()


def test_two_providers_get_the_night_in_layouts_of_their_own(
    make_world: Any, make_provider: Any, npis: list[str]
) -> None:
    one, other = npis
    world = make_world(make_provider(one, layout="short_list"), make_provider(other, layout="records_with_counts"))
    for number, npi in ((1, one), (2, one), (3, other)):
        world.assign(number, npi)
    assert world.prepare() == {"PREPARED": 3}  # the short list goes without a manifest
    (short, shown), (counted, counted_as) = prepared(world, one), prepared(world, other)
    assert short == f"MIF_ECM_JI_{one}_20261028_DELTA_01.txt"
    lines = list(csv.DictReader(io.StringIO(shown.decode("utf-8-sig"), newline=""), delimiter="\t"))
    assert [line["Date of Birth"] for line in lines] == ["01/31/1990"] * 2
    assert lines[0]["Medi-Cal Client Index Number (CIN)"] == "90000001B"
    assert counted == f"P.ECMASG.{other}.D20261028.T01.DELTA.txt"
    header, row, trailer = counted_as.decode().removesuffix("\n").split("\n")
    assert header == f"HDR|records_with_counts|1.0|SHP|{other}|20261028|01|DELTA"
    assert row.split("|")[COLUMN_NAMES.index("dob")] == "19900131"
    assert trailer == "TRL|1|1|0|0|0"


def test_a_plan_names_the_layout_of_all_its_providers(world: Any, npis: list[str]) -> None:
    delivery = world.config.delivery.model_copy(update={"layout": "short_list"})
    world.config = world.config.model_copy(update={"delivery": delivery})
    world.assign(1, npis[0])
    world.prepare()
    assert world.outbox(npis[0])[0][0] == f"MIF_ECM_JI_{npis[0]}_20261028_DELTA_01.txt"


def test_what_a_layout_leaves_out_is_still_news_and_told_once(
    make_world: Any, make_provider: Any, npis: list[str]
) -> None:
    world = make_world(make_provider(npis[0], layout="short_list"))
    world.assign(1, npis[0])
    world.prepare()
    world.post()
    world.warehouse.run("UPDATE exchange.members SET email = 'a@example.org'")
    for after, told in ((1, ["ADD", "CHANGE"]), (2, ["ADD", "CHANGE"])):
        night = WEDNESDAY + timedelta(days=after)
        world.prepare(night)
        world.post(night)
        assert [action for action, _ in world.told(npis[0])] == told


@pytest.mark.parametrize("name", SHELF.names())
def test_the_file_before_is_named_in_the_manifest_whatever_it_is_called(
    make_world: Any, make_provider: Any, npis: list[str], name: str
) -> None:
    world = make_world(make_provider(npis[0], layout=name))
    world.assign(1, npis[0])
    world.prepare()
    world.post()
    before = world.outbox(npis[0])[-1][0]
    world.roster = Roster((make_provider(npis[0]),))
    thursday = WEDNESDAY + timedelta(days=1)
    world.prepare(thursday)
    after = world.outbox(npis[0])[-1][0].replace(".csv", ".manifest.json")
    assert world.manifest(after)["previous_file"] == before
    assert load_outbound_layout(name).provider_and_night(before) == (npis[0], "20261028")
