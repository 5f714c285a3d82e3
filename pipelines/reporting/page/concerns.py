"""Whether a night is right, and what of it needs a person: each matter with what to do now and the command to type.

What the store can tell is told from the store. The lines that the run itself put on record are added where nothing
else on the page tells of the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from pipelines.checks import CHECKS
from pipelines.delivery.gates import GATES
from pipelines.releases import FILE_CODES, READ_AGAIN
from pipelines.reporting.page.figures import NightFigures, Owed
from pipelines.transfer.codes import TRANSFER_CODES
from schemas.findings import CATALOGUE

Row = TypeVar("Row", bound=tuple[object, ...])

_TOLD_ELSEWHERE = {"no_file_is_held", "no_delivery_is_held", "nothing_is_left_undelivered"}
"""Checks whose violations are matters of their own here, each with the file or provider it is about."""

_ABOUT_PARTNERS = re.compile(
    r"source \S+: (\[|a file was left)|provider \d{10}: \d+ rows are held by |\S+: \d+ files not delivered \("
)
"""Lines of a run about partners of which the store tells more, and whether it is still so."""

_SHOWN_BY = {
    "no_authorized_member_is_missing_from_a_full_file": "ecm-exchange status --list missing_from_full",
    "no_hcp_status_is_unknown": "ecm-exchange quarantine list",
}
"""What shows the violations of checks whose remedy names no command."""

_MEANINGS = {check.meaning: check for check in CHECKS}
_COMMAND = re.compile(r"`(ecm-exchange [^`]+)`")
_LINE = re.compile(r"^(?P<meaning>.*) \((?P<count>\d+)\): (?P<remedy>.*)$", re.DOTALL)
_MOST_NAMES = 4
_DOWN, _NOT_TRIED = "T01", "T08"
_FIRST = 12
"""Characters of an id that a command is given."""


class State(StrEnum):
    """How a night stands, the worst first."""

    STOPPED = "stopped"
    UNFINISHED = "unfinished"
    WRONG = "wrong"
    RIGHT = "right"


class Theme(StrEnum):
    """What a matter is about; the last four are seen from outside of a night, and stand on no page."""

    STOP = "stop"
    UNDELIVERED = "undelivered"
    HELD_ROWS = "held rows"
    HELD_FILES = "held files"
    UNREAD = "unread"
    LEFT = "left"
    CHECK = "check"
    LINE = "line"
    MISSED = "missed"
    SILENT = "silent"
    BACKUP = "backup"
    KEY = "key"


@dataclass(frozen=True)
class Matter:
    """Something that needs a person."""

    what: str
    do: str
    command: str
    theme: Theme
    code: str = ""
    """Code of what was found, or name of the check that found it."""
    about: tuple[str, ...] = ()
    """What the matter is about, by which it is known again in another night: partners, ids of files, a line."""
    number: int = 0
    """Violations of a check."""


@dataclass(frozen=True)
class Stop:
    """What stopped a night before its end."""

    station: str
    code: str
    what: str
    remedy: str


@dataclass(frozen=True)
class Verdict:
    """The first lines of the page."""

    state: State
    headline: str
    says: str
    """What follows from it, in a sentence."""
    waits: str
    """What waits for the JI liaison, in a sentence; empty when nothing does."""
    matters: tuple[Matter, ...]


Naming = Callable[[Sequence[str]], str]
"""Says which partners a matter is about."""


def judge(figures: NightFigures, stop: Stop | None = None, *, by_name: bool = True) -> Verdict:
    """Say whether the night is right and what a person has to do.

    Without names it is fit to leave the plan: partners are counted, and so are lines of the run that may name one.
    """
    named = _named if by_name else _counted
    lines = _lines(figures) if by_name else _lines_counted(figures)
    matters, waits = (*_stop_of(figures, stop), *_matters(figures, named), *lines), _what_waits(figures)
    if stop is not None:
        headline = f"The night stopped at \N{LEFT DOUBLE QUOTATION MARK}{stop.station}\N{RIGHT DOUBLE QUOTATION MARK}."
        says = "What was done before it is kept. Nothing after it was done."
        return Verdict(State.STOPPED, headline, says, waits, matters)
    if not figures.is_finished:
        says = "It is still at work, or it was broken off: then run it again, and it goes on from what stands."
        return Verdict(State.UNFINISHED, "The night has not come to its end.", says, waits, matters)
    if matters:
        many = len(matters)
        headline = f"The night is not right: {many} matter{'s need' if many > 1 else ' needs'} a person now."
        return Verdict(State.WRONG, headline, _what_stands(figures), waits, matters)
    return Verdict(State.RIGHT, "The night is right. Nothing needs mending.", _what_stands(figures), waits, ())


def _what_waits(figures: NightFigures) -> str:
    overdue, unassigned, late = (figures.waiting[name] for name in ("CLOCKS_OVERDUE", "UNASSIGNED", "LATE_ADDS"))
    told = [
        f"{_of(overdue, 'clock')} overdue" if overdue else "",
        f"{unassigned:,} {'person' if unassigned == 1 else 'people'} without a provider" if unassigned else "",
        _of(late, "late add") if late else "",
    ]
    *first, last = [each for each in told if each] or [""]
    return f"The JI liaison has {', '.join(first)}{' and ' if first else ''}{last}." if last else ""


def _what_stands(figures: NightFigures) -> str:
    summary, told = figures.summary, sum(1 for each in figures.went if each.delivered)
    waits = sum(1 for each in figures.went if each.owed)
    known = summary.rows_loaded + summary.rows_rejected + summary.rows_duplicate
    balance = "every one accounted for" if known == summary.rows_in else "not all of them accounted for"
    came = f"{_of(summary.files_in, 'file')} came with {_of(summary.rows_in, 'row')}, {balance}"
    went = f"{_of(told, 'provider')} found what is new for their members" if told else "No provider was told anything"
    still = f"; {_of(waits, 'provider')} still wait{'s' if waits == 1 else ''}" if waits else ""
    return f"{came if summary.files_in else 'Nothing came'}. {went}{still}."


def _matters(figures: NightFigures, named: Naming) -> Iterator[Matter]:
    """Tell what is wrong, first what somebody waits for: files that did not arrive, then what is held.

    What has one cause is one matter: a server that is down may be that of a hundred providers.
    """
    name = figures.partner_name
    yield from undelivered(figures.owed, figures.business_date, lambda partners: named(list(map(name, partners))))
    for code, holds in _by(figures.holds, lambda each: each[2]).items():
        partners = [npi for _, npi, _, _, _ in holds]
        alone = holds[0] if len(holds) == 1 else None
        what, do, command = _held_rows(
            named([name(each) for each in partners]), code, sum(each[3] for each in holds), alone
        )
        yield Matter(what, do, command, Theme.HELD_ROWS, code, tuple(partners))
    for code, files in _by(figures.held_files, lambda each: each[2]).items():
        ids = tuple(file_id for file_id, _, _ in files)
        what, do, command = _held_files(
            named([name(source) for _, source, _ in files]), code, len(files), ids[0][:_FIRST] if len(ids) == 1 else ""
        )
        yield Matter(what, do, command, Theme.HELD_FILES, code, ids)
    for code, visits in _by(figures.visits, lambda each: each[1]).items():
        if code:
            partners = [source for source, _, _ in visits]
            what, do, command = _unread(named([name(each) for each in partners]), code)
            yield Matter(what, do, command, Theme.UNREAD, code, tuple(partners))
    left = [(source, code) for source, _, codes in figures.visits for code in filter(None, codes.split("; "))]
    for code, found in _by(left, lambda each: each[1]).items():
        partners = [source for source, _ in found]
        what, do = _left(named([name(each) for each in partners]), code, len(found))
        yield Matter(what, do, "", Theme.LEFT, code, tuple(partners))


def _by(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    """Gather rows by their code; who was not tried because a server was down stands with those who were."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    if _DOWN in found and _NOT_TRIED in found:
        found[_DOWN] += found.pop(_NOT_TRIED)
    return found


