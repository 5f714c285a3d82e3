"""What a plan begins with: its configuration, providers table, layouts, keys and checklist; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from textwrap import wrap

from pipelines.cli.checklist import checklist, with_newcomers
from pipelines.config import ExchangeConfig, Roster, read_config, read_roster
from pipelines.durable import make_folders, replace_file
from pipelines.transfer.keys import ensure_keypair
from schemas.kinds import LAID_OUT
from schemas.layout import load_layout

_TEMPLATES = resources.files("pipelines.cli") / "templates"
CHECKLIST = "CHECKLIST.md"


def begin(folder: Path) -> tuple[list[Path], list[Path], str]:
    """Write what is missing in a folder, each file whole; return what was written, what was there, and the public key.

    What a broken-off call left is completed by the next one. The checklist alone is added to: by boxes for partners
    that have come into the configuration since.

    Raises
    ------
    ConfigurationError
        When what stands there as configuration cannot be read; all but the checklist is written by then.
    """
    make_folders(folder.absolute())
    written: list[Path] = []
    there: list[Path] = []
    key = folder / "keys" / "plan_ed25519"
    has_key = key.exists()
    public = ensure_keypair(key)
    (there if has_key else written).append(key)
    for path, text in _files(folder):
        if path.exists():
            there.append(path)
        else:
            make_folders(path.parent.absolute())
            replace_file(path, text.encode())
            written.append(path)
    config = read_config(folder / "exchange.toml")
    path, roster = folder / CHECKLIST, read_roster(config.delivery.providers)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = _checklist(before, config, roster, public)
    (there if after == before else written).append(path)
    if after != before:
        replace_file(path, after.encode())
    return written, there, public


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    yield folder / "keys" / "known_hosts", ""
    for kind in LAID_OUT:
        yield folder / "layouts" / f"{kind}.toml", own_layout(kind)
    yield folder / "layouts" / "README.md", _template("LAYOUTS.md")
    yield folder / "providers.csv", _template("providers.csv")
    yield folder / "exchange.toml", _template("exchange.toml")  # names the others: the last, so that they are there


def own_layout(kind: str) -> str:
    """Write the layout file of a plan that says nothing yet, with the names of the columns that it may speak of."""
    names = load_layout(kind).column_names
    listed = "\n".join(wrap(", ".join(names), 110, initial_indent="#   ", subsequent_indent="#   "))
    return (
        f"# What senders of {kind} files do otherwise than the layout {kind} says; README.md tells how to write it.\n"
        f"# Columns:\n{listed}\n"
        f'extends = "{kind}"\n\n'
        f'# [columns.{names[0]}]\n# headings = ["What a sender calls it"]\n'
    )


def _checklist(before: str, config: ExchangeConfig, roster: Roster, public: str) -> str:
    if before:
        return with_newcomers(before, config, roster)
    return checklist(_template(CHECKLIST), config, roster, public)


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
