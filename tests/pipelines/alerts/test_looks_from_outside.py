"""What a night cannot tell itself: that it was refused, that it did not begin, hangs or was broken off; and when."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.alerts import check, tell_of_lost_run, tell_of_stop
from pipelines.config import Addressees, Alert, read_addressees
from pipelines.reporting.page import Stop
from pipelines.runs import begin, finish, make_ready, unmark
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.door import publish
from tests.pipelines.alerts.receivers import Mailbox

TUESDAY, WEDNESDAY = date(2026, 11, 3), date(2026, 11, 4)
FIVE, SEVEN = datetime(2026, 11, 3, 13, tzinfo=UTC), datetime(2026, 11, 3, 15, tzinfo=UTC)
"""Where the plan is; clocks have gone back to winter time two days before."""

NOT_THERE = "SHP: the night of 2026-11-03 is not there"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def addressees(home: Path) -> Addressees:
    return Addressees("SHP", "America/Los_Angeles", home, (Alert(to="ON_CALL"),))


@pytest.fixture
def environment(mailbox: Mailbox) -> Iterator[dict[str, str]]:
    return {"PATH": os.environ["PATH"], "ON_CALL": mailbox.address}


def night(home: Path, on: date, *, to_its_end: bool = True, owing: str = "") -> None:
    with open_warehouse(home) as warehouse:
        begin(warehouse, on)
        if owing:
            warehouse.run(
                """INSERT INTO delivery.outbox BY NAME
                   SELECT $npi AS outbox_id, 'PROVIDER' AS recipient_kind, $npi AS recipient, $on AS business_date,
                          1 AS sequence, 'DELTA' AS scope, 1 AS part, '' AS name, '' AS folder, '' AS path,
                          '' AS sha256, 1 AS size, 3 AS rows, 'FAILED' AS status, 'T01' AS reason""",
                {"npi": owing, "on": on},
            )
        if to_its_end:
            make_ready(warehouse, on)
            finish(warehouse, on, ())
            publish(warehouse)
            unmark(home)


def test_a_night_that_did_not_begin_is_told_at_its_hour_and_once(
    addressees: Addressees, environment: dict[str, str], mailbox: Mailbox
) -> None:
    early = check(addressees, FIVE, environment)
    assert (early.on, early.code, early.is_due, mailbox.raw) == (TUESDAY, "Y11", False, [])
    for _ in range(2):
        assert check(addressees, SEVEN, environment).sentence() == "2026-11-03: the night has not begun (Y11)"
    (mail,) = mailbox.mails
    assert mail["subject"] == f"{NOT_THERE} (Y11)"
    assert "Providers may begin the day without knowing who is new for them." in mail.get_content()
    assert "   $ ecm-exchange run --date 2026-11-03" in mail.get_content().splitlines()


def test_a_night_that_hangs_or_was_broken_off_is_told_apart(
    addressees: Addressees, environment: dict[str, str], mailbox: Mailbox
) -> None:
    night(addressees.home, TUESDAY, to_its_end=False)
    with open_warehouse(addressees.home):
        assert check(addressees, SEVEN, environment).code == "Y12"
    assert check(addressees, SEVEN, environment).code == "Y13"
    assert mailbox.subjects == [f"{NOT_THERE} (Y12)"], "it is one night that is not there, whatever became of it"


def test_a_night_that_comes_late_is_an_all_clear(
    addressees: Addressees, environment: dict[str, str], mailbox: Mailbox
) -> None:
    check(addressees, SEVEN, environment)
    night(addressees.home, TUESDAY)
    seen = check(addressees, SEVEN, environment)
    assert (seen.code, seen.sentence()) == ("", "2026-11-03: the night is there")
    assert mailbox.subjects[1:] == ["SHP: all clear, the night is there"]


def test_a_night_that_is_there_and_did_not_arrive_everywhere_is_told_by_the_look_if_nobody_else_did(
    addressees: Addressees, environment: dict[str, str], mailbox: Mailbox
) -> None:
    night(addressees.home, TUESDAY, owing="1234567893")
    for _ in range(2):
        assert check(addressees, SEVEN, environment).code == ""
    assert mailbox.subjects == ["SHP: files for 1 partner have not arrived"]


def test_the_night_of_yesterday_is_not_that_of_today(addressees: Addressees, environment: dict[str, str]) -> None:
    night(addressees.home, date(2026, 11, 2))
    assert check(addressees, SEVEN, environment).code == "Y11"


def test_who_knows_why_a_night_stopped_is_not_told_that_it_is_not_there_and_whoever_else_is(
    addressees: Addressees, environment: dict[str, str], mailbox: Mailbox
) -> None:
    both = replace(addressees, alerts=(*addressees.alerts, Alert(to="MANAGER", on=("missed",), by="06:30")))
    environment |= {"MANAGER": mailbox.address.replace("oncall@", "manager@")}
    night(both.home, TUESDAY, to_its_end=False)
    tell_of_stop(both, TUESDAY, Stop("assign", "K01", "a check found something", "Report it."), environment)
    check(both, SEVEN, environment)
    assert [(mail["to"].partition("@")[0], mail["subject"]) for mail in mailbox.mails] == [
        ("oncall", "SHP: the night of 2026-11-03 stopped (K01)"), ("manager", f"{NOT_THERE} (Y13)"),
    ]  # fmt: skip


def test_a_run_that_was_ended_is_told_unless_the_night_has_told_why_it_stopped(
    addressees: Addressees, environment: dict[str, str], mailbox: Mailbox
) -> None:
    tell_of_stop(addressees, TUESDAY, Stop("assign", "K01", "a check found something", "Report it."), environment)
    tell_of_lost_run(addressees, TUESDAY, environment)
    tell_of_lost_run(addressees, WEDNESDAY, environment)
    assert mailbox.subjects == [f"SHP: the night of {on} stopped ({code})" for on, code in
                                ((TUESDAY, "K01"), (WEDNESDAY, "Y14"))]  # fmt: skip


def test_what_nobody_took_is_told_the_next_time(
    addressees: Addressees, environment: dict[str, str], mailbox: Mailbox
) -> None:
    (line,) = check(addressees, SEVEN, environment | {"ON_CALL": ""}).untold
    assert line.startswith("alerts to ON_CALL: the environment variable that holds the address is not set (Y01).")
    assert check(addressees, SEVEN, environment).untold == ()
    assert len(mailbox.raw) == 1


def test_people_are_told_where_nothing_can_be_remembered(
    addressees: Addressees, environment: dict[str, str], mailbox: Mailbox
) -> None:
    (addressees.home / "alerts.json").mkdir()
    (line,) = check(addressees, SEVEN, environment).untold
    assert "(Y06)" in line
    gone = replace(addressees, home=addressees.home / "unmounted")
    assert "(Y06)" in check(gone, SEVEN, environment).untold[0]
    assert mailbox.subjects == [f"{NOT_THERE} (Y11)"] * 2


def test_what_is_remembered_is_for_its_owner_alone_and_names_no_address(
    addressees: Addressees, environment: dict[str, str], mailbox: Mailbox
) -> None:
    check(addressees, SEVEN, environment)
    kept = addressees.home / "alerts.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text(encoding="ascii")).keys() == {"ON_CALL"}
    assert str(mailbox.port) not in kept.read_text(encoding="ascii")


def test_who_is_told_can_be_read_where_the_rest_of_the_configuration_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "exchange.toml"
    path.write_text(
        '[plan]\nid = "SHP"\nhcp_codes = "none"\n[paths]\nhome = "home"\n[unknown]\n[[alerts]]\nto = "ON_CALL"\n'
    )
    assert read_addressees(path) == Addressees("SHP", "America/Los_Angeles", tmp_path / "home", (Alert(to="ON_CALL"),))
    for text in ("[plan", '[plan]\nid = "SHP"', path.read_text().replace("ON_CALL", "mailto://somebody")):
        path.write_text(text)
        assert read_addressees(path) is None
    assert read_addressees(tmp_path / "none.toml") is None
