from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.intake.sightings import Sightings, keep_sightings, read_sightings
from pipelines.transfer.pull import RemoteFile

GROWING, GROWN = RemoteFile("ROSTER.csv", 10, 100), RemoteFile("ROSTER.csv", 20, 160)
NOTHING = Sightings({})


def test_a_file_rests_from_the_first_look_that_found_it_as_it_is() -> None:
    seen = NOTHING.after("county", [GROWING], now=1000).after("county", [GROWING], now=1005)
    assert seen.rested("county", GROWING, now=1008) == 8
    assert seen.rested("county", GROWN, now=1008) == 0
    assert seen.rested("prison", GROWING, now=1008) == 0


def test_a_file_that_changed_or_was_gone_for_a_look_begins_to_rest_anew() -> None:
    seen = NOTHING.after("county", [GROWING], now=1000).after("county", [GROWN], now=1005)
    assert seen.after("county", [GROWING], now=1010).rested("county", GROWING, now=1010) == 0
    assert seen.after("county", [], now=1010).after("county", [GROWN], now=1015).rested("county", GROWN, now=1015) == 0


def test_a_clock_that_was_set_back_makes_a_file_rest_anew() -> None:
    seen = NOTHING.after("county", [GROWING], now=5000)
    assert seen.rested("county", GROWING, now=1400) == 0
    later = seen.after("county", [GROWING], now=1400)
    assert later.rested("county", GROWING, now=1410) == 10


def test_what_was_seen_is_kept_for_the_owner_alone_from_one_run_to_the_next(tmp_path: Path) -> None:
    seen = NOTHING.after("county", [GROWING], now=1000.5).after("prison", [RemoteFile("Peña.csv", 1, 2)], now=7)
    home = tmp_path / "home"
    keep_sightings(home, seen)
    assert not home.exists()
    home.mkdir()
    keep_sightings(home, seen)
    assert read_sightings(home) == seen
    assert [path.name for path in home.iterdir()] == ["sightings.json"]
    assert (home / "sightings.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"county": [[1, 2]]}', b'{"county": 3}', b"\xff"])
def test_what_cannot_be_understood_costs_a_wait_and_no_more(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "sightings.json").write_bytes(content)
    assert read_sightings(tmp_path) == NOTHING
