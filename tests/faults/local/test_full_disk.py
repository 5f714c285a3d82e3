"""The disk is full: the night stops with a sentence, and once there is room it ends as it should have ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from sample_data import canaries
from schemas.problems import ExitCode
from tests.faults.attempts import Attempt
from tests.faults.local.small_disk import small_disk
from tests.faults.tally import Row
from tests.faults.undisturbed import Undisturbed, leftovers, told

KB, MB = 1 << 10, 1 << 20


def assert_told_in_a_sentence(attempt: Attempt, night: Undisturbed) -> None:
    """No defect, no traceback, nobody's data."""
    said = attempt.out + attempt.err
    assert "Traceback" not in said
    assert "X01" not in said, said
    assert [value for value in canaries(night.plan.exchange) if value in said] == []


@pytest.mark.parametrize(
    ("folder", "room", "kind"),
    [
        pytest.param(".", 0, "store", marks=pytest.mark.deep),
        pytest.param(".", 300 * KB, "store", marks=pytest.mark.deep),
        (".", 2 * MB, "store"),
        (".", 6 * MB, "readers' copy"),
        pytest.param("outbox", 0, "outbox", marks=pytest.mark.deep),
        ("outbox", 16 * KB, "outbox"),
        ("work_lists", 0, "work lists"),
        ("audit", 0, "audit log"),
    ],
)
def test_a_full_disk_stops_the_night_with_a_sentence(
    undisturbed: Undisturbed, folder: str, room: int, kind: str, survived: Callable[..., None]
) -> None:
    undisturbed.set_back()
    with small_disk(undisturbed.plan.config.home / folder, room) as make_room:
        stopped = undisturbed.attempt()
        assert_told_in_a_sentence(stopped, undisturbed)
        assert stopped.code == ExitCode.INPUT_OUTPUT
        undisturbed.assert_nothing_is_cut()
        make_room()
        assert undisturbed.attempt().code in (0, 1)
        undisturbed.assert_same()
        found = told(undisturbed.plan.found())
    survived(f"disk full under the {kind}", expected=undisturbed.told(), found=found)


def test_a_full_landing_folder_leaves_files_at_their_senders_for_the_next_run(
    undisturbed: Undisturbed, survived: Callable[..., None]
) -> None:
    undisturbed.set_back()
    with small_disk(undisturbed.plan.config.home / "landing", 0) as make_room:
        without = undisturbed.attempt()
        assert_told_in_a_sentence(without, undisturbed)
        assert without.code == ExitCode.PROBLEMS_FOUND
        assert "a file was left" in without.err
        make_room()
        assert undisturbed.attempt().code in (0, 1)
        assert leftovers(undisturbed.plan) == []
        found = told(undisturbed.plan.found())
    survived("disk full under the landing folder", expected=rows(undisturbed.told()), found=rows(found))


def rows(everything: Iterable[Row]) -> list[Row]:
    """Leave the rows of deltas: a file that came with the second run is told of in a delta of its own."""
    return [(recipient, row) for recipient, row in everything if isinstance(row, tuple) and isinstance(row[1], str)]
