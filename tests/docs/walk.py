"""A page followed to the letter: its commands in one shell, its edits made, and what it shows held against what came.

In a page, an `sh` block is typed; a `text` block after it is what came, where `...` stands for anything and frames and
blanks do not count; a `toml` block is an edit of the file that the sentence before it names: `Add` at its end, or
`Edit` so that it says this. Blocks set off by blanks alone are for the reader.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_EDIT = re.compile(r"\b([Aa]dd|[Ee]dit)\b[^`]*`([\w./]+)`", re.DOTALL)
_FRAME = re.compile(r"[─-╿\s]+")
_END = "=== the end of a block ==="


@dataclass(frozen=True)
class Told:
    """What a block of commands printed on both streams, and how the last of them ended."""

    text: str
    status: int


@dataclass
class Shell:
    """A shell that stays where a block left it."""

    folder: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            ["/bin/bash", "--norc", "--noprofile"], cwd=self.folder, env=dict(self.environment), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def type(self, block: str) -> Told:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{block}\nprintf '\\n{_END} %s %s\\n' $? \"$PWD\"\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.startswith(_END):
                status, place = line.removeprefix(_END).strip().split(" ", maxsplit=1)
                self.folder = Path(place)
                return Told("".join(lines), int(status))
            lines.append(line)
        raise AssertionError(f"the shell is gone: {''.join(lines)}")

    def leave(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


def walk(page: str, shell: Shell) -> Iterator[Told]:
    """Follow a page in a shell and hold what it shows against what comes; yields what each block of commands told."""
    told = Told("", 0)
    for before, kind, text in blocks(page):
        if kind == "sh":
            told = shell.type(text)
            yield told
        elif kind == "text":
            assert shows(text, told.text), f"the page shows\n{text}\nand this came\n{told.text}"
        else:
            edit(before, text, shell.folder)


def blocks(page: str) -> list[tuple[str, str, str]]:
    """The blocks of a page in order: what stands before, the kind, and the text."""
    found, place = [], 0
    for each in re.finditer(r"^```(sh|text|toml)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        found.append((page[place : each.start()], each[1], each[2]))
        place = each.end()
    return found


def shows(shown: str, came: str) -> bool:
    """Tell whether what came is what a page shows; after a final `...` anything may follow."""
    pattern = r".*?".join(re.escape(part.strip()) for part in _plain(shown).split("..."))
    return re.fullmatch(pattern, _plain(came), re.DOTALL) is not None


def _plain(text: str) -> str:
    """Leave frames out, and make one blank of many."""
    return _FRAME.sub(" ", text).strip()


def edit(before: str, lines: str, folder: Path) -> None:
    """Edit a file as a person does who is told to by the sentence before some lines."""
    how, name = _EDIT.findall(before)[-1]
    path = folder / name
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{lines}" if how.lower() == "add" else said(text, lines), encoding="utf-8")


def said(text: str, lines: str) -> str:
    """Make a TOML text say what the lines say, table by table; one of several tables is known by its `name`."""
    for table in re.split(r"\n(?=\[)", lines.strip()):
        heading, *keys = table.splitlines()
        parts = re.split(r"(?m)^(?=\[)", text)
        (place,) = [
            number
            for number, part in enumerate(parts)
            if part.startswith((f"{heading}\n", f"{heading} "))
            if not heading.startswith("[[") or re.search(rf"^{re.escape(keys[0])}(?!\S)", part, re.MULTILINE)
        ]
        for line in keys:
            key = re.compile(rf"^{line.partition(' = ')[0]} = .*$", re.MULTILINE)
            part = parts[place]
            if key.search(part) is None:
                part = part.replace("\n", f"\n{line}\n", 1)
            parts[place] = key.sub(lambda _, line=line: line, part, count=1)
        text = "".join(parts)
    return text
