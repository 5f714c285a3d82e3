"""What became of referrals goes to the very source of each, when it is news, and names nobody."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.audit.disclosures import of_member
from pipelines.checks import run_checks
from pipelines.config.sources import Source
from pipelines.delivery.outbox import confirm, waiting
from pipelines.directory import update_directory
from pipelines.responses import prepare_referral_status
from pipelines.responses.referral_status import COLUMNS, is_of_its_source
from pipelines.transfer.push import Outcome, PushResult

SERVER = {"host": "127.0.0.1", "username": "x", "key_file": "/nowhere", "known_hosts": "/nowhere"}


def source(name: str, **given: Any) -> Source:
    columns = {"kind": "mini_mif", "layout": "mini_mif", "folder": "/out", "pattern": f"{name}*", "responses": "/back"}
    return Source.model_validate({"name": name, "referral_status": True, **columns, **SERVER, **given})


class Desk:
    """Two sources of referrals, and what each of them finds."""

    def __init__(self, exchange: Any) -> None:
        self.exchange = exchange
        exchange.config = exchange.config.model_copy(
            update={"sources": (*exchange.config.sources, source("probation"), source("community"))}
        )

    def night(self, on: str, *, arrives: bool = True) -> dict[str, list[dict[str, str]]]:
        """Run a night and return the rows that each source finds in its file of it, if it gets one."""
        exchange, day = self.exchange, date.fromisoformat(on)
        exchange.derive(on)
        update_directory(exchange.warehouse, exchange.config, exchange.roster, day)
        prepare_referral_status(exchange.warehouse, exchange.config, day)
        assert [r.check.name for r in run_checks(exchange.warehouse, day, after="fill_outbox") if r.violations] == []
        found = {}
        for name in ("probation", "community"):
            for outbox_id, parcel in waiting(exchange.warehouse, name):
                assert (parcel.folder, parcel.name) == ("/back", f"REFERRAL_STATUS_{name}_{day:%Y%m%d}.csv")
                text = parcel.local.read_bytes().decode("utf-8-sig")
                found[name] = list(csv.DictReader(io.StringIO(text, newline="")))
                if arrives:
                    confirm(exchange.warehouse, [(outbox_id, PushResult(parcel, Outcome.DELIVERED, "", ""))], day)
        return found


@pytest.fixture
def desk(exchange: Any) -> Any:
    yield Desk(exchange)
    for table in ("outbox", "deliveries", "referral_rows"):  # the other tests of this process know nothing of these
        exchange.warehouse.run(f"DELETE FROM delivery.{table} WHERE true")  # noqa: S608 - constants


def referred(desk: Desk, on: str, cin: str, name: str, number: str, **columns: Any) -> None:
    desk.exchange.referred(on, cin, source=name, referral_id=number, dob=date(1984, 3, 12), **columns)


def told(rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(row["referral_id"], row["status"]) for row in rows]


def test_a_source_is_told_of_its_own_referrals_by_its_own_numbers_when_something_is_new(
    desk: Desk, person: Any, a_provider: Any
) -> None:
    exchange = desk.exchange
    for number in (1, 2):
        exchange.seen("2026-11-02", person(number), exchange.coverage("2026-11", "01"), sequence=number)
        referred(desk, "2026-11-02", person(number), ("probation", "community")[number - 1], "R1")
    referred(desk, "2026-11-02", person(3), "community", "R2")
    first = desk.night("2026-11-02")
    assert told(first["probation"]) == [("R1", "ASSIGNED")]
    assert told(first["community"]) == [("R1", "ASSIGNED"), ("R2", "NOT_ON_834")]
    assert list(first["probation"][0]) == list(COLUMNS)
    assert first["probation"][0]["assigned_on"] == "2026-11-02"
    everything = str(first)
    assert not any(text in everything for text in (person(1), person(2), person(3), "Quillon", "Ardith", "1984"))
    assert desk.night("2026-11-03") == {}, "nothing new, no file"
    exchange.seen("2026-11-04", person(3), exchange.coverage("2026-11", "01"))
    (other,) = {a_provider(1).npi, a_provider(2).npi} - {first["probation"][0]["provider_npi"]}
    exchange.decision(person(1), other, "2026-11-04")
    second = desk.night("2026-11-04")
    assert [(row["referral_id"], row["provider_npi"]) for row in second["probation"]] == [("R1", other)]
    assert told(second["community"]) == [("R2", "ASSIGNED")]
    files, rows = of_member(exchange.warehouse, person(1))
    assert [(file.npi, file.rows) for file in files] == [("probation", 1), ("probation", 1)]
    assert {(row.record_action, row.assignment_id) for row in rows} == {("REFERRAL_STATUS", "R1")}


def test_what_was_withdrawn_or_is_over_is_told_without_a_provider_it_never_had(desk: Desk, person: Any) -> None:
    exchange = desk.exchange
    for number in (1, 2):
        exchange.seen("2026-11-02", person(number), exchange.coverage("2026-11", "01"), sequence=number)
        referred(desk, "2026-11-02", person(number), "probation", f"R{number}", sequence=number)
    referred(desk, "2026-11-02", person(1), "probation", "R3", sequence=3, pof_justice_involved="N")
    assert told(desk.night("2026-11-02")["probation"]) == [("R1", "ASSIGNED"), ("R2", "ASSIGNED"), ("R3", "ASSIGNED")]
    referred(desk, "2026-11-03", person(1), "probation", "R1", record_action="VOID")
    exchange.seen("2026-11-03", person(2), exchange.coverage("2026-11", "00"))
    rows = {row["referral_id"]: row for row in desk.night("2026-11-04")["probation"]}
    assert (rows["R1"]["status"], rows["R1"]["provider_npi"]) == ("VOIDED", "")
    assert (rows["R2"]["status"], rows["R2"]["closed_on"]) == ("CLOSED", "2026-11-04")


def test_what_a_provider_reported_before_a_referral_was_told_is_not_what_became_of_it(desk: Desk, person: Any) -> None:
    exchange = desk.exchange
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01"))
    referred(desk, "2026-11-02", person(1), "community", "R1")
    desk.night("2026-11-02")
    npi = exchange.open_assignment(person(1))["npi"]
    closed = {
        "referral_status": "Closed", "referral_status_date": date(2026, 11, 4), "referral_closure_reason": "no wish",
    }  # fmt: skip
    exchange.returned(exchange.file("2026-11-05", kind="rtf"), person(1), npi, **closed)
    referred(desk, "2026-11-09", person(1), "probation", "R1")
    found = desk.night("2026-11-09")
    shown = ("closed_loop_status", "closed_loop_date", "closure_reason")
    assert [found["community"][0][name] for name in shown] == ["Closed", "2026-11-04", "no wish"]
    assert [found["probation"][0][name] for name in shown] == ["", "", ""]


def test_what_has_not_arrived_waits_and_is_not_written_a_second_time(desk: Desk, person: Any) -> None:
    desk.exchange.seen("2026-11-02", person(1), desk.exchange.coverage("2026-11", "01"))
    referred(desk, "2026-11-02", person(1), "probation", "R1")
    desk.night("2026-11-02", arrives=False)
    assert prepare_referral_status(desk.exchange.warehouse, desk.exchange.config, date(2026, 11, 2)) == 0
    assert [parcel.name for _, parcel in waiting(desk.exchange.warehouse, "probation")] == [
        "REFERRAL_STATUS_probation_20261102.csv"
    ]


def test_a_row_of_another_source_holds_the_file() -> None:
    content = b'\xef\xbb\xbf"referral_id","status"\r\n"R1","ASSIGNED"\r\n"\'=R2","ASSIGNED"\r\n'
    assert is_of_its_source(content, {"R1", "=R2"}, 2)
    assert not is_of_its_source(content, {"R1"}, 2)
    assert not is_of_its_source(content, {"R1", "=R2"}, 3)


@pytest.mark.parametrize(
    "given",
    [{"kind": "mif", "layout": "mif"}, {"responses": None}],
    ids=["no referrals", "no folder"],
)
def test_a_source_that_cannot_be_told_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="referral_status"):
        source("probation", **given)
