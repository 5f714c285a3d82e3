"""Accepted files move aside at their sender's; whatever hinders that hinders nothing else and is tried again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.transfer.move import put_aside
from pipelines.transfer.pull import RemoteFile
from pipelines.transfer.retry import Retry
from schemas.problems import TransferFault
from tests.faults.transfer.conftest import Partner
from tests.line import Break

WHEN = 1_700_000_000


def leave(partner: Partner, *names: str) -> None:
    for name in names:
        os.utime(partner.put(name, name.encode()), (WHEN, WHEN))


def aside(partner: Partner, done: Callable[[RemoteFile], bool] = lambda _: True) -> tuple[int, tuple[str, ...]]:
    return put_aside(partner.endpoint, "inbox", "inbox/done", is_done=done, sleep=lambda _: None, retry=Retry(2))


def stands(partner: Partner) -> dict[str, str]:
    inbox = partner.home / "inbox"
    return {str(path.relative_to(inbox)): path.read_text() for path in inbox.rglob("*") if path.is_file()}


@pytest.fixture
def done(partner: Partner) -> Path:
    path = partner.home / "inbox" / "done"
    path.mkdir()
    partner.give(path)
    return path


def test_only_what_is_done_is_moved_and_nothing_is_overwritten(partner: Partner, done: Path, survived: Any) -> None:
    leave(partner, "a.csv", "b.csv", "held.csv")
    (done / "b.csv").write_text("of last month")
    assert aside(partner, lambda file: file.name != "held.csv") == (2, ())
    now = {"done/a.csv": "a.csv", "done/b.csv": "of last month", f"done/b.csv.{WHEN}": "b.csv", "held.csv": "held.csv"}
    survived("name taken where files are put aside", expected=now.items(), found=stands(partner).items())
    assert aside(partner, lambda file: file.name != "held.csv") == (0, ())


def test_a_file_that_changed_since_it_was_accepted_stays(partner: Partner, done: Path, survived: Any) -> None:
    leave(partner, "a.csv")
    assert aside(partner, RemoteFile("a.csv", 5, WHEN - 1).__eq__) == (0, ())
    survived("file changed before it is put aside", expected=[("a.csv", "a.csv")], found=stands(partner).items())


def test_a_folder_that_is_missing_or_denied_is_told_and_nothing_is_lost(
    openssh: Callable[..., Partner], survived: Any
) -> None:
    partner = openssh()
    leave(partner, "a.csv", "b.csv")
    assert aside(partner) == (0, ("T10", "T10"))
    done = partner.home / "inbox" / "done"
    done.mkdir(mode=0o500)
    partner.give(done)
    assert aside(partner) == (0, ("T11", "T11"))
    survived("no folder to put aside in", expected=[(n, n) for n in ("a.csv", "b.csv")], found=stands(partner).items())


def test_a_line_cut_amid_the_move_is_made_again(
    partner: Partner, done: Path, breaking_line: Callable[..., int], survived: Any
) -> None:
    names = [f"{n:02}.csv" for n in range(40)]
    leave(partner, *names)
    far = partner.over(breaking_line(partner.endpoint.port, Break(13_000, "reset")))
    assert aside(far)[1] == ()
    expected = [(f"done/{name}", name) for name in names]
    survived("line cut while files are put aside", expected=expected, found=stands(partner).items())


def test_a_folder_that_cannot_be_listed_is_told(embedded: Callable[..., Partner]) -> None:
    partner = embedded()
    (partner.home / "inbox").rmdir()
    with pytest.raises(TransferFault, match="T10"):
        aside(partner)
