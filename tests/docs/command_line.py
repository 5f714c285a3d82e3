"""The part of `docs/command-line.md` that repeats the program: every command with its options and an example."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill
from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_group

from pipelines.cli.app import app
from pipelines.cli.help import PANELS

_TOLD_ONCE = {"config"}
"""What the page says of all commands together."""


def commands() -> str:
    """Write every command under the heading of its panel."""
    main = get_group(app)
    return "".join(
        f"### {panel}\n\n" + "".join(part for name in names for part in _parts(main.commands[name], name))
        for panel, names in PANELS.items()
    )


def _parts(command: Any, path: str) -> Iterator[str]:
    about = "\n\n".join(fill(part, 140, break_on_hyphens=False) for part in _plain(command.help).split("\n\n"))
    yield f"#### `ecm-exchange {path}`\n\n{about}\n\n"
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            yield from _parts(below, f"{path} {name}")
        return
    rows = [_row(param) for param in command.params if param.name not in _TOLD_ONCE]
    if rows:
        yield "".join(("| option | means |\n|---|---|\n", *rows, "\n"))
    if lines := _examples(command):
        yield f"```sh\n{lines}\n```\n\n"


def _row(param: Any) -> str:
    of = [param.metavar or _kind(param)] if not getattr(param, "is_flag", False) else []
    named = " ".join([*param.opts, *of] if isinstance(param, TyperOption) else of)
    told = [_plain(param.help)]
    if param.min is not None and param.max is not None:
        told.append(f"From {param.min} to {param.max}.")
    if param.required:
        told.append("Needed.")
    if param.default not in {None, "", False}:
        told.append(f"`{param.default}` unless given.")
    return f"| `{named}` | {' '.join(told)} |\n"


def _kind(param: Any) -> str:
    choices = param.type_descriptor.choices
    return " or ".join(str(getattr(each, "value", each)) for each in choices) if choices else "NUMBER"


def _examples(command: TyperCommand) -> str:
    _, _, lines = (command.epilog or "").partition("\n")
    return "\n".join(_plain(line).removeprefix("  ") for line in lines.splitlines())


def _plain(text: str | None) -> str:
    return (text or "").replace("\\[", "[")
