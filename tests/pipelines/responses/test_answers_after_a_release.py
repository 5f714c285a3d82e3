"""A sender whose list was held is answered again when a person has let it through."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import ExchangeConfig, read_config
from pipelines.delivery.outbox import waiting
from pipelines.intake import ledger
from pipelines.load.tabular import FACTS, load_list
from pipelines.releases import apply_file_releases, release
from pipelines.responses import prepare_responses
from pipelines.transfer.pull import LandedFile
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import declaration
from sample_data import generate

RECEIVED, LET_THROUGH = date(2026, 10, 28), date(2026, 10, 29)
NAME = "PROBATION_REFERRALS_20260828.csv"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> ExchangeConfig:
    return read_config(generate(tmp_path_factory.mktemp("sample"), members=1, days=1).out / "exchange.toml")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Warehouse]:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(declaration())
    yield Warehouse(connection, tmp_path)
    connection.close()


def answers(store: Warehouse) -> dict[str, bytes]:
    return {parcel.name: parcel.local.read_bytes() for _, parcel in waiting(store, "probation")}


def load_and_answer(store: Warehouse, config: ExchangeConfig, on: date) -> None:
    for file in ledger.waiting(store, *FACTS):
        load_list(store, config, file)
    prepare_responses(store, config, on)


def test_it_hears_that_its_list_was_refused_and_then_what_became_of_its_rows(
    store: Warehouse, settings: ExchangeConfig, tmp_path: Path
) -> None:
    config = settings.model_copy(update={"paths": settings.paths.model_copy(update={"home": tmp_path})})
    content = (
        b"Referral ID,Record Action,Referral Received Date,Referral Source Type,CIN Number,Last Name,First Name,DOB,"
        b"POF Justice Involved\r\nR-1,ADD,08/27/2026,PROBATION_PAROLE,90000001B,Sample,Ada,01/31/1990,Y\r\n"
    )
    digest = hashlib.sha256(content).hexdigest()
    path = tmp_path / "landing" / digest[:2] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    source = next(source for source in config.sources if source.name == "probation")
    assert ledger.record(store, config, source, LandedFile(NAME, len(content), 1, digest, path), RECEIVED) == "HELD"
    load_and_answer(store, config, RECEIVED)
    told: dict[str, Any] = json.loads(answers(store)["PROBATION_REFERRALS_20260828.response.json"])
    assert (told["status"], told["rows_accepted"]) == ("STALE", 0)

    file_id = store.value("SELECT file_id FROM ledger.files")
    release(store, file_id, on=LET_THROUGH, reason="it was on leave", released_by="operator")
    for _ in range(2):  # a night that is run again answers nothing twice
        apply_file_releases(store, config.sources)
        load_and_answer(store, config, LET_THROUGH)
    assert len(answers(store)) == 4
    told = json.loads(answers(store)["PROBATION_REFERRALS_20260828.2.response.json"])
    assert (told["status"], told["rows_accepted"], told["reason"]) == ("ACCEPTED", 1, None)
    assert b"R-1" in answers(store)["PROBATION_REFERRALS_20260828.2.response.csv"]
