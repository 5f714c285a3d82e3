"""A spoiled referral list is answered, mended in its answer, dropped in again and accepted: over OpenSSH's server."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import read_config, read_roster
from pipelines.nightly import Night, run_night
from pipelines.reporting.night import NightSummary, summarize_night
from pipelines.warehouse import open_warehouse
from sample_data import SampleExchange, generate
from tests.integration.nightly.openssh_partners import Partners, behind_openssh

SENDER = "fresno_probation"
TITLES = [["Fresno County Probation, Reentry Unit"], ["Referrals of October 27"]]
Cells = list[list[str]]


@dataclass
class Desk:
    """A probation office that refers people, and the plan's nights."""

    exchange: SampleExchange
    partners: Partners

    @property
    def list_name(self) -> str:
        return f"PROBATION_REFERRALS_{self.exchange.dates[0]:%Y%m%d}.csv"

    def original(self) -> Cells:
        content = (self.exchange.servers(self.exchange.dates[0]) / SENDER / "outgoing" / self.list_name).read_bytes()
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))

    def drop(self, name: str, cells: Cells) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(cells)
        self.put(SENDER, name, text.getvalue().encode())

    def put(self, account: str, name: str, content: bytes) -> None:
        path = self.partners.inboxes[account] / name
        path.write_bytes(content)
        path.chmod(0o644)

    def answer(self, name: str) -> bytes:
        return (self.partners.looked_into[SENDER] / name).read_bytes()

    def table(self, name: str) -> Cells:
        return list(csv.reader(io.StringIO(self.answer(name).decode("utf-8-sig"), newline=""), strict=True))

    def night(self, on: date) -> NightSummary:
        with open_warehouse(self.partners.config.home) as warehouse:
            night = Night(warehouse, self.partners.config, self.partners.roster, on, sleep=lambda _: None)
            list(run_night(night))
            assert [line for line in night.problems if "source probation" in line] == []
            return summarize_night(warehouse, on)

    def ask(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with open_warehouse(self.partners.config.home) as warehouse:
            return warehouse.rows(query, parameters)

    def told_of(self, cins: set[str]) -> set[str]:
        """Return which of the members stand in any provider's files."""
        folders = self.partners.looked_into.values()
        files = [file for folder in folders for file in folder.glob("ECM_ASSIGNMENT_*.csv")]
        told = [file.read_text(encoding="utf-8-sig") for file in files]
        return {cin for cin in cins if any(cin in text for text in told)}


@pytest.fixture
def desk(sshd: Any, tmp_path: Path) -> Desk:
    exchange = generate(tmp_path / "exchange", members=1, days=2)
    config = read_config(exchange.out / "exchange.toml")
    config = config.model_copy(update={"sources": config.sources[:2]})  # the state and the probation office
    roster = read_roster(config.delivery.providers)
    partners = behind_openssh(config, roster, sshd, tmp_path / "home", "corrected")
    return Desk(exchange, partners)


def spoiled(cells: Cells) -> Cells:
    """Break three of four referrals as people do: a digit is lost, a code is a word, days and months are exchanged."""
    heading, *rows = [list(row) for row in cells]
    rows[0][heading.index("CIN Number")] = rows[0][heading.index("CIN Number")][1:]
    rows[1][heading.index("Referral Source Type")] = "PAROLE OFFICE"
    rows[2][heading.index("DOB")] = "31/12/1961"
    return [*TITLES, heading, *rows]


def test_a_spoiled_list_is_answered_mended_in_its_answer_and_its_people_are_assigned(desk: Desk) -> None:
    first, second = desk.exchange.dates
    sent = desk.original()
    heading = sent[0]
    people = {row[heading.index("CIN Number")] for row in sent[1:]}
    for file in (desk.exchange.servers(first) / "dhcs" / "outgoing").iterdir():
        desk.put("dhcs", file.name, file.read_bytes())
    desk.drop(desk.list_name, spoiled(sent))
    night = desk.night(first)
    assert (night.rows_rejected, night.rows_to_correct) == (3, 3)
    assert len(desk.told_of(people)) == 1

    stem = desk.list_name.removesuffix(".csv")
    verdict = json.loads(desk.answer(f"{stem}.response.json"))
    assert (verdict["status"], verdict["rows_rejected"]) == ("ACCEPTED_WITH_ERRORS", 3)
    assert verdict["send_back"] == {"folder": "outgoing", "name": f"{stem}.response.csv"}
    answered = desk.table(f"{stem}.response.csv")
    assert answered[:2] == TITLES
    columns, rows = answered[2], answered[3:]
    assert [row[columns.index("error_code")] for row in rows] == ["R02", "R12", "R03", ""]

    mended = [[*original, *row[len(heading) :]] for original, row in zip(sent[1:], rows, strict=True) if row[-1]]
    desk.drop(f"{stem}.response (1).csv", [*answered[:3], *reversed(mended)])
    night = desk.night(second)
    assert (night.rows_rejected, night.rows_corrected, night.rows_to_correct) == (0, 3, 0)
    links = desk.ask("SELECT row_no, corrects_row_no FROM ledger.corrections ORDER BY ALL")
    assert links == [(1, 3), (2, 2), (3, 1)]
    assigned = {cin for (cin,) in desk.ask("SELECT cin FROM exchange.ecm_assignments")}
    assert people <= assigned
    assert desk.told_of(people) == people
    verdict = json.loads(desk.answer(f"{stem}.response (1).response.json"))
    assert (verdict["status"], verdict["corrects"]) == ("ACCEPTED", [{"file_name": desk.list_name, "rows": 3}])
