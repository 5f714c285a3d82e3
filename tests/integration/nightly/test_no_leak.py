"""Nobody's name or number stands anywhere but in the plan's home and the folders of those it is for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from pipelines.cli.status import status
from sample_data import canaries


def leaked(nights: Any, texts: Iterable[object]) -> set[str]:
    everything = "\n".join(map(str, texts))
    return {canary for canary in canaries(nights.exchange) if canary in everything}


def test_the_search_finds_what_it_looks_for(nights: Any) -> None:
    assert len(leaked(nights, (file.content.decode("utf-8-sig") for file in nights.delivered()))) > len(
        nights.exchange.people
    )


def test_no_library_logs_a_name_or_number(nights: Any) -> None:
    assert nights.log[0] == "logs are being collected"
    assert leaked(nights, nights.log) == set()


def test_what_a_night_tells_holds_no_name_or_number(nights: Any) -> None:
    assert any(nights.results.values())
    assert leaked(nights, [nights.results, nights.problems]) == set()


def test_what_the_ledger_says_of_a_file_holds_no_name_or_number(nights: Any) -> None:
    said = nights.ask("SELECT name, status, reason, detail FROM ledger.files")
    said += nights.ask("SELECT event, subject, detail FROM ledger.audit")
    said += nights.ask("SELECT column_name, code, severity FROM quarantine.rows")
    assert said
    assert leaked(nights, said) == set()


def test_the_pages_of_the_nights_hold_no_name_or_number(nights: Any) -> None:
    pages = sorted((nights.config.home / "reports" / "nightly").iterdir())
    assert [page.name for page in pages] == [*(f"{on}.html" for on in nights.exchange.dates), "index.html"]
    assert leaked(nights, [page.read_text(encoding="utf-8") for page in pages]) == set()


def test_manifests_and_names_of_files_hold_no_name_or_number(nights: Any) -> None:
    manifests = nights.delivered(".manifest.json")
    assert manifests
    assert leaked(nights, [file.content.decode() for file in manifests]) == set()
    assert leaked(nights, nights.everything_served()) == set()


def test_summaries_to_senders_hold_no_name_or_number(nights: Any) -> None:
    summaries = list(nights.served.glob("*/responses/*.response.json"))
    assert summaries
    assert leaked(nights, [json.loads(path.read_bytes()) for path in summaries]) == set()


@pytest.mark.parametrize("as_json", [True, False])
def test_status_shows_no_name_or_number(nights: Any, capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    status(config=nights.exchange.out / "exchange.toml", date=None, json=as_json)
    shown = capsys.readouterr()
    assert "unassigned" in shown.out
    assert leaked(nights, shown) == set()
