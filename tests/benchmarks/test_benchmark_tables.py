"""From runs to tables: what is scaled, compared and left out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.contenders import Contender
from benchmarks.environments import PROJECT
from benchmarks.figures import Figures
from benchmarks.measure import Job, take_turns
from benchmarks.plan import given, sizes
from benchmarks.processes import FailedError, Run, run

SLOW = Contender("slow", "a verdict", (), at_most=101)
PLAIN = Contender("plain", "columns", ())
OURS = Contender("ours", "tables", ())
MISSING = Contender("missing", "nothing yet", ())


def figures(members: int, start_up: float, *seconds: float) -> Figures:
    return Figures(members, tuple(Run(s, s, 50.0, {}) for s in seconds), (Run(start_up, start_up, 20.0, {}),))


MEASURED = {
    SLOW: figures(101, 0.5, 1.5, 2.0),
    PLAIN: figures(1001, 0.1, 4.1),
    OURS: figures(1001, 0.6, 1.8, 1.6, 2.6),
}


def test_a_small_file_is_scaled_by_what_each_further_member_takes() -> None:
    assert MEASURED[SLOW].time.of(1001) == pytest.approx(0.5 + 1000 * 0.01)


def test_the_best_run_counts_and_the_others_are_told() -> None:
    ours = MEASURED[OURS]
    assert (ours.time.best, ours.median, ours.slowest) == (1.6, 1.8, 2.6)


def test_programs_are_shown_at_the_same_number_of_members() -> None:
    lines = report.times(MEASURED, (OURS, SLOW, MISSING), 1001).splitlines()
    assert lines[2] == "| ours | tables | 1.60 | 1.80 | 2.60 | 1.60 | 0.60 | 1,000 | 50.0 |"
    assert lines[3] == (
        "| slow (101 members, scaled) | a verdict | 10.5 | 12.2 | 14.0 | 10.5 | 0.50 | 10,000 | 50.0 + |"
    )
    assert lines[4].startswith("| missing | nothing yet | absent |")


def test_programs_are_compared_as_wholes_by_member_and_by_processor_time() -> None:
    lines = report.ratios(MEASURED, (OURS, SLOW, MISSING), (SLOW, PLAIN), 1001).splitlines()
    assert lines[2:] == [
        "| ours | 6.56 | 10.0 | 6.56 | 2.56 | 4.00 | 2.56 |",
        "| slow | 1.00 | 1.00 | 1.00 | 0.39 | 0.40 | 0.39 |",
    ]


def test_every_line_of_every_table_has_as_many_cells() -> None:
    night = {"members": 7, "seconds": {"load_enrollment": 2.0, "match": 1.0}}
    tables = (
        report.times(MEASURED, (OURS, MISSING), 1001),
        report.ratios(MEASURED, (OURS, MISSING), (SLOW, PLAIN), 1001),
        report.stages(MEASURED, ((OURS, None), (PLAIN, OURS), (MISSING, OURS))),
        report.growth({1001: MEASURED, 101: {SLOW: MEASURED[SLOW]}}, {1001: 2.0, 101: 0.2}, (OURS, SLOW)),
        report.nights([{"full": night, "daily": night}]),
    )
    for table in tables:
        assert len({line.count(" |") for line in table.splitlines()}) == 1, table


def test_a_stage_is_charged_with_what_it_adds() -> None:
    assert "| ours | tables | slow | 1.60 | 0.10 | 1.60 | 0.10 | 99.9 | 50.0 |" in report.stages(
        MEASURED, ((OURS, SLOW),)
    )


def test_each_station_of_a_night_is_told_at_its_best() -> None:
    slow, fast = ({"members": 7, "seconds": {"match": seconds}} for seconds in (3.0, 2.0))
    assert "| match | 2.00 | 2.00 | 100% |" in report.nights(
        [{"full": slow, "daily": fast}, {"full": fast, "daily": slow}]
    )


def test_only_slow_programs_are_given_less_and_only_if_not_everything_is_asked_for() -> None:
    assert [given(SLOW, 1001, whole=whole) for whole in (False, True)] == [101, 1001]
    assert given(OURS, 1001, whole=False) == 1001
    assert sizes(20_000, whole=False) == [1_000, 10_000, 20_000]


def printing(text: str) -> Contender:
    return Contender("printer", "", ("-c", f"print('{text}')"), (), PROJECT)


def test_a_program_that_did_not_read_every_member_stops_the_measurement(tmp_path: Path) -> None:
    job = Job(printing('{"members": 4}'), 5)
    with pytest.raises(FailedError, match="did not read all of 5 members"):
        take_turns([job], 1, lambda _: tmp_path, lambda _: None)


def test_what_is_absent_takes_no_further_turn(tmp_path: Path) -> None:
    told: list[str] = []
    there, absent = Job(printing('{"members": 5}'), 5), Job(printing('{"absent": "not built"}'), 5)
    runs = take_turns([there, absent], 2, lambda _: tmp_path, told.append)
    assert {job: len(taken) for job, taken in runs.items()} == {there: 2}
    assert len(told) == 3


def test_a_failing_program_is_told_with_its_last_words() -> None:
    with pytest.raises(FailedError, match="ended with 3: so it is"):
        run([sys.executable, "-c", "import sys; print('so it is', file=sys.stderr); sys.exit(3)"])


def test_whoever_measures_stays_small_so_that_the_memory_told_is_the_programs_own() -> None:
    measurer = """
import json, sys
from benchmarks import __main__
from benchmarks.processes import run
peaks = [run([sys.executable, "-c", f"x = b'x' * {size}; print('{{}}')"]).peak_mb for size in (1, 60_000_000)]
print(json.dumps({"peaks": peaks, "libraries": [name for name in ("numpy", "pandas") if name in sys.modules]}))
"""
    answer = run([sys.executable, "-c", measurer]).answer
    assert answer["libraries"] == []
    assert 40 < answer["peaks"][1] - answer["peaks"][0] < 70
