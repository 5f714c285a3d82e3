"""The guard over all tests finds what it looks for, and tells where without repeating it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sample_data import generate
from sample_data.identifiers import cin
from tests.security.canaries import leaks_below, people_in

pytest_plugins = ["pytester"]

LEAKING = """
import logging, sys
import pytest
def test_prints(): print("member 9000{}0001B is new")
def test_complains(): sys.stderr.write("no such person: QUILLWORT")
def test_logs(): logging.getLogger("library.deep").debug("row of %s", "Blathervane")
@pytest.fixture
def set_up(): print("97{}654321I")
def test_whose_fixture_prints(set_up): pass
@pytest.mark.shows_people
def test_may(): print("9000{}0001B")
def test_harmless(): print("member 90000001C of 190000001B0, 2901373516"); logging.getLogger("x").debug("nobody")
""".replace("{}", '" + "')  # taken apart, so that the source that a failure shows is no find


@pytest.mark.shows_people
def test_a_planted_leak_fails_its_test_wherever_it_shows(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    pytester.makeconftest('pytest_plugins = ["tests.security.guard"]')
    pytester.makepyfile(LEAKING)
    ran = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    ran.assert_outcomes(passed=2, failed=3, errors=1)
    for place in ("Captured stdout call", "Captured stderr call", "the log of library.deep", "Captured stdout setup"):
        ran.stdout.fnmatch_lines([f"*an invented person shows in {place}"])


def test_every_invented_cin_is_a_canary() -> None:
    assert all(people_in(f"member {cin(number)}") == 1 for number in range(1, 500))
    assert people_in("90000001C 190000001B 90000001B1 9000001B") == 0


def test_a_person_in_a_file_or_its_name_is_found(tmp_path: Path) -> None:
    exchange = generate(tmp_path / "plan", members=1, days=1)
    found = {path.name for path in leaks_below(exchange.out)}
    assert "story.json" in found
    assert any(name.startswith("DHCS834-") for name in found)
    (tmp_path / "quiet").mkdir()
    (tmp_path / "quiet" / f"{cin(7)}.txt").touch()
    assert [path.name for path in leaks_below(tmp_path / "quiet")] == [f"{cin(7)}.txt"]
