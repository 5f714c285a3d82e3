"""Read a CSV table that the plan keeps beside `exchange.toml`: all mistakes at once, each with its line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipelines.config.cells import suggestion
from schemas.problems import ConfigurationError

_PLACE = "Correct its path in `exchange.toml`, or put the table there; then `ecm-exchange doctor`."
_RIGHTS = "Let this account read it; then `ecm-exchange doctor`."

Row = TypeVar("Row", bound=BaseModel)


def read_csv_table(path: Path, model: type[Row], *, name: str) -> tuple[list[tuple[int, Row]], list[str]]:
    """Return the rows that are right with the lines they end on, and the mistakes of the header or else of the others.

    The columns are the fields of `model`; those with a default may be missing, and a blank cell there is not given.
    `name` is what people call the table.

    Raises
    ------
    ConfigurationError
        When there is no such file, or it is no well-formed CSV in UTF-8.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError("C04", f"there is no {name}", where=str(path), remedy=_PLACE) from None
    except OSError as failure:
        raise ConfigurationError(
            "C04", f"the {name} cannot be read ({failure.strerror})", where=str(path), remedy=_RIGHTS
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            "C04", f"the {name} is not UTF-8", where=str(path), remedy="Save it as CSV in UTF-8."
        ) from None
    except ValueError:
        raise ConfigurationError(
            "C04", f"the {name} cannot have such a path", where="delivery.providers", remedy=_PLACE
        ) from None
    try:
        return _rows(text, model)
    except csv.Error:
        raise ConfigurationError(
            "C04",
            f"the {name} is not a well-formed CSV",
            where=str(path),
            remedy="Check its quotes, then `ecm-exchange doctor`.",
        ) from None


def refuse(mistakes: Sequence[str], path: Path) -> None:
    """Raise all mistakes of a table as one problem, if there are any.

    Raises
    ------
    ConfigurationError
        With every mistake.
    """
    if mistakes:
        raise ConfigurationError(
            "C05", "; ".join(mistakes), where=str(path), remedy="Correct these lines, then `ecm-exchange doctor`."
        )


def _rows(text: str, model: type[Row]) -> tuple[list[tuple[int, Row]], list[str]]:
    reader = csv.DictReader(io.StringIO(text), strict=True, restkey="(too many cells)")
    mistakes = list(_header_mistakes(reader.fieldnames or (), model))
    if mistakes:
        return [], mistakes
    optional = {name for name, field in model.model_fields.items() if not field.is_required()}
    rows = []
    for row in reader:
        given = {name: cell for name, cell in row.items() if cell is not None and (cell or name not in optional)}
        short = [name for name in optional if row.get(name, "") is None]
        mistakes += [f"line {reader.line_num}, {name}: this cell is missing" for name in sorted(short)]
        try:
            rows.append((reader.line_num, model.model_validate(given)))
        except ValidationError as failure:
            mistakes += [
                ", ".join((f"line {reader.line_num}", *map(str, error["loc"][:1])))
                + f": {error['msg'].removeprefix('Value error, ')}"
                for error in failure.errors(include_input=False, include_url=False)
            ]
    return rows, mistakes


def _header_mistakes(header: Sequence[str], model: type[BaseModel]) -> Iterator[str]:
    known = set(model.model_fields)
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    for name in header:
        if name not in known:
            yield f"line 1, {name}: unknown column{suggestion(name, known - set(header))}"
    yield from (f"line 1, {name}: this column is missing" for name in sorted(required - set(header)))
    yield from (f"line 1, {name}: this column stands twice" for name in sorted(set(header)) if header.count(name) > 1)
