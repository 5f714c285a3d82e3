"""Listings that no honest folder has: names that lead elsewhere, no names, a hundred thousand of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines.transfer.jail import Answer, Jail
from pipelines.transfer.protocol import Attributes, Fields, text
from tests.faults.transfer.conftest import Partner, hashes

HONEST = b"honest.csv"
REGULAR = 0o100644


def listing(names: Sequence[bytes]) -> Callable[[Path], Jail]:
    """A server that lists these names beside what is there."""

    class Lists(Jail):
        def opendir(self, fields: Fields) -> Answer:
            answer = super().opendir(fields)
            (handle,) = self._listings
            lies: Iterator[tuple[bytes, Attributes]] = iter([(name, Attributes(3, 0, REGULAR, 0)) for name in names])
            honest = self._listings[handle]
            self._listings[handle] = (entry for entries in (lies, honest) for entry in entries)
            return answer

        def open(self, fields: Fields) -> Answer:
            asked.append(fields.text())
            return super().open(Fields(text(asked[-1]) + fields.take(8).tobytes()))

    asked: list[bytes] = []
    Lists.asked = asked  # type: ignore[attr-defined]
    return Lists


HOSTILE = [
    b"../../etc/passwd", b"/etc/passwd", b"..", b"", b"a/b.csv", b"a\\b.csv", b"nul\0.csv", b"two\nlines.csv", b"-rf",
    b"\x1b[2J.csv", b"latin1-\xe9.csv", b"x" * 300 + b".csv", "\u202egnp.csv".encode(), "Pen\u0303a.csv".encode(),
    b" .csv",
]  # fmt: skip


def test_a_name_that_leads_elsewhere_or_fools_the_eye_is_never_asked_for(
    embedded: Callable[..., Partner], survived: Any
) -> None:
    jail: Any = listing(HOSTILE)
    partner = embedded(jail)
    partner.put(HONEST.decode(), b"abc")
    pulled = partner.pull()
    assert jail.asked == [b"inbox/" + HONEST]
    told = [file for file in pulled.skipped if file.name.startswith("unsafe:") and file.code == "T17"]
    assert len(told) == len(pulled.skipped) == len(HOSTILE) - 1  # `..` is the folder's own entry
    survived("hostile name in a listing", expected=hashes({"": b"abc"}), found=partner.landed())


def test_a_name_listed_twice_lands_once_as_what_it_is(embedded: Callable[..., Partner], survived: Any) -> None:
    partner = embedded(listing([HONEST]))
    partner.put(HONEST.decode(), b"abc")
    assert [file.code for file in partner.pull().skipped] == ["T20"]
    survived("name listed twice", expected=hashes({"": b"abc"}), found=partner.landed())


def test_a_hundred_thousand_entries_hide_no_file(
    embedded: Callable[..., Partner], survived: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.transfer.jail._NAMES_AT_ONCE", 1000)
    partner = embedded(listing([b"archive-%06d.txt" % n for n in range(100_000)]))
    partner.put(HONEST.decode(), b"abc")
    started = time.monotonic()
    pulled = partner.pull(is_known=lambda file: file.name.startswith("archive"))
    assert time.monotonic() - started < 30
    assert pulled.known == 100_000
    survived("hundred thousand entries", expected=hashes({"": b"abc"}), found=partner.landed())
