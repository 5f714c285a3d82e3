"""How the help reads: commands in the order of a person's need, paragraphs that fill the line, and an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer
from rich.markup import escape
from typer.core import TyperCommand, TyperGroup

PANELS: Mapping[str, tuple[str, ...]] = {
    "Set up": ("init", "doctor", "alerts", "ui"),
    "The night": ("run", "plan", "status"),
    "Look": ("explain", "directory", "report", "validate", "explain-code", "fleet"),
    "Decide": ("assign", "record", "identity", "quarantine", "release"),
    "Mend": ("resend", "replay", "rebuild", "backup", "restore"),
    "Account for": ("incident", "verify-audit"),
    "Try out": ("demo", "sample"),
}
"""Which commands stand together, in the order in which somebody needs them."""


def examples(*lines: str) -> str:
    """Write command lines below each other, for the end of a command's help."""
    return "\n".join(("Examples:" if len(lines) > 1 else "Example:", *(f"  {escape(line)}" for line in lines)))


class Command(TyperCommand):
    """A command whose help is plain text: brackets in it are brackets, and lines end where the screen does."""

    def __init__(self, name: str | None, *, help: str | None = None, **settings: Any) -> None:  # noqa: A002
        super().__init__(name, help=_flowing(help), **settings)
        _be_plain(self.params)

    def get_params(self, ctx: Any) -> list[Any]:
        """Give the parameters, a flag without a type."""
        return _without_types_of_flags(super().get_params(ctx))


class Group(TyperGroup):
    """A group of such commands; those of the main one stand in panels."""

    def __init__(self, *, help: str | None = None, **settings: Any) -> None:  # noqa: A002
        super().__init__(help=_flowing(help), **settings)
        _be_plain(self.params)

    def get_params(self, ctx: Any) -> list[Any]:
        """Give the parameters, a flag without a type."""
        return _without_types_of_flags(super().get_params(ctx))


class MainGroup(Group):
    """All commands, in panels."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for panel, names in PANELS.items():
            for name in names:
                if isinstance(command := self.commands.get(name), TyperCommand | TyperGroup):
                    command.rich_help_panel = panel

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the commands as the panels have them."""
        placed = [name for names in PANELS.values() for name in names if name in self.commands]
        return placed + [name for name in super().list_commands(ctx) if name not in placed]


def plain(app: typer.Typer) -> typer.Typer:
    """Let every command below `app` have such a help."""
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            plain(group.typer_instance)
    return app


def _flowing(text: str | None) -> str | None:
    if text is None:
        return None
    return escape("\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n")))


def _be_plain(params: list[Any]) -> None:
    for param in params:
        if param.help:
            param.help = escape(param.help)


def _without_types_of_flags(params: list[Any]) -> list[Any]:
    for param in params:
        if getattr(param, "is_flag", False):
            param.metavar = ""
    return params
