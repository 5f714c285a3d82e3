"""Read profiles of 834 dialects from TOML files. Every mistake is told at once, with its line and what may be meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from parsers.x12.profile import KINDS, TABLES, WHOLE, Column, Condition, EnrollmentProfile, Origin, Place
from parsers.x12.profile_places import Mistake, check_columns, check_repetitions, place_of, suggestion
from parsers.x12.tables import COLUMNS, READERS_OWN
from schemas.problems import ConfigurationError
from schemas.toml_text import parse_toml

PROFILE_FOLDER = Path(__file__).with_name("profiles")

DECLARED = {table: tuple(name for name in columns if name not in READERS_OWN) for table, columns in COLUMNS.items()}
"""The columns that a profile may declare, by table."""

_INDISPENSABLE = {
    "members": ("maintenance_type", "cin", "last_name", "first_name", "birth_date"),
    "coverage": ("maintenance_type", "insurance_line", "hcp_code", "benefit_begin", "benefit_end", "benefit_month"),
    "reporting": ("category",),
}
"""Columns without which every row would be refused, or stand in no month."""

_SETTINGS: dict[str, type] = {
    "name": str,
    "version": str,
    "separator": str,
    "needed": list,
    **dict.fromkeys(TABLES, dict),
}
_KEYS: dict[str, type] = {
    "at": str, "of": str, "value": str, "after": str, "repeats": bool, "slot": int, "chars": str, "when": dict,
    "without_end": str, "as": str, "codes": dict,
}  # fmt: skip
_SOURCES = ("at", "of", "value")
_OF_A_PLACE = ("after", "repeats", "slot", "chars", "when", "without_end")
_CHARS = re.compile(r"([1-9][0-9]{0,2})(-([1-9][0-9]{0,2})?)?")
_MOST_SLOTS = 100


def available_profiles() -> tuple[str, ...]:
    """Names of the profiles the project brings."""
    return tuple(sorted(path.stem for path in PROFILE_FOLDER.glob("*.toml")))


@cache
def load_profile(name_or_path: str | Path) -> EnrollmentProfile:
    """Read a profile by the name of one the project brings, or from a TOML file.

    Top level: `name`, `version`, `separator` (of values packed into one element; default `;`) and `needed` (columns
    such as `coverage.benefit_begin`; a row with nothing at their places breaks the structure of its member, R17). Then
    the tables `[members]`, `[coverage]` and `[reporting]` with one entry for each column of `schemas.enrollment`: an
    origin, or a list of origins of which the first that has a value counts. An origin is one of

    - `at = "2000/REF*3H/02"`: loop, segment with its qualifier (`NM1*IL|74` for either) and element, also `05-3` for a
      component; places of the member's loops may stand for coverage and reporting too;
    - `of = "benefit_begin"`: another column of the table, in its canonical form;
    - `value = "..."`: one text for every row;

    and may say further

    - `when = { 05 = "CY", "2000/INS/03" = ["001", "021"] }`: codes that other elements must hold;
    - `after = "TE"`: pairs of qualifier and value begin at the element, and the value after this qualifier is meant;
    - `repeats = true`: the segment may repeat, and the first value counts;
    - `slot = 3`: the third of the values packed with the separator; `chars = "4-5"`, `"7-"`: a fixed-width piece of it;
    - `without_end = "02"`: cut off what that element repeats at the end;
    - `as`: `text` (default), `upper`, `cin` (capitals, without what follows on a card), `date` (YYYYMMDD), `span_begin`
      and `span_end` (of YYYYMMDD-YYYYMMDD, or a date), `year_month` (YYYYMM, as its first day), `month` (the first day
      of a date's month; missing where there is no date). What is not of its form stays as it is;
    - `codes = { HYE = "ARM" }`: the sender's codes and ours; others stay as they are.

    Raises
    ------
    ConfigurationError
        When there is no such profile, or with all that the file says and nobody understands or the guide has no place
        for, each with its line.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        if str(name_or_path) not in available_profiles():
            hint = suggestion(str(name_or_path), available_profiles())
            raise _problem(f"there is no 834 profile of this name{hint}", str(name_or_path))
        path = PROFILE_FOLDER / f"{name_or_path}.toml"
    try:
        text = path.read_text(encoding="utf-8")
        document = parse_toml(text)
    except OSError as failure:
        raise _problem(f"the 834 profile cannot be opened ({failure.strerror})", path.name) from None
    except UnicodeDecodeError:
        raise _problem("the 834 profile is not UTF-8 text", path.name) from None
    except tomllib.TOMLDecodeError as mistake:
        raise _problem(f"the 834 profile is not valid TOML: {mistake}", path.name) from None
    mistakes: list[Mistake] = []
    profile = _profile(document, mistakes)
    if mistakes:
        told = sorted((_line_of(mistake.key, text), mistake) for mistake in dict.fromkeys(mistakes))
        raise _problem("; ".join(f"line {line}, {m.key}: {m.what}" for line, m in told), path.name)
    return profile


def with_cin(profile: EnrollmentProfile, field: str | None, slot: int | None) -> EnrollmentProfile:
    """Let a profile find the CIN at another place, in another slot, or both.

    Raises
    ------
    ConfigurationError
        When the guide has no such place.
    """
    if field is None and slot is None:
        return profile
    mistakes: list[Mistake] = []
    declared = next(column for column in profile.members if column.name == "cin")
    origin = declared.origins[0] if field is None else Origin(place_of(field, "cin_field", mistakes), kind="cin")
    column = Column("cin", (replace(origin, slot=slot or 0),))
    check_columns("members", (column,), mistakes)
    if mistakes:
        raise _problem("; ".join(mistake.what for mistake in mistakes), "cin_field")
    return replace(profile, members=tuple(column if each is declared else each for each in profile.members))


def _profile(document: dict[str, Any], mistakes: list[Mistake]) -> EnrollmentProfile:
    settings = _known(document, _SETTINGS, "", mistakes)
    missing = [key for key in ("name", "version") if not settings.get(key)]
    mistakes.extend(Mistake(key, "the setting is missing") for key in missing)
    separator = settings.get("separator", ";")
    if len(separator) != 1 or separator.isalnum() or separator.isspace():
        mistakes.append(Mistake("separator", "is not one character that can stand between values"))
    tables = {table: tuple(_columns(table, settings.get(table, {}), mistakes)) for table in TABLES}
    check_repetitions(tables, mistakes)
    return EnrollmentProfile(
        name=settings.get("name", ""),
        version=settings.get("version", ""),
        separator=separator,
        members=tables["members"],
        coverage=tables["coverage"],
        reporting=tables["reporting"],
        needed=tuple(_needed(settings.get("needed", []), tables, mistakes)),
    )


def _needed(
    names: list[Any], tables: dict[str, tuple[Column, ...]], mistakes: list[Mistake]
) -> Iterator[tuple[str, str]]:
    found = {f"{table}.{column.name}": column for table, columns in tables.items() for column in columns}
    for name in map(str, names):
        if name not in found:
            mistakes.append(Mistake("needed", f"`{name}` is not declared{suggestion(name, found)}"))
        elif not any(found[name].places):
            mistakes.append(Mistake("needed", f"`{name}` has no place"))
        else:
            table, _, column = name.partition(".")
            yield table, column


def _columns(table: str, declared: dict[str, Any], mistakes: list[Mistake]) -> Iterator[Column]:
    found = []
    for name, entry in declared.items():
        key = f"{table}.{name}"
        if name not in DECLARED[table]:
            mistakes.append(Mistake(key, f"no column of this table{suggestion(name, DECLARED[table])}"))
        entries = entry if isinstance(entry, list) and entry else [entry]
        if not all(isinstance(each, dict) for each in entries):
            mistakes.append(Mistake(key, "is neither an origin nor a list of origins"))
            continue
        found.append(Column(name, tuple(_origin(each, key, mistakes) for each in entries)))
    missing = [name for name in _INDISPENSABLE[table] if name not in declared]
    mistakes.extend(Mistake(table, f"`{name}` is not declared, and no row can do without it") for name in missing)
    check_columns(table, tuple(found), mistakes)
    yield from found


def _origin(entry: dict[str, Any], key: str, mistakes: list[Mistake]) -> Origin:
    settings = _known(entry, _KEYS, key, mistakes)
    if sum(source in entry for source in _SOURCES) != 1:
        mistakes.append(Mistake(key, f"give exactly one of {', '.join(_SOURCES)}"))
    if "at" not in entry:
        of_a_place = [setting for setting in _OF_A_PLACE if setting in entry]
        mistakes.extend(Mistake(key, f"`{setting}` needs `at`") for setting in of_a_place)
    place = place_of(settings["at"], key, mistakes) if "at" in settings else None
    slot = settings.get("slot", 0)
    if "slot" in settings and not 1 <= slot <= _MOST_SLOTS:
        mistakes.append(Mistake(key, f"`slot` is not a number from 1 to {_MOST_SLOTS}"))
    kind = settings.get("as", "text")
    if kind not in KINDS:
        mistakes.append(Mistake(key, f"`as` is none of {', '.join(KINDS)}{suggestion(kind, KINDS)}"))
    codes = settings.get("codes", {})
    if not all(isinstance(ours, str) and ours for ours in codes.values()):
        mistakes.append(Mistake(key, "`codes` does not give a text for each code"))
    end = settings.get("without_end")
    return Origin(
        place=place,
        of=settings.get("of", ""),
        value=settings.get("value", ""),
        after=settings.get("after", ""),
        repeats=settings.get("repeats", False) or "after" in settings,
        slot=slot,
        chars=_chars(settings["chars"], key, mistakes) if "chars" in settings else WHOLE,
        conditions=tuple(_conditions(settings.get("when", {}), place, key, mistakes)),
        without_end=place_of(end, key, mistakes, beside=place) if end is not None else None,
        kind=kind,
        codes=tuple((theirs, str(ours)) for theirs, ours in codes.items()),
    )


def _conditions(when: dict[str, Any], place: Place | None, key: str, mistakes: list[Mistake]) -> Iterator[Condition]:
    for where, given in when.items():
        codes = tuple(given) if isinstance(given, list) else (given,)
        if not codes or not all(isinstance(code, str) and code for code in codes):
            mistakes.append(Mistake(key, "`when` gives neither a code nor a list of codes"))
            continue
        found = place_of(where, key, mistakes, beside=place)
        if found is not None:
            yield Condition(found, codes)


def _chars(text: str, key: str, mistakes: list[Mistake]) -> tuple[int, int]:
    """Read `4`, `4-5` or `4-`."""
    shaped = _CHARS.fullmatch(text)
    first = int(shaped[1]) if shaped else 0
    last = 0 if shaped and shaped[2] == "-" else int(shaped[3] or first) if shaped else 0
    if not shaped or 0 < last < first:
        mistakes.append(Mistake(key, "`chars` is not like `4`, `4-5` or `4-`, counted from 1"))
    return first, last


def _known(table: dict[str, Any], known: dict[str, type], key: str, mistakes: list[Mistake]) -> dict[str, Any]:
    """Return the settings that are known and of their type."""
    found = {}
    for name, value in table.items():
        if name not in known:
            mistakes.append(Mistake(key or name, f"unknown key `{name}`{suggestion(name, known)}"))
        elif not isinstance(value, known[name]) or (known[name] is int and isinstance(value, bool)):
            mistakes.append(Mistake(key or name, f"`{name}` is not of type {known[name].__name__}"))
        else:
            found[name] = value
    return found


def _line_of(key: str, text: str) -> int:
    """Find the line of `table.column`, of a table, or of a setting at the top; the first where it is missing."""
    table, _, column = key.rpartition(".")
    header = 0
    for number, line in enumerate(text.splitlines(), start=1):
        name = re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line)
        if name and name[1] == key:
            return number
        if name:
            header = number if name[1] == table else 0
        elif (header or not table) and re.match(rf"\s*{re.escape(column)}\s*=", line):
            return number
    return 1


def _problem(what: str, where: str) -> ConfigurationError:
    names = ", ".join(available_profiles())
    return ConfigurationError("C11", f"{what}.", where=where, remedy=f"Correct the profile, or use one of: {names}.")
