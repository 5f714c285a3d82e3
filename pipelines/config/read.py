"""Read `exchange.toml`: every mistake is told with its line and, where a name is close to a known one, a suggestion."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.config.model import ExchangeConfig
from pipelines.config.providers import read_roster
from schemas.problems import ConfigurationError
from schemas.toml_text import parse_toml

_PATH_KEYS = (
    "home", "backups", "pages", "key_file", "known_hosts", "providers", "other_networks", "dhcs_template",
    "dhcs_schema",
)  # fmt: skip


def read_config(path: Path) -> ExchangeConfig:
    """Read and check the configuration; relative paths are taken from the file's folder.

    Where it says what providers return, the providers table is read too: each provider's folder is a source.

    Raises
    ------
    ConfigurationError
        With all mistakes at once, each with its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        raw = parse_toml(text)
    except FileNotFoundError:
        raise ConfigurationError(
            "C01",
            "there is no configuration file",
            where=str(path),
            remedy="Name it with --config, or make one: `ecm-exchange init --dir plan`.",
        ) from None
    except OSError as failure:
        what = f"the configuration file cannot be read ({failure.strerror})"
        raise ConfigurationError("C01", what, where=str(path), remedy="Check the path and its rights.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as mistake:
        raise ConfigurationError(
            "C02",
            f"not valid TOML: {mistake}",
            where=str(path),
            remedy="Correct that place, then `ecm-exchange doctor`.",
        ) from None
    try:
        config = ExchangeConfig.model_validate(_with_absolute_paths(raw, path.parent.resolve()))
        return config.with_returns(read_roster(config.delivery.providers)) if config.returns else config
    except ValidationError as failure:
        mistakes = [_sentence(error, text) for error in failure.errors(include_input=False, include_url=False)]
    raise ConfigurationError(
        "C03", "; ".join(mistakes), where=str(path), remedy="Correct these lines, then `ecm-exchange doctor`."
    )


def _with_absolute_paths(node: Any, base: Path) -> Any:
    if isinstance(node, dict):
        return {
            key: str(base / value)
            if isinstance(value, str) and (key in _PATH_KEYS or (key == "layout" and value.endswith(".toml")))
            else _with_absolute_paths(value, base)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_with_absolute_paths(item, base) for item in node]
    return node


def _sentence(error: ErrorDetails, text: str) -> str:
    location = error["loc"]
    dotted = ".".join(str(part) for part in location) or "the file"
    if error["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(location[-1]), list(_known_keys(location[:-1])), n=1)
        what = f"unknown key{f', did you mean `{close[0]}`?' if close else ''}"
    else:
        what = error["msg"].removeprefix("Value error, ")
    return f"line {_line_of(location, text)}, {dotted}: {what}"


def _known_keys(location: tuple[int | str, ...]) -> Iterator[str]:
    model: Any = ExchangeConfig
    for part in location:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        model = next((m for m in _models_in(annotation)), None)
        if model is None:
            return
    yield from model.model_fields


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
