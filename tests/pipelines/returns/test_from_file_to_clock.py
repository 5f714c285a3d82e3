"""A provider's merged list, from the bytes in its account to the clocks: members and attempts by its own columns."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest

from pipelines.clocks import derive_clocks
from pipelines.config import Source
from pipelines.intake import ledger
from pipelines.load.returns import RETURNS, load_return
from pipelines.returns import derive_reports
from pipelines.transfer.pull import LandedFile

ON = date(2026, 11, 30)
IN_TIME, LATE, NEVER = "in time", "late", "not at all"
COLUMNS = (
    "File Production Date|Reporting Month|ECM Provider NPI|MCP_CIN|Member ID|Member Last Name|Member First Name|"
    "Member ECM Status|Member Phone Number|Most Recent Encounter With Member|Number of In-Person Encounters|"
    "Outreach Attempt Date|Outreach Attempt Time|Outreach Attempt Method|Outreach Successful|Outreach Outcome"
)


@pytest.fixture
def served(exchange: Any, person: Any, npi_of: Any, a_provider: Any) -> Any:
    """Three people, released and assigned on the 10th of November to a provider that reports in merged lists."""
    exchange.providers(a_provider(1))
    for number in (1, 2, 3):
        exchange.seen("2026-11-10", person(number), exchange.coverage("2026-11", "01", ji=True), sequence=number)
        exchange.noticed("2026-11-10", person(number), actual_release_date="2026-11-10")
    exchange.derive("2026-11-10")
    server = exchange.config.sources[0].model_dump(include={"host", "username", "key_file", "known_hosts"})
    account = {"name": "rtf_1", "kind": "rtf", "layout": "rtf_merged", "folder": "/returns", "pattern": "*"}
    source = Source(**account, provider=npi_of(1), **server)
    exchange.config = exchange.config.model_copy(update={"sources": (*exchange.config.sources, source)})
    return exchange


def receive(exchange: Any, name: str, *rows: str) -> None:
    """Let a list come, be loaded, and what follows from it be derived as of the end of the month."""
    content = "".join(f"{row}\n" for row in (COLUMNS, *rows)).encode()
    digest = hashlib.sha256(content).hexdigest()
    path = exchange.config.home / "landing" / digest[:2] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    landed = LandedFile(name, len(content), len(rows), digest, path)
    ledger.record(exchange.warehouse, exchange.config, exchange.config.sources[-1], landed, ON)
    for file in ledger.waiting(exchange.warehouse, *RETURNS):
        load_return(exchange.warehouse, exchange.config, file)
    plan = exchange.config.plan
    derive_reports(exchange.warehouse)
    derive_clocks(exchange.warehouse, exchange.config.clocks, ON, plan.holidays, plan.timezone)


def row(cin: str, npi: str, *, status: str = "Enrolled", met: str = "", phone: str = "", attempt: str = "||||") -> str:
    return f"11/30/2026|112026|{npi}|{cin}|M{cin}|Quillon{cin}|Ardith|{status}|{phone}|{met}|1|{attempt}"


def first_contacts(exchange: Any) -> dict[str, tuple[str, date | None]]:
    found = [each for each in exchange.all("exchange.clocks") if each["name"] == "FIRST_CONTACT_CALENDAR"]
    return {each["cin"]: (each["status"], each["met_on"]) for each in found}


def test_a_merged_list_tells_who_was_reached_in_time_late_or_not_at_all(served: Any, person: Any, npi_of: Any) -> None:
    mine = {IN_TIME: person(1), LATE: person(2), NEVER: person(3)}
    told = {"npi": npi_of(1)}
    missed = "11/11/2026|9:30 AM|Phone Call|N|no answer"
    rows = [
        row(mine[IN_TIME], **told, phone="(559) 555-0142", attempt=missed),
        row(mine[IN_TIME], **told, met="11/12/2026", attempt="11/12/2026||Face to Face|Y|met at the shelter"),
        row(mine[LATE], **told, met="11/16/2026", attempt="11/16/2026|14:00|Face to Face|Yes|met"),
        row(mine[NEVER], **told, status="In Outreach", attempt=missed),
    ]
    receive(served, "PRTF_112026_11302026.csv", *rows)
    assert first_contacts(served) == {
        mine[IN_TIME]: ("MET", date(2026, 11, 12)),
        mine[LATE]: ("LATE", date(2026, 11, 16)),
        mine[NEVER]: ("LATE", None),
    }
    report = served.one("exchange.provider_reports", mine[IN_TIME])
    assert (report["phone"], report["standing"], report["in_person_count"]) == ("5595550142", "SERVED", 1)
    assert served.one("exchange.provider_reports", mine[NEVER])["standing"] == "OUTREACH"
    before = {table: served.all(f"exchange.{table}") for table in ("contact_attempts", "care_days")}
    assert [each["attempt_time"] for each in before["contact_attempts"]].count("09:30") == 2
    receive(served, "PRTF_112026_11302026_2.csv", *rows, row(mine[NEVER], **told, attempt="11/20/2026||Letter|Y|sent"))
    again = {table: served.all(f"exchange.{table}") for table in before}
    assert len(again["contact_attempts"]) == len(before["contact_attempts"]) + 1, "the month sent again is no news"
    assert len(again["care_days"]) == len(before["care_days"])
    assert first_contacts(served)[mine[NEVER]] == ("LATE", None)
    receive(
        served, "PRTF_112026_12012026.csv", row(mine[IN_TIME], **told, attempt="11/12/2026||Face to Face|N|no show")
    )
    assert first_contacts(served)[mine[IN_TIME]] == ("MET", date(2026, 11, 12)), "the encounter of that day stands"
    receive(served, "PRTF_112026_12012026_2.csv", row(mine[IN_TIME], **told, met="11/02/2026"))
    assert first_contacts(served)[mine[IN_TIME]] == ("LATE", None), "until it is taken back too"
