"""TOML files as people write them, read into a model: every mistake is told at once, with its line and a suggestion."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from schemas.problems import ConfigurationError
from schemas.toml_text import parse_toml

Document = TypeVar("Document", bound=BaseModel)
Raw = dict[str, Any]


def read_document(
    path: Path, model: type[Document], complete: Callable[[Raw], Document], *, what: str, if_missing: str, then: str
) -> Document:
    """Read the TOML file at `path`; `complete` makes a `model` of what it says.

    `what` names the file in a message, `if_missing` says what to do where there is none, `then` what after correcting.

    Raises
    ------
    ConfigurationError
        With all mistakes at once, each with its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        raw = parse_toml(text)
    except FileNotFoundError:
        raise ConfigurationError("C01", f"there is no {what}", where=str(path), remedy=if_missing) from None
    except OSError as failure:
        told = f"the {what} cannot be read ({failure.strerror})"
        raise ConfigurationError("C01", told, where=str(path), remedy="Check the path and its rights.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as mistake:
        raise ConfigurationError(
            "C02", f"not valid TOML: {mistake}", where=str(path), remedy=f"Correct that place, {then}."
        ) from None
    try:
        return complete(raw)
    except ValidationError as failure:
        mistakes = [_sentence(error, text, model) for error in failure.errors(include_input=False, include_url=False)]
    raise ConfigurationError("C03", "; ".join(mistakes), where=str(path), remedy=f"Correct these lines, {then}.")


def _sentence(error: ErrorDetails, text: str, model: type[BaseModel]) -> str:
    location = error["loc"]
    dotted = ".".join(str(part) for part in location) or "the file"
    if error["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(location[-1]), list(_known_keys(location[:-1], model)), n=1)
        what = f"unknown key{f', did you mean `{close[0]}`?' if close else ''}"
    else:
        what = error["msg"].removeprefix("Value error, ")
    return f"line {_line_of(location, text)}, {dotted}: {what}"


def _known_keys(location: tuple[int | str, ...], model: type[BaseModel]) -> Iterator[str]:
    within: Any = model
    for part in location:
        if isinstance(part, int):
            continue
        annotation = within.model_fields[part].annotation
        within = next((m for m in _models_in(annotation)), None)
        if within is None:
            return
    yield from within.model_fields


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)


def _line_of(location: tuple[int | str, ...], text: str) -> int:
    """Find the line a key stands on; a missing key is placed at the head of its table."""
    lines = text.splitlines()
    names = [str(part) for part in location if not isinstance(part, int)]
    order = next((part for part in location if isinstance(part, int)), 0)
    header = 0
    for depth in range(len(names), 0, -1):
        pattern = re.compile(r"^\s*\[\[?\s*" + r"\s*\.\s*".join(map(re.escape, names[:depth])) + r"\s*\]\]?")
        found = [number for number, line in enumerate(lines) if pattern.match(line)]
        if found:
            header = found[min(order, len(found) - 1)]
            names = names[depth:]
            break
    if names:
        key = re.compile(rf"^\s*{re.escape(names[0])}\s*=")
        for number in range(header, len(lines)):
            if number > header and lines[number].lstrip().startswith("["):
                break
            if key.match(lines[number]):
                return number + 1
    return header + 1
