"""Who else on this machine can read or change what is the plan's, and whether all of it belongs to one account."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.config import ExchangeConfig, Roster
from pipelines.doctor.ailment import Ailment, fine, found

_OTHERS = 0o077
_OTHERS_WRITE = 0o022


@dataclass
class _Counted:
    """What a walk through a folder found."""

    files: int = 0
    open: int = 0
    foreign: int = 0
    owners: set[int] = field(default_factory=set)


def examine_modes(config: ExchangeConfig, roster: Roster, config_file: Path | None) -> Iterator[Ailment]:
    """Walk through home and backups, and look at the files that decide where members go."""
    for name, folder in (("home", config.home), ("backups", config.backups)):
        if folder.is_dir() and (name == "home" or not folder.is_relative_to(config.home)):
            yield from _private(name, folder)
    yield from _not_to_be_changed(_deciding(config, roster, config_file))
    pages = config.paths.pages
    if pages is not None and pages.is_dir() and pages.stat().st_mode & stat.S_IWOTH:
        yield found("pages-writable", str(pages), "everybody on this machine can put a page there", path=pages)


def _private(name: str, folder: Path) -> Iterator[Ailment]:
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        what = f"it belongs to account {_name_of(owner)}, and you are {_name_of(os.geteuid())}"
        yield found("another-account", name, what, owner=_name_of(owner))
    told = _walk(folder, owner)
    if told.open:
        what = f"others on this machine can read or change {told.open} of {told.files} files and folders"
        yield found("home-open" if name == "home" else "backups-open", str(folder), what, path=folder)
    if told.foreign:
        names = ", ".join(sorted(map(_name_of, told.owners)))
        what = f"{told.foreign} files and folders in it belong to {names}, not to {_name_of(owner)}"
        yield found("owners-mixed", str(folder), what, path=folder, owner=_name_of(owner))
    if not (told.open or told.foreign):
        yield fine("home", name, f"{told.files} files and folders, all for {_name_of(owner)} alone")


def _walk(folder: Path, owner: int) -> _Counted:
    counted = _Counted()
    waiting = [str(folder)]
    _count(counted, folder.stat(), owner)
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                seen = entry.stat(follow_symlinks=False)
                if stat.S_ISLNK(seen.st_mode):
                    continue
                _count(counted, seen, owner)
                if stat.S_ISDIR(seen.st_mode):
                    waiting.append(entry.path)
    return counted


def _count(counted: _Counted, seen: os.stat_result, owner: int) -> None:
    counted.files += 1
    counted.open += bool(seen.st_mode & _OTHERS)
    if seen.st_uid != owner:
        counted.foreign += 1
        counted.owners.add(seen.st_uid)


def _deciding(config: ExchangeConfig, roster: Roster, config_file: Path | None) -> list[Path]:
    """List the files by which somebody could turn members to a folder of their own."""
    files: list[Path | None] = [config_file, config.delivery.providers, config.delivery.known_hosts]
    files += [path for source in config.sources for path in (source.known_hosts, source.key_file)]
    files += [path for each in roster.providers for path in (each.key_file, each.pgp_key_file)]
    layouts = [source.layout for source in config.sources] + [each.layout or "" for each in roster.providers]
    files += [Path(layout) for layout in layouts if layout.endswith(".toml")]
    return list(dict.fromkeys(path.resolve() for path in files if path is not None and path.is_file()))


def _not_to_be_changed(files: Iterable[Path]) -> Iterator[Ailment]:
    folders = []
    for path in files:
        folders.append(path.parent)
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS_WRITE:
            yield found("config-writable", str(path), f"others can change it (mode {mode:04o})", path=path)
    for folder in dict.fromkeys(folders):
        mode = stat.S_IMODE(folder.stat().st_mode)
        if mode & _OTHERS_WRITE and not mode & stat.S_ISVTX:
            yield found(
                "config-writable", str(folder), f"others can replace what is in it (mode {mode:04o})", path=folder
            )


def _name_of(account: int) -> str:
    """Return the name of an account, or its number where it has none."""
    import pwd  # noqa: PLC0415 - not on every system

    try:
        return pwd.getpwuid(account).pw_name
    except KeyError:
        return str(account)
