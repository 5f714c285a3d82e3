"""A night that holds a full 834 and some of a provider's rows, a person who lets both through, and what follows.

Then the same night once more, from what each of its runs knew; and a provider that lost its files gets them again.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from pipelines.assignment import decide
from pipelines.config import Roster, read_config
from pipelines.delivery.resend import ResendRefused, Resent, resend
from pipelines.rebuild import rebuild
from pipelines.releases import release
from pipelines.replay import Replayed, replay
from pipelines.warehouse import open_warehouse
from sample_data.providers import npi_of
from tests.copies import copy_folder

FIRST, SECOND = date(2026, 10, 28), date(2026, 10, 29)
MANY, OTHER = npi_of("fresno_bridge"), npi_of("fresno_all")
SHRUNK = "DHCS834-MO-20261029-SHP-010-001.dat"


@dataclass
class Story:
    """What each run of the second night told and left, and what a person did in between."""

    plan: Any
    problems: list[list[str]] = field(default_factory=list)
    found: list[dict[str, bytes]] = field(default_factory=list)
    tables: list[dict[str, list[Any]]] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)

    def run(self) -> None:
        self.problems.append(self.plan.run(SECOND))
        self.found.append(self.plan.found())
        self.tables.append(self.plan.tables())

    def again(self) -> Replayed:
        with open_warehouse(self.plan.config.home) as warehouse:
            return replay(warehouse, self.plan.config, self.plan.roster, SECOND)

    def send_again(self, npi: str, on: date = SECOND, roster: Roster | None = None) -> tuple[Resent, ...]:
        with open_warehouse(self.plan.config.home) as warehouse:
            return resend(
                warehouse, self.plan.config, roster or self.plan.roster, npi, on, on=SECOND, reason="lost",
                resent_by="operator", sleep=lambda _: None,
            )  # fmt: skip


@pytest.fixture(scope="module")
def story(make_plan: Callable[..., Any]) -> Iterator[Story]:
    plan = make_plan(
        sources=("dhcs", "probation", "community", "prison", "delegate"), providers=(MANY, OTHER), members=60
    )
    settings = plan.root / "exchange.toml"
    strict = settings.read_text(encoding="utf-8").replace("[safety]", "[safety]\nmax_roster_shrink = 0.05")
    settings.write_text(strict, encoding="utf-8")
    plan.config = read_config(settings)
    told = Story(plan)
    with plan.serving():
        plan.partners_leave_files(FIRST)
        plan.run(FIRST)
        with open_warehouse(plan.config.home) as warehouse:
            told.moved = [
                cin
                for (cin,) in warehouse.rows(
                    """SELECT cin FROM exchange.ecm_assignments
                       WHERE npi = $npi AND ended_on IS NULL ORDER BY cin LIMIT 3""",
                    {"npi": MANY},
                )
            ]
            for cin in told.moved:
                decide(warehouse, plan.roster, cin, OTHER, on=SECOND, reason="asked", decided_by="liaison")
        plan.partners_leave_files(SECOND)
        daily = next(plan.inbox("dhcs").glob("DHCS834-DA-20261029*"))
        (plan.inbox("dhcs") / SHRUNK).write_bytes(_renumbered(daily.read_bytes()))
        told.run()
        with open_warehouse(plan.config.home) as warehouse:
            for (held,) in warehouse.rows(
                """SELECT file_id FROM ledger.files WHERE status = 'HELD' UNION ALL
                   SELECT hold_id FROM delivery.holds WHERE business_date = $on""",
                {"on": SECOND},
            ):
                release(warehouse, held, on=SECOND, reason="looked at", released_by="operator")
        told.run()
        told.run()
        yield told


def _renumbered(content: bytes) -> bytes:
    """The same members, of another interchange."""
    number = content[90:99]
    return content.replace(number, f"{int(number) + 700:09d}".encode())


def ends(found: dict[str, bytes]) -> list[str]:
    """CINs of whom the first provider was told that they left it."""
    return sorted(
        row["cin"]
        for name, content in found.items()
        if f"{MANY}_20261029" in name and name.endswith(".csv")
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        if row["record_action"] == "TERM"
    )


def test_what_is_held_is_told_by_name_of_check_and_of_what_to_do(story: Story) -> None:
    told = " ".join(story.problems[0])
    for part in (f"provider {MANY}: 3 rows are held by G02", "files are held", "quarantine list"):
        assert part in told
    assert ends(story.found[0]) == []
    assert story.plan.ask("SELECT count(*) FROM delivery.delivered_rows WHERE npi = $npi", npi=MANY)[0][0] > 10


def test_whoever_was_moved_reaches_the_new_provider_though_the_old_one_s_ends_are_held(story: Story) -> None:
    new = [row["cin"] for row in story.plan.rows(OTHER) if row["record_action"] == "ADD"]
    assert set(story.moved) <= set(new)
    assert {name for name in story.found[0] if f"{OTHER}_20261029_01_DELTA.csv" in name}


def test_what_a_person_let_through_is_loaded_and_sent_by_the_next_run_of_the_night(story: Story) -> None:
    assert ends(story.found[1]) == sorted(story.moved)
    ((status, loaded),) = story.plan.ask("SELECT status, rows_loaded FROM ledger.files WHERE name = $n", n=SHRUNK)
    assert (status.startswith("ACCEPTED"), loaded > 0) == (True, True)
    assert not any("held" in line for line in story.problems[1])


def test_a_third_run_of_the_night_changes_nothing(story: Story) -> None:
    assert story.found[2] == story.found[1]
    assert story.tables[2] == story.tables[1]


def test_what_was_let_through_survives_a_rebuild(story: Story) -> None:
    with open_warehouse(story.plan.config.home) as warehouse:
        found = rebuild(warehouse, story.plan.config, story.plan.roster, apply=False)
    assert [table for table in found.tables if table.differs] == []


def test_each_run_of_the_night_comes_out_byte_for_byte_from_what_it_knew(story: Story) -> None:
    before = story.plan.tables()
    again = story.again()
    assert {file.batch for file in again.files} == {1, 2}
    assert [file for file in again.files if file.verdict != "IDENTICAL"] == []
    sent = {name.rsplit("/", 1)[1] for name in story.found[2] if "_20261029_" in name and "/assignments/" in name}
    assert {file.name for file in again.files} == sent
    assert story.plan.tables() == before


def test_a_fact_that_is_another_than_then_is_found_where_it_was_told(story: Story) -> None:
    photograph = story.plan.photograph(story.plan.root / "before_the_change")
    with open_warehouse(story.plan.config.home) as warehouse:
        warehouse.run(
            "UPDATE facts.enrollment_members SET last_name = last_name || 'X' WHERE cin = $cin", {"cin": story.moved[0]}
        )
    again = story.again()
    shutil.rmtree(story.plan.root / "home")
    copy_folder(photograph / "home", story.plan.root / "home")
    differing = {(file.npi, file.rows_then - file.rows_alike) for file in again.files if file.verdict == "DIFFERS"}
    assert differing == {(MANY, 1), (OTHER, 1)}


def test_a_provider_that_lost_its_files_gets_the_very_bytes_again_and_is_told_nothing_new(story: Story) -> None:
    folder, before = story.plan.folder(MANY), story.plan.found()
    lost = [path for path in folder.iterdir() if "_20261029_" in path.name]
    for path in lost[1:]:
        path.unlink()
    results = story.send_again(MANY)
    assert story.plan.found() == before
    outcomes = {result.name: result.outcome for result in results}
    assert outcomes == {p.name: "DELIVERED" for p in lost[1:]} | {lost[0].name: "ALREADY_THERE"}
    recorded = story.plan.ask("SELECT count(*) FROM ledger.audit WHERE event = 'RESENT'")
    assert recorded == story.plan.ask("SELECT count(*) FROM delivery.resends") == [(len(lost),)]
    now = story.plan.tables()
    assert now["delivery.delivered_rows"] == story.tables[2]["delivery.delivered_rows"]
    assert now["delivery.deliveries"] == story.tables[2]["delivery.deliveries"]
    lost[1].unlink()
    outcomes = {result.name: result.outcome for result in story.send_again(MANY)}
    assert outcomes[lost[1].name] == "DELIVERED", "lost once more, on the same day"
    assert lost[1].exists()


def test_nothing_is_sent_again_to_who_may_not_have_it_nor_what_is_not_what_it_was(story: Story) -> None:
    providers = story.plan.roster.providers
    closed = Roster(tuple(p.model_copy(update={"active": p.npi != MANY}) for p in providers))
    wrong = Roster(tuple(p.model_copy(update={"username": "ecm", "folder": OTHER}) for p in providers if p.npi == MANY)
                   + tuple(p for p in providers if p.npi != MANY))  # fmt: skip
    (path,) = story.plan.ask(
        """SELECT path, sha256 FROM delivery.outbox
           WHERE recipient = $npi AND business_date = $on AND status = 'DELIVERED' ORDER BY name LIMIT 1""",
        npi=OTHER, on=SECOND,
    )  # fmt: skip
    stored = story.plan.config.home / "outbox" / path[0]
    content = stored.read_bytes()
    stored.write_bytes(content + b" ")
    refused = []
    for npi, on, roster in (
        (MANY, SECOND, closed), (MANY, SECOND, wrong), (MANY, date(2026, 10, 27), None), ("1234567893", SECOND, None),
        (OTHER, SECOND, None),
    ):  # fmt: skip
        with pytest.raises(ResendRefused) as refusal:
            story.send_again(npi, on, roster)
        refused.append(refusal.value.code)
    stored.write_bytes(content)
    assert refused == ["A02", "G01", "H07", "A01", "H08"]
