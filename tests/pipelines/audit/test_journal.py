"""The journal: rows go in as they come, however many, and come back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.audit import journal
from pipelines.audit.journal import JournalPage, read_rows


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"facts.releases": []},
        {"facts.releases": ['{"code":"G02"}']},
        {"delivery.outbox": ['{"name":"a"}', '{"name":"ö \\" \\\\"}', '{"name":null}'], "delivery.outbox_rows": []},
        {"ledger.files": [], "quarantine.rows": ['{"row":1}', '{"row":2}', '{"row":3}', '{"row":4}']},
    ],
)
def test_rows_come_back_as_they_went_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: dict[str, list[str]]
) -> None:
    monkeypatch.setattr(journal, "_AT_A_TIME", 2)
    page = JournalPage(tmp_path, "2026-11-03")
    first, second = (
        page.add({"ledger.files": ['{"size":1}']}),
        page.add({name: iter(rows) for name, rows in told.items()}),
    )
    page.write()
    assert read_rows(tmp_path, first) == {"ledger.files": ['{"size":1}']}
    assert read_rows(tmp_path, second) == told


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    told = {"facts.releases": ['{"code":"G02"}']}
    one, other = JournalPage(tmp_path / "one", "2026-11-03"), JournalPage(tmp_path / "other", "2026-11-03")
    assert one.add(told) == other.add(told)
