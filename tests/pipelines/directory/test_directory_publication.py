"""A public edition that was written out is a fact: the changes in it are published, those after it are not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.config.providers import Provider
from pipelines.directory.publish import EditionNotWritten, PublicationRefused
from schemas.problems import ExitCode

Make = Callable[..., Provider]


def statuses(desk: Any, provider: Provider) -> list[tuple[str, date | None]]:
    return [(version["status"], version["published_on"]) for version in desk.versions(provider)]


def test_an_edition_publishes_the_changes_before_it_and_none_after_it(
    desk: Any, a_provider: Make, tmp_path: Path
) -> None:
    desk.night("2026-11-01", a_provider(1))
    desk.night("2026-11-03", a_provider(1, name="Renamed"))
    published = desk.publish(tmp_path / "directory.csv", "2026-11-04")
    assert (published.providers, published.changes) == (1, 2)
    desk.night("2026-11-05", a_provider(1, name="Renamed again"))
    assert statuses(desk, a_provider(1)) == [
        ("PUBLISHED", date(2026, 11, 4)),
        ("PUBLISHED", date(2026, 11, 4)),
        ("DUE", None),
    ]


def test_the_edition_is_recorded_with_its_hash_for_the_audit(desk: Any, a_provider: Make, tmp_path: Path) -> None:
    desk.night("2026-11-01", a_provider(1), a_provider(2, active=False))
    desk.publish(tmp_path / "directory.csv", "2026-11-01")
    sha256 = hashlib.sha256((tmp_path / "directory.csv").read_bytes()).hexdigest()
    (fact,) = desk.exchange.all("facts.directory_publications")
    assert (fact["published_on"], fact["through"], fact["providers"], fact["sha256"]) == (
        date(2026, 11, 1),
        2,
        1,
        sha256,
    )
    (entry,) = published(desk)
    assert entry["subject"] == fact["publication_id"]
    assert entry["detail"] == f"sha256 {sha256}"


def published(desk: Any) -> list[dict[str, Any]]:
    return [entry for entry in desk.exchange.all("ledger.audit") if entry["event"] == "DIRECTORY_PUBLISHED"]


def test_the_same_edition_again_is_no_news(desk: Any, a_provider: Make, tmp_path: Path) -> None:
    desk.night("2026-11-01", a_provider(1))
    first = desk.publish(tmp_path / "directory.csv", "2026-11-02")
    again = desk.publish(tmp_path / "again.csv", "2026-11-02")
    assert (again.changes, again.sha256) == (0, first.sha256)
    assert len(desk.exchange.all("facts.directory_publications")) == 1
    assert len(published(desk)) == 1


def test_a_change_found_after_the_edition_of_the_same_day_is_not_in_it(
    desk: Any, a_provider: Make, tmp_path: Path
) -> None:
    desk.night("2026-11-01", a_provider(1))
    desk.publish(tmp_path / "directory.csv", "2026-11-01")
    desk.night("2026-11-01", a_provider(1), a_provider(2))
    assert statuses(desk, a_provider(1)) == [("PUBLISHED", date(2026, 11, 1))]
    assert statuses(desk, a_provider(2)) == [("DUE", None)]


def test_an_edition_after_the_last_day_is_late(desk: Any, a_provider: Make, tmp_path: Path) -> None:
    desk.night("2026-11-01", a_provider(1))
    desk.night("2026-12-02", a_provider(1))
    desk.publish(tmp_path / "directory.csv", "2026-12-02")
    assert statuses(desk, a_provider(1)) == [("PUBLISHED_LATE", date(2026, 12, 2))]


def test_a_provider_that_left_is_published_by_an_edition_without_it(
    desk: Any, a_provider: Make, tmp_path: Path
) -> None:
    desk.night("2026-11-01", a_provider(1), a_provider(2))
    desk.night("2026-11-03", a_provider(2))
    desk.publish(tmp_path / "directory.csv", "2026-11-03")
    assert statuses(desk, a_provider(1))[-1] == ("PUBLISHED", date(2026, 11, 3))
    assert a_provider(1).npi not in (tmp_path / "directory.csv").read_text(encoding="utf-8")


def test_what_is_never_public_is_not_published(desk: Any, a_provider: Make, tmp_path: Path) -> None:
    desk.night("2026-11-01", a_provider(1, active=False))
    desk.publish(tmp_path / "directory.csv", "2026-11-01")
    assert statuses(desk, a_provider(1)) == [("NOT_PUBLIC", None)]


def test_an_edition_of_a_day_that_a_night_has_overtaken_is_refused(desk: Any, a_provider: Make, tmp_path: Path) -> None:
    desk.night("2026-11-01", a_provider(1))
    desk.night("2026-11-05", a_provider(1))
    with pytest.raises(PublicationRefused, match="P02"):
        desk.publish(tmp_path / "directory.csv", "2026-11-04")
    assert not (tmp_path / "directory.csv").exists()


def test_there_is_nothing_to_publish_before_a_night_has_read_the_roster(desk: Any, tmp_path: Path) -> None:
    with pytest.raises(PublicationRefused, match="P01"):
        desk.publish(tmp_path / "directory.csv", "2026-11-04")


def test_a_file_that_cannot_be_written_publishes_nothing(desk: Any, a_provider: Make, tmp_path: Path) -> None:
    desk.night("2026-11-01", a_provider(1))
    with pytest.raises(EditionNotWritten, match="P03") as refused:
        desk.publish(tmp_path / "nowhere" / "directory.csv", "2026-11-01")
    assert refused.value.exit_code is ExitCode.INPUT_OUTPUT
    assert statuses(desk, a_provider(1)) == [("DUE", None)]
