"""Layout files as people write them: found by name or path, each key fetched with its type checked.

What a layout of files that come may say is in `schemas.layout`, of files that go in `schemas.outbound`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from schemas.problems import ConfigurationError
from schemas.toml_text import parse_toml


@dataclass(frozen=True)
class Shelf:
    """A folder of layouts that the project brings; a plan names one of them, or a file of its own."""

    folder: Path

    def names(self) -> tuple[str, ...]:
        """Names of its layouts."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.toml")))

    def document(self, name_or_path: str | Path) -> tuple[dict[str, Any], str]:
        """Read a layout by the name of one that stands here, or from a TOML file; what it says, and the file's name.

        Raises
        ------
        ConfigurationError
            When there is no such layout or it is not TOML.
        """
        path = Path(name_or_path)
        if path.suffix != ".toml" and path.name == str(name_or_path):
            if path.name not in self.names():
                what = f"there is no layout of this name{suggestion(path.name, self.names())}"
                raise self.problem(what, path.name)
            path = self.folder / f"{path.name}.toml"
        try:
            return parse_toml(path.read_text(encoding="utf-8")), path.name
        except OSError as error:
            raise self.problem(f"the layout cannot be opened ({error.strerror})", path.name) from None
        except UnicodeDecodeError:
            raise self.problem("the layout is not UTF-8 text", path.name) from None
        except tomllib.TOMLDecodeError as error:
            raise self.problem(f"the layout is not valid TOML ({error})", path.name) from None

    def problem(self, what: str, where: str) -> ConfigurationError:
        """Say what is wrong with a layout."""
        names = ", ".join(self.names())
        remedy = f"Correct the layout, or use one of: {names}."
        return ConfigurationError("C10", what, where=where, remedy=remedy)


@dataclass(frozen=True)
class Keys:
    """The settings of one TOML table of a layout, fetched with their types checked; unknown ones are refused."""

    shelf: Shelf
    table: dict[str, Any]
    file: str
    prefix: str
    known: tuple[str, ...]

    def __post_init__(self) -> None:
        for key in self.table:
            if key not in self.known:
                raise self.problem(key, f"the setting is not known{suggestion(key, self.known)}")

    def problem(self, key: str, what: str) -> ConfigurationError:
        """Say what is wrong with a setting."""
        return self.shelf.problem(what, f"{self.file}: {self.prefix}{key}")

    def get(self, key: str, kind: type, default: Any) -> Any:
        """Fetch a value of a type."""
        value = self.table.get(key, default)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.problem(key, f"the setting must be of type {kind.__name__}")
        return value

    def yes_no(self, key: str, default: bool) -> bool:  # noqa: FBT001 - a default as of the others
        """Fetch `true` or `false`."""
        value = self.table.get(key, default)
        if not isinstance(value, bool):
            raise self.problem(key, "the setting must be true or false")
        return value

    def text(self, key: str, default: str = "") -> str:
        """Fetch a text that must not be empty."""
        value = str(self.get(key, str, default))
        if not value:
            raise self.problem(key, "the setting is missing")
        return value

    def texts(self, key: str, among: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Fetch a list of texts."""
        values = self.get(key, list, [])
        if not all(isinstance(value, str) and value and (not among or value in among) for value in values):
            known = f" from {', '.join(map(repr, among))}" if among else ""
            raise self.problem(key, f"the setting must be a list of texts{known}")
        return tuple(values)

    def choice(self, key: str, among: tuple[str, ...], default: str = "") -> str:
        """Fetch one of several words."""
        value = self.table.get(key, default)
        if value not in among:
            hint = suggestion(value, among) if isinstance(value, str) else ""
            raise self.problem(key, f"the setting must be one of {', '.join(map(_shown, among))}{hint}")
        return str(value)


def suggestion(word: str, known: tuple[str, ...]) -> str:
    """Word the known name that is closest to a wrong one, or nothing where none is close."""
    close = get_close_matches(word, known, n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _shown(word: str) -> str:
    return word if word.isprintable() else repr(word)
