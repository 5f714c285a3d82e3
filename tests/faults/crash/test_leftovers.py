"""What a process that died left half-done is removed by the next run; what is not the exchange's is not touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from tests.faults.attempts import End
from tests.faults.undisturbed import Undisturbed, leftovers, told

OTHERS = ("notes.txt", "work_lists/handover.docx", "outbox/2026-10-28/keep.me", "landing/README", "backup/friday.new")
HALF_DONE = (
    "published.duckdb.new",
    ".run.unfinished.new",
    ".warehouse.mark.json.new",
    "work_lists/JI_WORK_LISTS_20261029.new",
    f"landing/.{'0' * 64}.part",
    "spill/duckdb_temp_storage-0.tmp",
)


def put(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"half a file")
    return [folder / name for name in names]


def test_only_what_was_left_half_done_is_removed(undisturbed: Undisturbed) -> None:
    undisturbed.set_back()
    home = undisturbed.plan.config.home
    others, half_done = put(home, *OTHERS), put(home, *HALF_DONE)
    assert undisturbed.attempt().code in (0, 1)
    assert [path for path in half_done if path.exists()] == []
    assert [path for path in others if path.read_bytes() != b"half a file"] == []


def test_bytes_in_the_outbox_that_no_row_names_are_removed(undisturbed: Undisturbed) -> None:
    undisturbed.set_back()
    home = undisturbed.plan.config.home
    assert undisturbed.attempt(End("OUTBOX_WRITTEN", 2)).was_killed
    (orphan,) = put(home, f"outbox/{undisturbed.on}/2900000000/ECM_ASSIGNMENT_2900000000_20261029_01_DELTA.csv")
    delivered = sorted((home / "outbox" / "2026-10-28").rglob("*"))
    assert undisturbed.attempt().code == 1
    assert not orphan.exists()
    assert sorted((home / "outbox" / "2026-10-28").rglob("*")) == delivered
    named = {path for (path,) in undisturbed.plan.ask("SELECT path FROM delivery.outbox")}
    there = {str(path.relative_to(home / "outbox")) for path in (home / "outbox").rglob("*") if path.is_file()}
    assert there == named


def test_parts_stay_while_a_source_cannot_be_read(undisturbed: Undisturbed) -> None:
    undisturbed.set_back()
    config = undisturbed.plan.root / "exchange.toml"
    written = config.read_text(encoding="utf-8")
    (part,) = put(undisturbed.plan.config.home, f"landing/.{'0' * 64}.part")
    try:
        config.write_text(written.replace('folder = "/outgoing"', 'folder = "/moved"', 1), encoding="utf-8")
        undisturbed.attempt()
        assert part.exists()
    finally:
        config.write_text(written, encoding="utf-8")


def test_a_part_in_a_providers_folder_goes_when_its_file_is_dropped(
    undisturbed: Undisturbed, survived: Callable[..., None]
) -> None:
    undisturbed.set_back()
    plan = undisturbed.plan
    assert undisturbed.attempt(End("UPLOAD_PROVEN")).was_killed
    (part,) = plan.served.rglob(".*.part")
    (others,) = put(part.parent, ".upload-of-somebody-else.part")
    assert later(undisturbed, date(2026, 10, 30)).code == 1
    assert leftovers(plan) == [str(others.relative_to(plan.root))]
    due, found = undisturbed.told(), told(plan.found())
    survived("a night that was killed, and not run again before the next one", expected=rows(due), found=rows(found))


def later(night: Undisturbed, on: date) -> Any:
    return replace(night, on=on).attempt()


def rows(everything: Any) -> list[Any]:
    """Leave the rows of deltas: in which file they stand is another thing the next day."""
    return [(recipient, row) for recipient, row in everything if not isinstance(row[1], bytes)]
