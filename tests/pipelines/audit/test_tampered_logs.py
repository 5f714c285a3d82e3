"""Whoever changes the audit log is found out, and told at which entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.audit.chain import Entry, bind, read_link
from pipelines.audit.verify import Verdict, verify
from pipelines.warehouse import run_lock
from pipelines.warehouse.door import open_as_it_is

Lines = list[str]


def judged(home: Any, *, with_store: bool = True) -> Verdict:
    with run_lock(home.path):
        if not with_store:
            return verify(None, home.path)
        with open_as_it_is(home.path) as warehouse:
            return verify(warehouse, home.path)


def changed(lines: Lines) -> Lines:
    return [lines[0], lines[1].replace("two", "TWO"), lines[2]]


def changed_with_its_hash(lines: Lines) -> Lines:
    """As somebody does who knows how the hash is made, but does not write all that follows anew."""
    link = read_link(lines[1].encode())
    forged = bind(Entry(2, "2026-11-03", "READ_ANEW", "TWO", ""), None, link.previous)
    return [lines[0], forged.line().decode().strip(), lines[2]]


def written_anew(lines: Lines) -> Lines:
    """As somebody does who writes the whole chain anew."""
    links = [read_link(line.encode()) for line in lines]
    previous, forged = links[0].previous, []
    for link in links:
        entry = Entry(**{**vars(link.entry), "subject": link.entry.subject.upper()})
        forged.append(bind(entry, None, previous))
        previous = forged[-1].hash
    return [link.line().decode().strip() for link in forged]


@pytest.mark.parametrize(
    ("tamper", "first", "misfit"),
    [
        (changed, 2, "CHANGED"),
        (lambda lines: [lines[0], lines[2]], 2, "OUT_OF_PLACE"),
        (lambda lines: lines[1:], 1, "OUT_OF_PLACE"),
        (lambda lines: [lines[0], lines[2], lines[1]], 2, "OUT_OF_PLACE"),
        (lambda lines: [lines[0], lines[0], *lines[1:]], 2, "OUT_OF_PLACE"),
        (lambda lines: [lines[0], "{}", *lines[1:]], 2, "UNREADABLE"),
        (lambda lines: lines[:2], 3, "MISSING"),
        (lambda lines: lines[:0], 1, "MISSING"),
    ],
)
@pytest.mark.parametrize("with_store", [True, False])
def test_a_change_is_found_at_its_entry(
    home: Any, tamper: Callable[[Lines], Lines], first: int, misfit: str, *, with_store: bool
) -> None:
    home.log.write_text("".join(f"{line}\n" for line in tamper(home.told())))
    verdict = judged(home, with_store=with_store)
    assert (verdict.first_misfit, verdict.misfit) == (first, misfit)


@pytest.mark.parametrize(
    ("tamper", "with_store", "first", "misfit"),
    [
        (changed_with_its_hash, True, 2, "NOT_IN_STORE"),
        (changed_with_its_hash, False, 3, "OUT_OF_PLACE"),
        (written_anew, True, 1, "NOT_IN_STORE"),
        (written_anew, False, 3, "MARK"),
    ],
)
def test_hashes_made_anew_do_not_help(
    home: Any, tamper: Callable[[Lines], Lines], first: int, misfit: str, *, with_store: bool
) -> None:
    home.log.write_text("".join(f"{line}\n" for line in tamper(home.told())))
    verdict = judged(home, with_store=with_store)
    assert (verdict.first_misfit, verdict.misfit) == (first, misfit)


def test_an_entry_taken_out_of_the_store_is_missed(home: Any) -> None:
    with run_lock(home.path), open_as_it_is(home.path) as warehouse:
        warehouse.run("DELETE FROM ledger.audit WHERE entry = 2")
    assert judged(home) == Verdict(1, "NOT_IN_STORE")


def test_an_untouched_log_fits_and_holds_each_entry_once(home: Any) -> None:
    home.decide_and_die("four")
    home.decide("five")
    assert judged(home) == Verdict(5, "")
    assert [json.loads(line)["subject"] for line in home.told()] == ["one", "two", "three", "four", "five"]
    assert home.log.stat().st_mode & 0o777 == 0o600
    assert home.log.parent.stat().st_mode & 0o777 == 0o700
