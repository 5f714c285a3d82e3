"""Whatever the line does, and however often the night is run: one good copy of each file, on both sides, no more."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from pipelines.config import read_config
from pipelines.intake.pull_sources import pull_sources
from pipelines.transfer.push import Outcome, Parcel, push
from pipelines.warehouse import open_warehouse
from sample_data import SampleExchange, generate
from tests.faults.transfer.conftest import Partner, digests, hashes
from tests.line import Break, relay

ON = date(2026, 10, 28)
COMING = {f"PROBATION_REFERRALS_2026102{n}.csv": hashlib.shake_256(b"%d" % n).digest(60_000 * n) for n in (7, 8)}
GOING = {"ROSTER.csv": hashlib.shake_256(b"roster").digest(200_000), "ROSTER.manifest.json": b"{}"}
ENOUGH = 12
"""Runs after which every line has broken for the last time."""

breaks = st.builds(
    Break, st.integers(0, 900_000), st.sampled_from(["end", "reset"]), st.sampled_from(["up", "down", "both"])
)
numbers = count()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleExchange:
    return generate(tmp_path_factory.mktemp("sample"), members=1, days=1)


def run_once(partner: Partner, port: int, config: Any, parcels: list[Parcel]) -> bool:
    """Pull into landing and ledger, push what is not known to have arrived; tells whether nothing is left to do."""
    source = config.sources[0].model_copy(update={"port": port})
    config = config.model_copy(update={"sources": (source,)})
    with open_warehouse(config.home) as warehouse:
        (result,) = pull_sources(warehouse, config, ON, sleep=lambda _: None, clock=lambda: 0.0)
    far = partner.over(port)
    results = push(far.endpoint, parcels, sleep=lambda _: None)
    return not result.problem and all(each.outcome is not Outcome.FAILED for each in results)


def test_ledger_landing_and_remote_folder_end_in_one_good_copy_each(
    sample: SampleExchange, embedded: Callable[..., Partner], tmp_path: Path, survived: Any, *, deep: bool
) -> None:
    @given(faults=st.lists(breaks, min_size=1, max_size=6))
    @settings(max_examples=60 if deep else 6, deadline=None, print_blob=True)
    def whatever_the_line_does(faults: list[Break]) -> None:
        converges(faults, sample, embedded(), tmp_path / f"home-{next(numbers)}", survived)

    whatever_the_line_does()


def converges(faults: list[Break], sample: SampleExchange, partner: Partner, home: Path, survived: Any) -> None:
    for name, content in COMING.items():
        os.utime(partner.put(name, content), (1_700_000_000, 1_700_000_000))
    config = read_config(sample.out / "exchange.toml")
    probation = next(source for source in config.sources if source.name == "probation").model_copy(
        update={
            "username": "partner", "key_file": partner.endpoint.key_file, "known_hosts": None, "folder": "inbox",
            "host_key": partner.endpoint.host_key,
        }
    )  # fmt: skip
    config = config.model_copy(
        update={"sources": (probation,), "paths": config.paths.model_copy(update={"home": home})}
    )
    parcels = [partner.parcel(name, content) for name, content in GOING.items()]
    with relay(partner.endpoint.port, faults) as port:
        runs = 1 + next(run for run in range(ENOUGH) if run_once(partner, port, config, parcels))
    note(f"{runs} runs")
    with open_warehouse(home) as warehouse:
        entered = warehouse.rows("SELECT name, sha256 FROM ledger.files WHERE status = 'LANDED'")
        assert warehouse.value("SELECT count(*) FROM ledger.files") == len(COMING)
    landed = sorted((path.name, path.name) for path in (home / "landing").rglob("*") if path.is_file())
    assert partner.delivered() == digests(GOING)
    assert sorted(path.name for path in (partner.home / "inbox").iterdir()) == sorted(COMING)
    survived("any cuts in both directions: ledger", expected=digests(COMING), found=entered)
    survived("any cuts in both directions: landing", expected=hashes(COMING), found=landed)
    survived("any cuts in both directions: remote folder", expected=digests(GOING), found=partner.delivered())
