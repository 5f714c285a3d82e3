"""Several partners fail in one night: the others get theirs at once, these in the night after it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipelines.transfer.jail import Answer, Jail
from pipelines.transfer.keys import known_hosts_line
from pipelines.transfer.protocol import Fields
from sample_data.providers import npi_of
from tests.line import Break, relay

WELL, SLOW, CUT, FULL = (npi_of(key) for key in ("fresno_all", "kings_spanish", "kern_line", "fresno_handoff"))
SOURCES = ("dhcs", "probation", "community", "prison")
PATIENCE = 12
CUTS = [Break(7_000, "reset")] * 3


class FullFolder(Jail):
    """Takes no byte for one provider."""

    def write(self, fields: Fields) -> Answer:
        if self._home.name.endswith(FULL):
            raise OSError
        return super().write(fields)


@dataclass
class BadPartners:
    """What came of a night with bad partners and of the one after it."""

    plan: Any
    problems: list[list[str]] = field(default_factory=list)
    told_first: list[tuple[str, str]] = field(default_factory=list)
    in_time: dict[str, bool] = field(default_factory=dict)

    def told(self) -> list[tuple[str, str]]:
        """Every provider's new assignments, as often as it was told of them."""
        return [
            (npi, row["assignment_id"])
            for npi in (WELL, SLOW, CUT, FULL)
            for row in self.plan.rows(npi)
            if row["record_action"] == "ADD"
        ]

    def when(self, name: str, done: Callable[[], bool]) -> Callable[[], None]:
        """Make something that lets a line wait until `done`, and notes whether that came about."""

        def wait() -> None:
            deadline = time.monotonic() + PATIENCE
            while not done() and time.monotonic() < deadline:
                time.sleep(0.02)
            self.in_time[name] = done()

        return wait


def hashes_of(folder: Path) -> set[str]:
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def bad(make_plan: Callable[..., Any]) -> Iterator[BadPartners]:
    plan = make_plan(sources=SOURCES, providers=(WELL, SLOW, CUT, FULL), members=40)
    first, second = plan.exchange.dates[:2]
    plan.partners_leave_files(first)
    (plan.inbox("prison") / "done").mkdir()
    aside = [
        s.model_copy(update={"move_to": f"{s.folder}/done"}) if s.name == "prison" else s for s in plan.config.sources
    ]
    plan.config = plan.config.model_copy(update={"sources": tuple(aside)})
    ran, whole = BadPartners(plan), (plan.config, plan.roster)
    landing, quick = plan.config.home / "landing", hashes_of(plan.inbox("dhcs")) | hashes_of(plan.inbox("prison"))
    port = plan.config.sources[0].port
    host_key = (plan.root / "keys/host_ed25519.pub").read_text(encoding="ascii")
    with ExitStack() as lines:

        def line(*breaks: Break) -> int:
            return lines.enter_context(relay(port, breaks))

        slow_source = ran.when("source", lambda: quick <= {path.name for path in landing.glob("*/*")})
        slow_provider = ran.when("provider", lambda: any(plan.folder(WELL).glob("*.manifest.json")))
        ports = {
            "probation": line(Break(0, slow_source)),
            "community": line(*CUTS),
            SLOW: line(Break(0, slow_provider)),
            CUT: line(*CUTS),
        }
        with plan.config.delivery.known_hosts.open("a", encoding="ascii") as known_hosts:
            known_hosts.writelines(known_hosts_line("127.0.0.1", each, host_key) + "\n" for each in ports.values())
        sources = tuple(s.model_copy(update={"port": ports.get(s.name, s.port)}) for s in plan.config.sources)
        providers = tuple(p.model_copy(update={"port": ports.get(p.npi, p.port)}) for p in plan.roster.providers)
        plan.config = plan.config.model_copy(update={"sources": sources})
        plan.roster = type(plan.roster)(providers)
        with plan.serving(jail=FullFolder):
            ran.problems.append(plan.run(first))
            ran.told_first = ran.told()
    plan.config, plan.roster = whole
    plan.partners_leave_files(second)
    with plan.serving():
        ran.problems.append(plan.run(second))
    return ran


def test_a_slow_partner_keeps_nobody_waiting_and_is_served_itself(bad: BadPartners) -> None:
    assert bad.in_time == {"source": True, "provider": True}
    told = {npi for npi, _ in bad.told_first}
    assert {WELL, SLOW} <= told
    assert not {CUT, FULL} & told


def test_only_the_partners_that_failed_are_told_of_and_only_that_night(bad: BadPartners) -> None:
    first, second = bad.problems
    assert [line.split()[1] for line in first if line.startswith("source")] == ["community:"]
    assert {line.partition(":")[0] for line in first if "not delivered" in line} == {CUT, FULL}
    assert "T04" in next(line for line in first if line.startswith(CUT))
    assert "T14" in next(line for line in first if line.startswith(FULL))
    assert not [line for line in second if line.startswith("source") or "not delivered" in line]


def test_every_assignment_is_told_once_to_the_provider_it_is_for(bad: BadPartners, survived: Any) -> None:
    opened = bad.plan.ask("SELECT npi, assignment_id FROM exchange.ecm_assignments")
    assert {npi for npi, _ in opened} >= {WELL, SLOW, CUT, FULL}
    survived("night with a cut, a slow and a full partner", expected=opened, found=bad.told())


def test_every_file_is_received_once_in_the_order_of_the_sources_whoever_was_fast(
    bad: BadPartners, survived: Any
) -> None:
    received = bad.plan.ask("SELECT source, name, business_date FROM ledger.files ORDER BY arrival")
    left = [(source, path.name) for source in SOURCES for path in bad.plan.inbox(source).rglob("*.*")]
    survived("night with cut and slow senders", expected=left, found=[(source, name) for source, name, _ in received])
    first = min(day for *_, day in received)
    of_the_first = [source for source, _, day in received if day == first]
    assert of_the_first == sorted(of_the_first, key=[s.name for s in bad.plan.config.sources].index)
    assert "community" not in of_the_first


def test_accepted_files_are_put_aside_where_their_sender_wants_it(bad: BadPartners) -> None:
    prison, accepted = bad.plan.inbox("prison"), "SELECT name FROM ledger.files WHERE source = 'prison'"
    assert [path.name for path in prison.iterdir()] == ["done"]
    assert {path.name for path in (prison / "done").iterdir()} == {name for (name,) in bad.plan.ask(accepted)}


def test_nothing_half_written_is_left_with_anybody(bad: BadPartners) -> None:
    assert [path for path in bad.plan.served.rglob(".*") if path.is_file()] == []
    assert list((bad.plan.config.home / "landing").rglob(".*")) == []
