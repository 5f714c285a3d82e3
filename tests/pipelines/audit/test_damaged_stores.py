"""A store that went back is refused before anything is read from it; one that was only killed goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.warehouse import open_warehouse
from pipelines.warehouse.audit import note
from schemas.problems import ExchangeError, ExitCode


def refusal(home: Any) -> ExchangeError:
    with pytest.raises(ExchangeError) as refused, open_warehouse(home.path):
        pass
    assert refused.value.exit_code == ExitCode.INPUT_OUTPUT
    assert "restore" in refused.value.remedy
    return refused.value


def test_a_killed_process_has_lost_nothing(home: Any) -> None:
    home.decide_and_die("four", "five")
    assert home.decided() == ["one", "two", "three", "four", "five"]
    assert len(home.told()) == 5


@pytest.mark.parametrize("left", [0, 1, 0.5, 0.9])
def test_a_write_ahead_log_that_was_cut_is_not_taken_for_whole(home: Any, left: float) -> None:
    home.decide_and_die("four", "five")
    size = home.wal.stat().st_size
    with home.wal.open("r+b") as file:
        file.truncate(int(left * size) if left < 1 else 1)
    assert refusal(home).code in ("D12", "D07")


def test_a_write_ahead_log_that_was_deleted_is_not_taken_for_whole(home: Any) -> None:
    home.decide_and_die("four", "five")
    home.wal.unlink()
    assert refusal(home).code == "D12"


def test_an_older_copy_put_back_by_hand_is_refused_even_if_nothing_was_decided_since(home: Any, tmp_path: Path) -> None:
    copy = shutil.copy(home.store, tmp_path / "copy")
    home.decide()
    shutil.copy(copy, home.store)
    assert refusal(home).code == "D12"


def test_a_store_that_was_deleted_is_not_made_anew(home: Any) -> None:
    home.store.unlink()
    assert refusal(home).code == "D11"
    assert not home.store.exists()
    home.mark.unlink()
    assert refusal(home).code == "D11", "the audit log still says that there was one"


@pytest.mark.parametrize("left", [0, 100, 5000, 0.5, 0.99])
def test_a_store_whose_file_was_cut_is_refused(home: Any, left: float) -> None:
    with home.store.open("r+b") as file:
        file.truncate(int(left * home.store.stat().st_size) if left < 1 else int(left))
    assert refusal(home).code in ("D01", "D07", "D12")


def test_a_store_with_a_page_of_zeros_is_refused(home: Any) -> None:
    block = 4096
    with home.store.open("r+b") as file:
        file.seek(3 * block)
        file.write(bytes(home.store.stat().st_size - 3 * block))
    assert refusal(home).code in ("D01", "D07")


def test_a_store_without_its_mark_is_refused(home: Any) -> None:
    home.mark.unlink()
    assert refusal(home).code == "D13"


@pytest.mark.parametrize("content", ["", "{}", "[]", "nonsense", '{"store": "x", "check": "y"}'])
def test_a_damaged_mark_is_refused(home: Any, content: str) -> None:
    home.mark.write_text(content)
    assert refusal(home).code == "D14"


def test_a_mark_whose_figures_were_changed_is_damaged(home: Any) -> None:
    home.mark.write_text(home.mark.read_text().replace('"entries": 3', '"entries": 2'))
    assert refusal(home).code == "D14"


def test_another_store_s_mark_is_refused(home: Any, in_a_new_home: Callable[[], Any]) -> None:
    other = in_a_new_home()
    other.decide("one", "two", "three")
    shutil.copy(other.mark, home.mark)
    assert refusal(home).code == "D15"


def test_a_log_that_was_cut_or_taken_away_is_refused(home: Any) -> None:
    lines = home.told()
    home.log.write_text("\n".join(lines[:2]) + "\n")
    assert refusal(home).code == "D16"
    home.log.unlink()
    assert refusal(home).code == "D16"


def test_half_a_line_that_a_killed_process_left_is_written_whole(home: Any) -> None:
    before = home.log.read_bytes()
    home.decide_and_die("four")
    whole = home.log.read_bytes()
    home.log.write_bytes(whole[: len(before) + 40])
    assert home.decided() == ["one", "two", "three", "four"]
    assert home.log.read_bytes() == whole


def test_a_refusal_changes_neither_mark_nor_log(home: Any) -> None:
    home.decide_and_die("four", "five")
    home.wal.unlink()
    before = home.mark.read_bytes(), home.log.read_bytes()
    assert [refusal(home).code, refusal(home).code] == ["D12", "D12"]
    assert (home.mark.read_bytes(), home.log.read_bytes()) == before


def test_what_cannot_be_recorded_stops_the_night_and_is_recorded_at_the_next_opening(home: Any) -> None:
    log = home.log

    def decide_in_vain() -> None:
        with open_warehouse(home.path) as warehouse:
            log.rename(home.path / "log")
            log.mkdir()
            note(warehouse, warehouse.value("SELECT DATE '2026-11-03'"), "READ_ANEW", "four")

    with pytest.raises(ExchangeError, match="D18"):
        decide_in_vain()
    log.rmdir()
    (home.path / "log").rename(log)
    assert home.decided() == ["one", "two", "three", "four"]
    assert len(home.told()) == 4