def _named(names: Sequence[str]) -> str:
    """Name some, and count the others."""
    different = list(dict.fromkeys(names))
    more = len(different) - _MOST_NAMES
    return ", ".join(different[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _counted(names: Sequence[str]) -> str:
    """Count partners instead of naming them."""
    return _of(len(set(names)), "partner")


def _stop_of(figures: NightFigures, stop: Stop | None) -> Iterator[Matter]:
    if stop is not None:
        command = command_in(stop.remedy) or _run(figures.business_date)
        yield Matter(f"{_sentence(stop.what)[:-1]} ({stop.code}).", _sentence(stop.remedy), command, Theme.STOP,
                     stop.code, (stop.station,))  # fmt: skip
    elif not figures.is_finished:
        do = "See whether it is at work still; run it again if it is not."
        yield Matter("The last run of this night has no end on record.", do, _run(figures.business_date), Theme.STOP)


def _unread(names: str, code: str) -> tuple[str, str, str]:
    entry = TRANSFER_CODES.get(code)
    what = f"{names}: {entry.meaning if entry else 'it could not be read'} ({code})."
    return what, entry.remedy if entry else "See what the run says of it.", "ecm-exchange doctor"


def _left(names: str, code: str, files: int) -> tuple[str, str]:
    entry = TRANSFER_CODES.get(code)
    what = f"{names}: {_of(files, 'file')} left there; {entry.meaning if entry else 'not taken'} ({code})."
    return what, entry.remedy if entry else "Look into the sender's folder."


def _held_files(names: str, code: str, files: int, file_id: str) -> tuple[str, str, str]:
    found = CATALOGUE[code]
    what = f"{names}: {'a file is' if files == 1 else f'{files} files are'} held; {found.meaning} ({code})."
    do, command = found.remedy, f"ecm-exchange quarantine {f'show {file_id}' if file_id else 'list'}"
    if code in READ_AGAIN:
        do = "If its sender heads columns otherwise now, add the headings to its layout; then"
        return what, f"{do} `ecm-exchange release {file_id or 'ID'} --reason ... --by ...` reads it again.", command
    if code in FILE_CODES:
        return (
            what,
            f"{do} Or let it pass with `ecm-exchange release {file_id or 'ID'} --reason ... --by ...`.",
            command,
        )
    return what, f"The sender is told; it has to send again. {do}", command


def _held_rows(names: str, code: str, rows: int, alone: tuple[str, str, str, int, str] | None) -> tuple[str, str, str]:
    gate = GATES[code]
    detail = f"; {alone[4]}" if alone else ""
    what = f"{names}: {_of(rows, 'row')} held; {gate.meaning} ({code}{detail})."
    return what, gate.remedy, f"ecm-exchange quarantine {f'show {alone[0][:_FIRST]}' if alone else 'list'}"


def undelivered(owed: Sequence[Owed], on: date, named: Naming = _counted) -> Iterator[Matter]:
    """Tell of files that were written and have not arrived; partners are counted unless `named` says which they are."""
    for code, rows in _by(owed, lambda each: each[2]).items():
        partners = [recipient for _, recipient, _, _ in rows]
        what, do, command = _undelivered(named(partners), code, sum(files for *_, files in rows), on)
        yield Matter(what, do, command, Theme.UNDELIVERED, code, tuple(partners))


def _undelivered(name: str, code: str, files: int, on: date) -> tuple[str, str, str]:
    entry = TRANSFER_CODES.get(code)
    why = f"; {entry.meaning} ({code})" if entry else ""
    what = f"{name}: {_of(files, 'file')} not delivered{why}."
    return what, f"{entry.remedy if entry else ''} The next run sends what is owed.".strip(), _run(on)


def _lines(figures: NightFigures) -> Iterator[Matter]:
    """Tell the lines of the run of which nothing above tells."""
    for line in figures.problems:
        found = _LINE.match(line)
        check = _MEANINGS.get(found["meaning"]) if found else None
        if _ABOUT_PARTNERS.match(line) or (check is not None and check.name in _TOLD_ELSEWHERE):
            continue
        if found is not None and check is not None:
            do = found["remedy"]
            command = command_in(do) or _SHOWN_BY.get(check.name, "")
            yield Matter(f"{_sentence(found['meaning'])[:-1]} ({found['count']}).", do, command, Theme.CHECK,
                         check.name, number=int(found["count"]))  # fmt: skip
        else:
            command = command_in(line) or "ecm-exchange status"
            yield Matter(_sentence(line), "See what stands behind it.", command, Theme.LINE, about=(line,))


def _lines_counted(figures: NightFigures) -> Iterator[Matter]:
    """Tell of lines that may name a partner only how many they are."""
    matters = list(_lines(figures))
    yield from (each for each in matters if each.theme is Theme.CHECK)
    if lines := [line for each in matters if each.theme is Theme.LINE for line in each.about]:
        what = f"The run has {_of(len(lines), 'more line')} for a person."
        yield Matter(what, "Read them on the page of the night.", "ecm-exchange status", Theme.LINE, about=tuple(lines))


def command_in(text: str) -> str:
    """Return the command of this software that a text names first."""
    found = _COMMAND.search(text)
    return found[1] if found else ""


def _run(on: date) -> str:
    return f"ecm-exchange run --date {on}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def _of(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
