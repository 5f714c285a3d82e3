"""Tables at any width, progress that only a person sees, and what TAB offers."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pipelines.cli import progress, tables
from pipelines.cli.screen import UNBOUNDED, out, talk

Command = Callable[..., Any]

NPI = "2916482120"
FILE = "ECM_ASSIGNMENT_2916482120_20261103_01_DELTA.manifest.json"
SAID = "the row does not have as many cells as the header, and nobody knows which of them it lacks"
ROWS = [(NPI, FILE, 27, SAID, None), (NPI, FILE, 3, SAID, None)]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    text = io.StringIO()
    for screen in (out, talk):
        monkeypatch.setattr(screen, "_file", text)
    return text


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200, UNBOUNDED])
def test_a_table_fits_and_keeps_numbers_whole_at_every_width(
    shown: io.StringIO, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(out, "width", width)
    tables.print_table("Files", ("NPI", "file", "rows", "meaning", "detail"), ROWS)
    lines = shown.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert sum(NPI in line.split() for line in lines) == len(ROWS)
    assert " ".join(shown.getvalue().split()).count("the row does not have") == len(ROWS) or width < 60
    assert "detail" not in shown.getvalue(), "nothing stands in this column"
    assert "…" not in shown.getvalue()


def test_in_a_pipe_a_row_is_a_line(shown: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "width", UNBOUNDED)
    tables.print_table("Files", ("NPI", "file", "rows", "meaning"), [row[:4] for row in ROWS])
    assert [line.split()[:3] for line in shown.getvalue().splitlines() if SAID in line] == [
        [NPI, FILE, "27"], [NPI, FILE, "3"],
    ]  # fmt: skip


def test_a_table_without_rows_is_a_sentence(shown: io.StringIO) -> None:
    tables.print_table("Files that are held", ("NPI",), [])
    tables.print_table("Files", ("NPI",), [], nothing="No file came.")
    assert shown.getvalue() == "Files that are held: none.\nNo file came.\n"


def test_progress_is_shown_at_a_terminal_and_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, force_interactive=True, width=80, _environ={})
    monkeypatch.setattr(progress, "talk", terminal)
    with progress.working("reading") as advance:
        advance(1, 2)
    assert "reading" in terminal.file.getvalue()  # type: ignore[attr-defined]
    assert terminal.file.getvalue().endswith("\x1b[2K"), "the line is to be cleared"  # type: ignore[attr-defined]


def test_where_nobody_looks_progress_is_silent(shown: io.StringIO) -> None:
    with progress.working("reading") as advance:
        advance(1, 2)
    assert shown.getvalue() == ""


def offered(command: Command, monkeypatch: pytest.MonkeyPatch, shell: str, *words: str) -> str:
    typed = ["ecm-exchange", *words]
    monkeypatch.setenv("_ECM_EXCHANGE_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("COMP_WORDS", "\n".join(typed))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", " ".join(typed))
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    text: str = command().out
    return text


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("verify",), "verify-audit"),
        (("report", "rec"), "reconciliation"),
        (("status", "--fil"), "--files"),
        (("status", "--list", "un"), "unassigned"),
        (("record", "X", "FIRST"), "FIRST_CONTACT"),
        (("validate", "--layout", "mini"), "mini_mif"),
        (("explain-code", "R0"), "R05"),
    ],
)
def test_tab_offers_names_and_codes(
    command: Command, monkeypatch: pytest.MonkeyPatch, shell: str, words: tuple[str, ...], wanted: str
) -> None:
    assert wanted in offered(command, monkeypatch, shell, *words)


def test_tab_offers_the_npis_of_the_plan_that_is_named_and_never_a_cin(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command("init", "--dir", tmp_path)
    config = str(tmp_path / "exchange.toml")
    npi = (tmp_path / "providers.csv").read_text(encoding="utf-8").splitlines()[1].partition(",")[0]
    assert npi in offered(command, monkeypatch, "bash", "resend", "--config", config, "--provider", "")
    assert offered(command, monkeypatch, "bash", "resend", "--config", "nowhere.toml", "--provider", "").strip() == ""
    assert offered(command, monkeypatch, "bash", "explain", "--config", config, "9").strip() == ""
