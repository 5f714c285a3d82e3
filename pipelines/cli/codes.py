"""The command `explain-code`: the page of a code on a terminal. It needs no configuration, no store and no network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

import typer
from rich.text import Text

from pipelines.cli.common import JsonOption, out, print_json
from pipelines.codes import CODES, FAMILIES, Explained
from pipelines.codes.exits import EXITS
from pipelines.codes.lookup import Found, look_up, namesake
from pipelines.codes.rules import PLACES
from schemas.rules import RULES, Rule

_TYPED = re.compile(r"`([^`]+)`")
_PROGRAMS = ("ecm-exchange ", "pip ", "ssh", "chmod ", "df ")
_WIDEST = 100
"""Columns beyond which lines of prose are hard to read."""

_LABEL, _NAME = 13, 7
"""Columns for what a line is about, and for a code in a list."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(explain_code)


def complete_code(incomplete: str) -> Iterator[tuple[str, str]]:
    """Give the codes and rules that begin so, each with its meaning, to a shell."""
    known = {**{code: each.meaning for code, each in CODES.items()}, **{rule.id: rule.says for rule in RULES.values()}}
    yield from ((code, says) for code, says in known.items() if code.startswith(incomplete.upper()))


def explain_code(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE",
            help="A code (R05), a rule (R5), an error of an 834 (ELE:8) or an exit code (75); all if left out.",
            autocompletion=complete_code,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Explain a code: what it means, why it comes, what to do now.

    Also what it does and who hears of it. Without a code all of them are listed.
    """
    if code is None:
        _list_as_json() if json else _list()
        return
    found = look_up(code)
    if json:
        print_json(_as_json(found))
        return
    if found.exit_number is not None:
        _show_exit(found.exit_number)
    if found.code is not None:
        _show_code(found.code, found.part)
    if found.code is not None and found.rule is not None:
        out.print(f"\n{found.rule.id} is also a rule of the field. It is another thing:\n")
    if found.rule is not None:
        _show_rule(found.rule)
    if other := namesake(found):
        out.print()
        _say(other)


def _show_code(code: Explained, part: str) -> None:
    _head(code.code, code.meaning)
    if part:
        _lines("says", [f"{name}  {means}" for name, means in code.parts if name == part])
        out.print()
    numbers = [f"{number}  " for number in range(1, len(code.do) + 1)] if len(code.do) > 1 else [""]
    _lines("do now", code.do, numbers)
    _lines("type", _commands(code), wrap=False)
    out.print()
    _lines("why", [code.why])
    if not part:
        _lines("one of", [means for _, means in code.parts], [f"{name}  " for name, _ in code.parts])
    ends = [] if code.exit_code is None else [f"The command ends with {int(code.exit_code)}."]
    _lines("effect", [" ".join([code.effect.does, *ends])])
    _lines("who hears", [code.effect.told])
    _lines("example", [code.example])
    _lines("page", [f"docs/codes/{code.code}.md"])


def _show_rule(rule: Rule) -> None:
    places = PLACES[rule.id]
    _head(rule.id, rule.says)
    _lines("source", [rule.source])
    _lines("set in", [", ".join(places.set_in)] if places.set_in else ["nothing: it is the same for every plan"])
    _lines("computed", [", ".join(places.computed_in)])
    _lines("of a member", ["`ecm-exchange explain CIN` shows by which rules something was decided."])
    _lines("page", ["docs/rules.md"])


def _show_exit(number: int) -> None:
    means, do = EXITS[number]
    _head(str(number), f"exit code: {means}")
    _lines("do now", [do])


def _list() -> None:
    for title, codes in FAMILIES.values():
        out.print(Text(title, "bold"))
        _columns([(code.code, code.meaning) for code in codes])
        out.print()
    out.print(Text("Rules of the field", "bold"))
    _columns([(rule.id, rule.says) for rule in RULES.values()])
    out.print()
    out.print(Text("Exit codes", "bold"))
    _columns([(str(number), means) for number, (means, _) in EXITS.items()])


def _list_as_json() -> None:
    print_json(
        {
            "codes": [_code_as_json(code) for code in CODES.values()],
            "rules": [_rule_as_json(rule) for rule in RULES.values()],
            "exit_codes": {number: means for number, (means, _) in EXITS.items()},
        }
    )


def _as_json(found: Found) -> dict[str, Any]:
    number = found.exit_number
    return {
        "code": None if found.code is None else _code_as_json(found.code) | {"part": found.part or None},
        "rule": None if found.rule is None else _rule_as_json(found.rule),
        "exit_code": None
        if number is None
        else {"exit_code": number, "meaning": EXITS[number][0], "do": EXITS[number][1]},
    }


def _code_as_json(code: Explained) -> dict[str, Any]:
    return {
        "code": code.code,
        "meaning": code.meaning,
        "why": code.why,
        "do": code.do,
        "commands": _commands(code),
        "effect": code.effect.does,
        "who_hears": code.effect.told,
        "example": code.example,
        "exit_code": code.exit_code,
        "parts": dict(code.parts),
    }


def _rule_as_json(rule: Rule) -> dict[str, Any]:
    places = PLACES[rule.id]
    return {
        "rule": rule.id,
        "says": rule.says,
        "source": rule.source,
        "set_in": places.set_in,
        "computed_in": places.computed_in,
    }


def _commands(code: Explained) -> list[str]:
    return [typed for typed in code.commands if typed.startswith(_PROGRAMS)]


def _head(name: str, text: str) -> None:
    _say(text, f"{name}  ", style="bold")
    out.print()


def _lines(label: str, texts: Sequence[str], marks: Sequence[str] = (), *, wrap: bool = True) -> None:
    """Print texts behind a label, each on lines of its own and behind its mark; a long mark has a line to itself."""
    for number, text in enumerate(texts):
        before = ("" if number else label).ljust(_LABEL)
        mark = marks[number] if marks else ""
        if len(mark) > _LABEL:
            _say(mark, before)
            before, mark = " " * _LABEL, "  "
        _say(text, before + mark, wrap=wrap)


def _columns(rows: Iterable[tuple[str, str]]) -> None:
    for name, text in rows:
        _say(text, name.ljust(_NAME))


def _say(text: str, before: str = "", *, style: str = "", wrap: bool = True) -> None:
    """Print a text behind what stands before it, and its further lines under its beginning."""
    width = min(out.width, _WIDEST) - len(before)
    lines = _coloured(text, style).wrap(out, width) if wrap else [_coloured(text, style)]
    for number, line in enumerate(lines):
        line.rstrip()
        first = Text(before if number == 0 else " " * len(before), "bold" if style else "cyan")
        out.print(Text.assemble(first, line), soft_wrap=True)


def _coloured(text: str, style: str) -> Text:
    """What is to be typed stands out where there is colour."""
    pieces = enumerate(_TYPED.split(text))
    return Text.assemble(*((piece, "green" if number % 2 else style) for number, piece in pieces))
