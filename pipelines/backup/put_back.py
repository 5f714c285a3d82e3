"""Put a store back, from a backup or as it lies there, and enter again what the audit log knows and it does not.

The audit log is never rolled back. What was delivered, decided and received after the backup was made stands in it and
in its journal: that is entered again, so that nothing is sent twice and no decision is forgotten. What is replaced is
kept below `<home>/replaced/`. A restore that was broken off is run again; until then the store is not opened.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.audit.chain import Link, beginning_of
from pipelines.audit.log import walk
from pipelines.audit.record import AuditRecord, audit_of, entries_after, standing_of, unfinished_restore
from pipelines.audit.verify import read_mark_or_none
from pipelines.backup.manifest import BackupRefused, Manifest
from pipelines.backup.reenter import Reentered, reenter
from pipelines.backup.take import BESIDE
from pipelines.backup.verify import verify_backup
from pipelines.durable import make_folders, replace_file, sync_folder
from pipelines.warehouse import Warehouse, run_lock
from pipelines.warehouse.audit import note
from pipelines.warehouse.door import open_as_it_is, publish

_REPLACED = ("warehouse.duckdb", "warehouse.duckdb.wal", "published.duckdb", "warehouse.mark.json")


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    backup: Manifest | None
    again: Reentered
    replaced: Path
    """Where what was there before lies."""
    log: str
    """KEPT: the audit log of this home goes on. FROM_BACKUP: there was none here that is as long. ANEW: it does not fit
    itself or the store; it was put aside, and written again from what the store says."""
    unknown: int
    """Entries that the mark had counted and that neither store nor log holds."""

    @property
    def may_have_forgotten(self) -> bool:
        """Whether something may have been delivered or decided of which nothing here knows."""
        return self.log != "KEPT" or self.unknown > 0 or bool(self.again.lost)


def restore(home: Path, backup: Path | None, on: date) -> Restored:
    """Replace the store by a backup's and bring it up to the audit log; without a backup, only the latter.

    Raises
    ------
    BackupRefused
        When the backup is damaged (B01 to B04), is another store's (B05) or has another history than the audit log here
        (B06), or when there is no backup and no store (B07). Nothing was changed then.
    """
    with run_lock(home):
        manifest = verify_backup(backup) if backup is not None else None
        links = _links(audit_of(home))
        if manifest is not None:
            _refuse_another_history(home, manifest, links)
        elif not (home / "warehouse.duckdb").exists():
            raise BackupRefused(
                "B07", "there is no store here", where=str(home), remedy="Name a backup: `ecm-exchange restore BACKUP`."
            )
        aside = _begin(home)
        log = "KEPT"
        if backup is not None and manifest is not None:
            log = "KEPT" if len(links) >= manifest.entries else "FROM_BACKUP"
            _put_back(home, backup, manifest, aside, with_log=log == "FROM_BACKUP")
        with open_as_it_is(home) as warehouse:
            source = f"backup {manifest.name}" if manifest is not None else "the store as it lay"
            again, fits = _bring_up(warehouse, home, aside, on, source)
            unknown = _settle(warehouse, home, aside)
            publish(warehouse)
        unfinished_restore(home).unlink()
        sync_folder(home)
    return Restored(manifest, again, aside, log if fits else "ANEW", unknown)


def _links(audit: Path) -> list[Link]:
    """Read the audit log as far as each link follows the one before."""
    links: list[Link] = []
    for link in walk(audit):
        fits = link is not None and link.is_sound and link.entry.number == len(links) + 1
        if link is None or not fits or (links and link.previous != links[-1].hash):
            break
        links.append(link)
    return links


def _refuse_another_history(home: Path, manifest: Manifest, links: list[Link]) -> None:
    if links and links[0].previous != beginning_of(manifest.store):
        raise BackupRefused(
            "B05", "the backup is of another store than the audit log here", where=str(home),
            remedy="Name a backup of this home, or restore into an empty one.",
        )  # fmt: skip
    shared = min(len(links), manifest.entries)
    if shared and shared == manifest.entries and links[shared - 1].hash != manifest.head:
        raise BackupRefused(
            "B06", "the audit log here tells another history than the backup's", where=str(audit_of(home)),
            remedy="See `ecm-exchange verify-audit`. To follow the backup's, move that folder away.",
        )  # fmt: skip


def _begin(home: Path) -> Path:
    """Note that a restore is under way, and where what it replaces goes; one that was broken off goes on."""
    note_of_it = unfinished_restore(home)
    if note_of_it.exists():
        return home / str(json.loads(note_of_it.read_bytes())["replaced"])
    shelf = home / "replaced"
    shelf.mkdir(mode=0o700, exist_ok=True)
    aside = shelf / f"{len(list(shelf.iterdir())) + 1:04d}"
    aside.mkdir(mode=0o700)
    replace_file(note_of_it, json.dumps({"replaced": str(aside.relative_to(home))}).encode("ascii"))
    return aside


def _put_back(home: Path, backup: Path, manifest: Manifest, aside: Path, *, with_log: bool) -> None:
    """Bring the backup's files in beside what is there, then put the old store aside and the new one in its place."""
    fresh = home / "restore.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    _copy(backup / "warehouse.duckdb", fresh / "warehouse.duckdb")
    if with_log:
        _put_aside(audit_of(home), aside)
    for kept in manifest.files:
        target = home / kept.path
        wanted = kept.path.partition("/")[0] in BESIDE and (with_log or not kept.path.startswith("audit/"))
        if wanted and not target.exists():
            _copy(backup / kept.path, target)
    for name in _REPLACED:
        if (home / name).exists():
            _put_aside(home / name, aside)
    (fresh / "warehouse.duckdb").replace(home / "warehouse.duckdb")
    fresh.rmdir()
    sync_folder(home)


