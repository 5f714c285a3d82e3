"""The words of a message: a line that says what it is, and a text for somebody who was woken by it.

Plain text: counts, codes, what to do and what to type. A line is as long as what it says, since a channel breaks it by
itself, on a telephone too; for a mail it is broken at 76 columns.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.alerts.decide import Due, Why
from pipelines.alerts.matters import Standing
from pipelines.config.alerts import Kind

WIDTH = 76

_COMMAND = "   $ "
_PAGE = "Page: "

Severity = Literal["failure", "warning", "success", "info"]

_OVER: dict[Kind, str] = {
    "stopped": "the night has come to its end",
    "missed": "the night is there",
    "undelivered": "everything has arrived",
    "needs_person": "nothing needs a person any more",
}
_STAYS: dict[Kind, str] = {
    "stopped": "each night that stops is told, and when one has come to its end",
    "missed": "it is told when the night is there",
}


@dataclass(frozen=True)
class Letter:
    """A message to one address."""

    to: str
    """Environment variable of the address."""
    title: str
    text: str
    """Lines of any length; what belongs to a numbered one is set in."""
    severity: Severity
    key: str
    """The same for everything that is told of one kind, so that an incident is one and can be closed."""


def broken(text: str) -> str:
    """Break lines for a mail, but those that are to be typed or opened as they are."""
    return "\n".join(broken for line in text.splitlines() for broken in _broken(line)) + "\n"


def letter(standing: Standing, told: Due) -> Letter:
    """Write what is due."""
    lines = [*_opening(standing, told), *_matters(standing, told)]
    if told.why is not Why.OVER:
        lines += [f"{_PAGE}{standing.page}", ""]
    lines.append(_foot(standing, told))
    key = f"ecm-exchange {standing.plan} {told.kind}"
    return Letter(told.alert.to, _title(standing, told), "\n".join(lines) + "\n", _severity(standing, told), key)


def trial(plan: str, on: date, to: str) -> Letter:
    """Write what tries an address."""
    text = (
        f"This is a trial of the address in {to}, sent by hand on {on}. Nothing is wrong, nothing needs to be done. "
        f"Messages of the ECM exchange of plan {plan} arrive here in this form."
    )
    title = f"{plan}: a trial, nothing is wrong"
    return Letter(to, title, f"{text}\n", "info", f"ecm-exchange {plan} trial")


def _title(standing: Standing, told: Due) -> str:
    on, many = standing.on, len(told.matters)
    since = min((thing.since for _, thing in told.matters), default=on)
    match told.kind:
        case _ if told.why is Why.OVER:
            what = f"all clear, {_OVER[told.kind]}"
        case "finished":
            what = f"the night of {on} is finished and {'right' if standing.is_right else 'not right'}"
        case "stopped":
            did = "stopped" if any(told.matters[0][0].about) else "did not begin"
            what = f"the night of {on} {did} ({_codes(told)})"
        case "missed":
            what = f"the night of {on} is not there ({_codes(told)})"
        case "undelivered":
            waiting = len({each for matter, _ in told.matters for each in matter.about})
            what = f"files for {waiting} partner{'s' if waiting > 1 else ''} have not arrived"
        case _:
            what = f"{many} matter{'s need' if many > 1 else ' needs'} a person"
    return f"{standing.plan}: {what}{f' (since {since})' if told.why is Why.AGAIN else ''}"


def _opening(standing: Standing, told: Due) -> Iterator[str]:
    match told.kind:
        case "finished" | "stopped" | "missed" if told.why is not Why.OVER:
            text = f"{standing.headline} {standing.says}".strip()
        case "undelivered" if told.why is not Why.OVER:
            text = "Who waits for them does not know what is new."
        case _:
            return
    yield from (text, "")


def _matters(standing: Standing, told: Due) -> Iterator[str]:
    for number, (matter, thing) in enumerate(told.matters, start=1):
        since = f" Since the night of {thing.since}." if thing.since < standing.on else ""
        yield f"{number}. {matter.what}{since}"
        if matter.do:
            yield f"   {matter.do}"
        if matter.command:
            yield f"{_COMMAND}{matter.command}"
        yield ""


def _broken(line: str) -> list[str]:
    if not line or line.startswith((_COMMAND, _PAGE)):
        return [line]
    rest = "   " if line[0] == " " or line[0].isdigit() else ""
    return textwrap.wrap(line, WIDTH, subsequent_indent=rest, break_on_hyphens=False)


def _foot(standing: Standing, told: Due) -> str:
    about = f"ECM exchange of plan {standing.plan}, night of {standing.on}."
    if told.kind == "finished":
        return f"{about} Told once a night; where nothing comes by morning, see why."
    if told.why is Why.OVER:
        return about
    days = told.alert.again_after_days
    stays = f"it is told again when more is found, after {days} night{'s' if days > 1 else ''}, and when it is over"
    text = _STAYS.get(told.kind, stays)
    return f"{about} {text[:1].upper()}{text[1:]}."


def _codes(told: Due) -> str:
    return ", ".join(dict.fromkeys(matter.code for matter, _ in told.matters))


def _severity(standing: Standing, told: Due) -> Severity:
    if told.why is Why.OVER:
        return "success"
    if told.kind == "finished":
        return "info" if standing.is_right else "warning"
    return "warning" if told.kind == "needs_person" else "failure"
