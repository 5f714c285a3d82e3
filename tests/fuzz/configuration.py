"""What a plan writes itself: `exchange.toml`, the providers table, other plans' networks, layouts and 834 profiles."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from parsers.tabular import read_tabular
from parsers.x12.profile_files import PROFILE_FOLDER, load_profile
from parsers.x12.reader import read_834
from pipelines import cli
from pipelines.config import read_config, read_roster
from pipelines.config.networks import read_networks
from pipelines.delivery.render import render_table
from sample_data.example_files import FOLDER
from schemas.layout import SHELF, load_layout
from schemas.outbound import SHELF as OUTBOUND_SHELF
from schemas.outbound import load_outbound_layout
from schemas.problems import ConfigurationError, FileFault
from tests.faults.hostile_834 import ONE, TWO, an_834
from tests.fuzz.lists import examine
from tests.fuzz.mutate import Mutator
from tests.fuzz.parts import joined
from tests.fuzz.target import Target, silent_about
from tests.layouts.golden import OCCASION, outbound_rows

CANARY = "C4N4RY"
"""Stands as a value and is never repeated."""

_TOML = (
    b"[[sources]]", b"[plan]", b"[x.y]", b"true", b"-1", b"nan", b"inf", b"1e400", b"[]", b"{}", b'""', b"'''", b"\x00",
    b"2026-02-30", b"2026-01-01T00:00:00Z", b"0x10", b"\\ud800", b'"\\u0000"', b"a.b.c = 1", b"[[" * 90, b"{a=" * 90,
    b"9" * 5_000, b"../..", b"/", b"America", b"\xff", b"#", b"=", b"layout", b".toml", b"code", b"required",
    b'"a{99999999999}"', b'"' + b"(" * 200 + b'"', b'"(?P<rows>"', b'"[[:alpha:]]"', b'"(a+)+$"', b'"\\\\"',
)  # fmt: skip
_CSV = (
    b"1234567893", b"Y", b"N", b"PRE_RELEASE", b"Fresno;Kern", b"ADULT;YOUTH", b"-1", b"65536", b"1e3", b"2026-02-30",
    b"0001-01-01", b"9999-12-31", b"MON", b"csv;xlsx", b'"', b'""', b";", b",", b"\r", b"\x00", b"\xff",
    b"\xef\xbb\xbf", b"a@b.c", "١٢٣".encode(), b"A" * 200_000, b"npi",
)  # fmt: skip
_CANARIES = frozenset({CANARY})
PROVIDERS = FOLDER / "providers.csv"
"""Read with a configuration that says what providers return."""


def _toml(folder: Path) -> list[bytes]:
    return [joined({"file.toml": path.read_bytes()}) for path in sorted(folder.glob("*.toml"))]


def _keys_of(content: bytes) -> str:
    with suppress(ValueError, RecursionError):
        return _keys(tomllib.loads(content.decode()))
    return ""


def _keys(node: object) -> str:
    """All keys of a TOML document: they are named where they are wrong."""
    if isinstance(node, dict):
        return " ".join(f"{key} {_keys(value)}" for key, value in node.items())
    return " ".join(map(_keys, node)) if isinstance(node, list) else ""


def _holds_or_is_refused(read: Callable[[Path], None], content: bytes, path: Path) -> None:
    """See that a file is taken, or refused without a word of its values."""
    path.write_bytes(content)
    try:
        read(path)
    except ConfigurationError as problem:
        refused = problem
    else:
        return
    assert refused.where
    if CANARY not in _keys_of(content):
        silent_about(_CANARIES, refused, refused.__cause__)


def _check_exchange(parts: Mapping[str, bytes], folder: Path) -> None:
    shutil.copy(PROVIDERS, folder)
    _holds_or_is_refused(lambda path: read_config(path) and None, parts.get("exchange.toml", b""), folder / "e.toml")


def _check_tables(parts: Mapping[str, bytes], folder: Path) -> None:
    def roster(path: Path) -> None:
        for day in (date.min, date(2026, 11, 3), date.max):
            as_of = read_roster(path).as_of(day)
            assert len(as_of.table()) == len(as_of.by_npi())

    def networks(path: Path) -> None:
        assert not read_networks(path, own_plan="SHP").duplicated(["plan", "npi", "county"]).any()

    for name, read in (("providers.csv", roster), ("networks.csv", networks)):
        if name in parts:
            _holds_or_is_refused(read, parts[name], folder / name)


def _check_layout(parts: Mapping[str, bytes], folder: Path) -> None:
    def read(path: Path) -> None:
        layout = load_layout(path)
        load_layout.cache_clear()
        sent = folder / "sent"
        headings = [(column.headings or (column.name,))[0] for column in layout.columns]
        sent.write_text("\n".join(layout.delimiters[0].join(row) for row in (headings, ["1"] * len(headings))), "utf-8")
        with suppress(FileFault):
            examine(read_tabular(sent, layout, name="sent"))

    _holds_or_is_refused(read, parts.get("file.toml", b""), folder / "layout.toml")


def _check_outbound(parts: Mapping[str, bytes], folder: Path) -> None:
    def read(path: Path) -> None:
        layout = load_outbound_layout(path)
        load_outbound_layout.cache_clear()
        assert layout.provider_and_night(layout.named(OCCASION)) == (OCCASION.npi, f"{OCCASION.business_date:%Y%m%d}")
        own = [row | {"ssn": CANARY} for row in outbound_rows()]
        assert CANARY.encode() not in render_table(own, layout, OCCASION)

    _holds_or_is_refused(read, parts.get("file.toml", b""), folder / "outbound.toml")


def _check_profile(parts: Mapping[str, bytes], folder: Path) -> None:
    def read(path: Path) -> None:
        profile = load_profile(path)
        load_profile.cache_clear()
        sent = folder / "sent"
        sent.write_bytes(an_834(ONE, TWO))
        for few in (0, 12):
            assert sum(len(chunk.members) for chunk in read_834(sent, profile, few=few)) == 2

    _holds_or_is_refused(read, parts.get("file.toml", b""), folder / "profile.toml")


_TEMPLATE = (
    re.sub(
        rb"(?m)^# ?(?=\[|\w+ = )", b"", Path(cli.__file__).with_name("templates").joinpath("exchange.toml").read_bytes()
    )
    .replace(b"slot = 1, ", b"")
    .replace(b'"layouts/mini_mif.toml"', b'"mini_mif"')
)
"""With every key that the template only mentions."""
_EXCHANGE = (FOLDER / "exchange.toml").read_bytes()
_EXCHANGE_SEEDS = [
    joined({"exchange.toml": content})
    for content in (_TEMPLATE, _EXCHANGE, _EXCHANGE.replace(b'"Sample Health Plan"', b'"%s"' % CANARY.encode()))
]
_TABLE_SEEDS = [joined({name: (FOLDER / name).read_bytes()}) for name in ("providers.csv", "networks.csv")]

EXCHANGE = Target("configuration", _check_exchange, Mutator(b"\n", _TOML, _EXCHANGE_SEEDS))
TABLES = Target("tables", _check_tables, Mutator(b"\n", _CSV, _TABLE_SEEDS))
_EXTENDING = b"""extends = "rtf_tabs"
delimiters = ["|"]

[columns.phone]
headings = ["Tel", "Member Phone Number"]
max_length = 80

[columns.provider_type.synonyms]
"Clinic" = "CLINICAL"
"""

LAYOUTS = Target(
    "layouts", _check_layout, Mutator(b"\n", _TOML, [*_toml(SHELF.folder), joined({"file.toml": _EXTENDING})])
)
OUTBOUND = Target("outbound", _check_outbound, Mutator(b"\n", _TOML, _toml(OUTBOUND_SHELF.folder)))
PROFILES = Target("profiles", _check_profile, Mutator(b"\n", _TOML, _toml(PROFILE_FOLDER)))