def _bring_up(warehouse: Warehouse, home: Path, aside: Path, on: date, source: str) -> tuple[Reentered, bool]:
    """Enter what the log knows beyond the store, and note the restore; a log that does not fit is put aside after it.

    Of a log that breaks off fitting somewhere, what stands before that is entered. Returns whether all of it fits.
    """
    links, stored = _links(audit_of(home)), entries_after(warehouse, 0)
    agrees = all(link.entry == entry for link, entry in zip(links, stored, strict=False))
    with warehouse.transaction():
        again = reenter(warehouse, audit_of(home), links[len(stored) :] if agrees else [])
        note(warehouse, on, "RESTORED", aside.name, _in_words(source, again))
    fits = agrees and len(links) == sum(1 for _ in walk(audit_of(home)))
    if not fits:
        _put_aside(audit_of(home), aside)
    return again, fits


def _settle(warehouse: Warehouse, home: Path, aside: Path) -> int:
    """Set log and mark; return how many entries were known that are not there.

    The opening is counted past every one that was ever known, so that what was replaced stays behind the mark.
    """
    marks = [mark for place in (home, aside) if (mark := read_mark_or_none(place)) is not None]
    standing = standing_of(warehouse)
    own = [mark for mark in marks if standing is not None and mark.store == standing.store]
    for mark in own:
        warehouse.run("UPDATE ledger.openings SET opening = greatest(opening, $opening)", {"opening": mark.opening})
    AuditRecord(home).begin(warehouse)
    entries = standing.entries - 1 if standing is not None else 0  # without the one that tells of this restore
    return max([mark.entries - entries for mark in own if mark.entries > entries], default=0)


def _in_words(source: str, again: Reentered) -> str:
    return (
        f"{source}; {again.entries} entries and {again.rows} rows entered again, rows of {len(again.lost)} entries lost"
    )


def _put_aside(path: Path, aside: Path) -> None:
    if path.exists():
        number = len([each for each in aside.iterdir() if each.name.startswith(path.name)])
        path.replace(aside / (f"{path.name}.{number}" if number else path.name))


def _copy(source: Path, target: Path) -> None:
    """Copy a file under a temporary name and give it its own: what is broken off leaves none that is cut."""
    make_folders(target.parent)
    part = target.with_name(f".{target.name}.restored")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    shutil.copyfile(source, part)
    part.replace(target)
