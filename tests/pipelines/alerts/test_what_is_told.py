"""What a night tells whom: in counts and codes, once, again where it changes or stays, and when it is over."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pysequoia import Tsk

from pipelines.alerts.words import broken
from pipelines.backup.manifest import Manifest, write_manifest
from pipelines.config import Roster
from pipelines.pgp import read_public_key
from tests.pipelines.alerts.conftest import OnCall
from tests.pipelines.conftest import provider

VALLEY, OAK = "1234567893", "1245319599"
NAMES = ("Valley Clinic", "Oak Health", VALLEY, OAK, "sheriff")
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (f"2026-11-{day:02d}" for day in range(3, 8))


@pytest.fixture(autouse=True)
def _partners(nights: Any) -> None:
    nights.provider(VALLEY, "Valley Clinic")
    nights.provider(OAK, "Oak Health")


def titles(letters: list[Any]) -> list[str]:
    return [each.title for each in letters]


def owes(nights: Any, on: str, npi: str, code: str = "T03") -> None:
    nights.went(on, npi, "ADD", status="FAILED", reason=code)


def test_a_night_that_is_right_tells_nobody(nights: Any, on_call: OnCall) -> None:
    nights.ran(TUESDAY)
    nights.went(TUESDAY, VALLEY, "ADD")
    assert on_call.after(TUESDAY) == []


def test_files_that_did_not_arrive_are_told_in_counts_and_codes_with_what_to_do(nights: Any, on_call: OnCall) -> None:
    nights.ran(TUESDAY, "1234567893: 1 files not delivered (T03)", "files have not arrived (2): See.")
    owes(nights, TUESDAY, VALLEY)
    owes(nights, TUESDAY, OAK)
    (told,) = on_call.after(TUESDAY)
    assert (told.title, told.severity) == ("SHP: files for 2 partners have not arrived", "failure")
    assert "1. 2 partners: 2 files not delivered; the server refuses the account (T03).\n" in told.text
    assert "   Check username and key; have the partner install the public key." in told.text
    assert f"   $ ecm-exchange run --date {TUESDAY}\n" in told.text
    assert f"Page: {nights.config.home}/reports/nightly/{TUESDAY}.html\n" in told.text


def test_nobody_is_named_whatever_a_night_found(nights: Any, on_call: OnCall) -> None:
    nights.ran(
        TUESDAY, f"provider {VALLEY}: no longer in the roster", "source sheriff: an accepted file was not moved (T11)"
    )
    nights.came(TUESDAY, "sheriff", "release_notice", reason="F03", file_id="ffffffffffff0000")
    nights.unread(TUESDAY, "sheriff", "T02", left="T17")
    nights.held(TUESDAY, VALLEY, "G02", rows=12)
    owes(nights, TUESDAY, OAK)
    told = on_call.after(TUESDAY)
    texts = "\n".join(each.title + "\n" + each.text for each in told)
    assert [name for name in NAMES if name in texts] == []
    for code in ("F03", "T02", "T17", "G02", "T03"):
        assert f"({code}" in texts
    assert "The run has 2 more lines for a person." in texts
    assert "$ ecm-exchange quarantine show ffffffffffff\n" in texts


def test_what_stands_unchanged_is_told_once_and_again_after_three_nights(nights: Any, on_call: OnCall) -> None:
    told = []
    for place in range(7):
        on = str(date(2026, 11, 3) + timedelta(days=place))
        nights.ran(on)
        owes(nights, on, VALLEY)
        told.append(titles(on_call.after(on)))
    assert [bool(each) for each in told] == [True, False, False, True, False, False, True]
    assert told[3] == [f"SHP: files for 1 partner have not arrived (since {TUESDAY})"]


def test_one_more_who_waits_is_told_at_once_with_those_that_stand_longer(nights: Any, on_call: OnCall) -> None:
    nights.ran(TUESDAY)
    owes(nights, TUESDAY, VALLEY)
    on_call.after(TUESDAY)
    nights.ran(WEDNESDAY)
    owes(nights, WEDNESDAY, OAK, code="T20")
    (told,) = on_call.after(WEDNESDAY)
    assert told.title == "SHP: files for 2 partners have not arrived"
    new, old = told.text.index("1 file not delivered; "), told.text.index(f"Since the night of {TUESDAY}.")
    assert new < old


def test_an_all_clear_is_given_when_it_is_over_and_what_comes_back_is_news(nights: Any, on_call: OnCall) -> None:
    nights.ran(TUESDAY)
    owes(nights, TUESDAY, VALLEY)
    (told,) = on_call.after(TUESDAY)
    nights.warehouse.run("UPDATE delivery.outbox SET status = 'DELIVERED'")
    nights.ran(WEDNESDAY)
    (over,) = on_call.after(WEDNESDAY)
    assert (over.title, over.severity) == ("SHP: all clear, everything has arrived", "success")
    assert over.key == told.key, "so that an incident is closed by it"
    assert on_call.after(WEDNESDAY) == []
    nights.ran(THURSDAY)
    owes(nights, THURSDAY, VALLEY)
    assert titles(on_call.after(THURSDAY)) == ["SHP: files for 1 partner have not arrived"]


def test_one_of_two_that_ends_is_no_message_and_is_news_when_it_comes_back(nights: Any, on_call: OnCall) -> None:
    nights.ran(TUESDAY)
    owes(nights, TUESDAY, VALLEY)
    owes(nights, TUESDAY, OAK)
    on_call.after(TUESDAY)
    nights.warehouse.run("UPDATE delivery.outbox SET status = 'DELIVERED' WHERE recipient = $npi", {"npi": OAK})
    nights.ran(WEDNESDAY)
    assert on_call.after(WEDNESDAY) == []
    nights.ran(THURSDAY)
    owes(nights, THURSDAY, OAK)
    assert titles(on_call.after(THURSDAY)) == ["SHP: files for 2 partners have not arrived"]


def test_a_held_file_is_one_matter_until_it_comes_again(nights: Any, on_call: OnCall) -> None:
    nights.ran(TUESDAY)
    nights.came(TUESDAY, "sheriff", "release_notice", reason="F03")
    assert titles(on_call.after(TUESDAY)) == ["SHP: 1 matter needs a person"]
    nights.ran(WEDNESDAY)
    assert on_call.after(WEDNESDAY) == []
    nights.ran(THURSDAY)
    nights.came(THURSDAY, "sheriff", "release_notice", file_date=date(2026, 11, 3))
    assert titles(on_call.after(THURSDAY)) == ["SHP: all clear, nothing needs a person any more"]


def test_a_check_that_finds_more_is_told_again_and_one_that_finds_less_is_not(nights: Any, on_call: OnCall) -> None:
    line = "clocks are due in a year without holidays in the plan's table ({}): Add that year's holidays to [plan]."
    told = []
    for on, number in ((TUESDAY, 5), (WEDNESDAY, 3), (THURSDAY, 5), (FRIDAY, 6)):
        nights.ran(on, line.format(number))
        told.append(len(on_call.after(on, again_after_days=31)))
    assert told == [1, 0, 0, 1]


def test_each_night_that_stops_is_told_and_each_cause_once(on_call: OnCall) -> None:
    (told,) = on_call.at_stop(TUESDAY)
    assert (told.title, told.severity) == (f"SHP: the night of {TUESDAY} stopped (K01)", "failure")
    assert told.text.startswith('It stopped at "assign". What was done before it is kept.')
    assert on_call.at_stop(TUESDAY) == []
    assert titles(on_call.at_stop(TUESDAY, "deliver", "O01")) == [f"SHP: the night of {TUESDAY} stopped (O01)"]
    assert titles(on_call.at_stop(WEDNESDAY)) == [f"SHP: the night of {WEDNESDAY} stopped (K01)"]


def test_a_stop_says_nothing_of_deliveries_and_the_end_of_a_night_clears_it(nights: Any, on_call: OnCall) -> None:
    nights.ran(TUESDAY)
    owes(nights, TUESDAY, VALLEY)
    on_call.after(TUESDAY)
    assert len(on_call.at_stop(WEDNESDAY)) == 1
    nights.ran(WEDNESDAY)
    assert titles(on_call.after(WEDNESDAY)) == ["SHP: all clear, the night has come to its end"]


def test_a_delivery_after_a_night_that_was_broken_off_clears_what_arrived_and_no_more(
    nights: Any, on_call: OnCall
) -> None:
    nights.ran(TUESDAY)
    owes(nights, TUESDAY, VALLEY)
    nights.held(TUESDAY, OAK, "G02", rows=3)
    on_call.after(TUESDAY)
    on_call.at_stop(WEDNESDAY)
    nights.ran(WEDNESDAY, status="STARTED")
    nights.warehouse.run("UPDATE delivery.outbox SET status = 'DELIVERED' WHERE status = 'FAILED'")
    assert titles(on_call.after(WEDNESDAY)) == ["SHP: all clear, everything has arrived"]


def test_who_asks_for_a_sign_of_life_has_one_line_a_night_right_or_not(nights: Any, on_call: OnCall) -> None:
    nights.ran(TUESDAY)
    (told,) = on_call.after(TUESDAY, on=["finished"])
    assert (told.title, told.severity) == (f"SHP: the night of {TUESDAY} is finished and right", "info")
    assert on_call.after(TUESDAY, on=["finished"]) == []
    nights.ran(WEDNESDAY)
    owes(nights, WEDNESDAY, VALLEY)
    (told,) = on_call.after(WEDNESDAY, on=["finished"])
    assert (told.title, told.severity) == (f"SHP: the night of {WEDNESDAY} is finished and not right", "warning")
    assert "1 matter needs a person." in told.text
    nights.warehouse.run("UPDATE delivery.outbox SET status = 'DELIVERED'")
    assert titles(on_call.after(WEDNESDAY, on=["finished"])) == [f"SHP: the night of {WEDNESDAY} is finished and right"]


def test_an_address_hears_of_what_it_asked_for_alone(nights: Any, on_call: OnCall) -> None:
    nights.ran(TUESDAY)
    owes(nights, TUESDAY, VALLEY)
    nights.held(TUESDAY, OAK, "G02", rows=3)
    assert titles(on_call.after(TUESDAY, on=["needs_person"])) == ["SHP: 1 matter needs a person"]
    assert on_call.at_stop(WEDNESDAY, on=["needs_person"]) == []


def test_a_source_that_is_silent_for_longer_than_ever_is_told_and_a_weekend_is_no_silence(
    nights: Any, on_call: OnCall
) -> None:
    told = {}
    for place in range(25):
        day = date(2026, 11, 2) + timedelta(days=place)
        nights.ran(day)
        if day.weekday() < 5 and day < date(2026, 11, 23):
            nights.came(day, "dhcs", "834")
        if day.weekday() == 0:
            nights.came(day, "weekly")
        if day >= date(2026, 11, 20):
            told[day] = on_call.after(str(day), again_after_days=31)
    (silent,) = {day for day, letters in told.items() if letters}
    assert silent == date(2026, 11, 25), "on Friday it sent something, over the longest weekend it may be silent"
    assert "1. 1 source sent nothing for longer than at any time in the last 30 nights." in told[silent][0].text


def test_a_source_that_cannot_be_read_is_told_as_that_and_not_as_silent(nights: Any, on_call: OnCall) -> None:
    for place in range(12):
        day = date(2026, 11, 2) + timedelta(days=place)
        nights.ran(day)
        if place < 5:
            nights.came(day, "dhcs", "834")
        else:
            nights.unread(day, "dhcs", "T01")
    (told,) = on_call.after(str(day))
    assert "cannot be reached" in told.text
    assert "sent nothing" not in told.text


def test_backups_that_stay_behind_are_told_where_there_were_any(nights: Any, on_call: OnCall) -> None:
    nights.ran(TUESDAY)
    assert on_call.after(TUESDAY) == []
    folder = nights.config.backups / "BACKUP_20261102_000001"
    folder.mkdir(parents=True)
    write_manifest(folder, Manifest("warehouse.duckdb", 1, 1, "", date(2026, 11, 2), {}, ()))
    for on, matters in ((WEDNESDAY, 0), (THURSDAY, 1)):
        nights.ran(on)
        told = on_call.after(on)
        assert len(told) == matters
    assert "1. The last backup is of the night of 2026-11-02." in told[0].text
    assert "$ ecm-exchange backup\n" in told[0].text


def test_a_key_that_runs_out_soon_is_told(nights: Any, on_call: OnCall, tmp_path: Path) -> None:
    key = tmp_path / "clinic.asc"
    made = Tsk.generate("Clinic <clinic@example.org>", validity_seconds=86_400 * 365)
    key.write_text(str(made.extract_certificate()), encoding="ascii")
    on_call.roster = Roster((provider(1, pgp_key_file=key), provider(2)))
    last = read_public_key(key).until
    told = []
    for days in (40, 20):
        nights.ran(last - timedelta(days=days))
        told.append(on_call.after(str(last - timedelta(days=days))))
    assert [len(each) for each in told] == [0, 1]
    assert "1. The key of 1 provider runs out within 30 days." in told[1][0].text


def test_a_mail_reads_at_eighty_columns_and_breaks_nothing_that_is_to_be_typed(nights: Any, on_call: OnCall) -> None:
    nights.ran(TUESDAY)
    nights.held(TUESDAY, OAK, "G05", rows=3, hold_id="eeeeeeeeeeee0000")
    nights.came(TUESDAY, "sheriff", "release_notice", reason="F13")
    owes(nights, TUESDAY, VALLEY)
    for told in on_call.after(TUESDAY):
        lines = broken(told.text).splitlines()
        assert max(len(line) for line in lines if not line.startswith(("   $ ", "Page: "))) <= 76
        assert " ".join(broken(told.text).split()) == " ".join(told.text.split())
    assert "   $ ecm-exchange quarantine show eeeeeeeeeeee" in lines
