"""Keep the audit log and the mark of an open store: behind it by no more than one commit, and never ahead of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.audit.chain import Entry, Link, beginning_of, bind
from pipelines.audit.fits import Standing, judge, unfit
from pipelines.audit.journal import JournalPage
from pipelines.audit.log import LogDamaged, Tail, extend, hash_at, tail_of
from pipelines.audit.mark import Mark, MarkDamaged, mark_of, read_mark, write_mark
from pipelines.audit.rows_of import rows_of
from pipelines.checkpoints import Checkpoint, reached
from pipelines.homes.held import keeper_at
from schemas.problems import ExchangeError, ExitCode

if TYPE_CHECKING:
    from pipelines.warehouse import Warehouse


_TOGETHER = 200
"""Entries whose rows are held in memory at a time."""


class NotRecorded(ExchangeError):
    """What was committed could not be written into the audit log; the next opening of the store does it."""

    exit_code = ExitCode.INPUT_OUTPUT


def audit_of(home: Path) -> Path:
    """Where the audit log of a home lies."""
    return home / "audit"


def unfinished_restore(home: Path) -> Path:
    """A file that is there while a restore is under way."""
    return home / "restore.json"


def standing_of(warehouse: Warehouse) -> Standing | None:
    """Tell how far a store has come; `None` for one that is new, or that an earlier version wrote."""
    if not warehouse.value(
        """SELECT count(*) FROM duckdb_tables()
           WHERE database_name = 'warehouse' AND schema_name = 'ledger' AND table_name = 'openings'"""
    ):
        return None
    found = warehouse.rows(
        "SELECT store, opening, (SELECT coalesce(max(entry), 0) FROM ledger.audit) FROM ledger.openings"
    )
    return Standing(*found[0]) if found else None


def entries_after(warehouse: Warehouse, number: int, until: int | None = None) -> list[Entry]:
    """Read entries of the store's audit log behind a number, up to another."""
    found = warehouse.rows(
        """SELECT entry, strftime(business_date, '%Y-%m-%d'), event, subject, detail FROM ledger.audit
           WHERE entry > $number AND ($until IS NULL OR entry <= $until) ORDER BY entry""",
        {"number": number, "until": until},
    )
    return [Entry(*row) for row in found]


class AuditRecord:
    """The audit log and the mark of one home, while its store is open under the run lock."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._audit = audit_of(home)
        self._standing: Standing | None = None
        self._tail: Tail | None = None
        self._mark: Mark | None = None
        self._begun = False

    def refuse_gone(self, backups: Path | None) -> None:
        """Stop where the store is not there though it was: opening it would make an empty one.

        Of a home that is empty, such as the folder below a volume that is not mounted, only `backups` can tell.

        Raises
        ------
        StoreUnfit
            D11, or D17 when a restore was broken off.
        """
        if unfinished_restore(self._home).exists():
            raise unfit("D17")
        has_store = (self._home / "warehouse.duckdb").exists()
        if has_store:
            return
        if mark_of(self._home).exists() or tail_of_or_refuse(self._audit) is not None:
            raise unfit("D11")
        if backups is not None and any(backups.glob("BACKUP_*")):
            raise unfit("D11")

    def refuse_unfit(self, warehouse: Warehouse) -> None:
        """Stop where store, mark and audit log do not belong together.

        Raises
        ------
        StoreUnfit
            With one of `pipelines.audit.fits.UNFIT`.
        """
        try:
            mark = read_mark(self._home)
        except MarkDamaged:
            raise unfit("D14") from None
        self._standing, self._tail = standing_of(warehouse), tail_of_or_refuse(self._audit)
        last = self._tail.last if self._tail is not None else None
        same = None
        if self._standing is not None and last is not None:
            same = next(iter(entries_after(warehouse, last.entry.number - 1, last.entry.number)), None)
        code = judge(mark, self._standing, last, same, self._hash_at(mark))
        if code:
            raise unfit(code)

    def begin(self, warehouse: Warehouse) -> None:
        """Count this opening, write what a killed run left to be written, and set the mark."""
        store = secrets.token_hex(16)  # tells this store from every other: nothing else may give it
        is_new = standing_of(warehouse) is None
        if is_new:
            # Before the store has its name: one that was killed right after it would be without a mark for ever.
            with _telling_of_the_disk(self._audit):
                write_mark(self._home, Mark(store, 0, 0, beginning_of(store)))
        with warehouse.transaction():
            if is_new:
                warehouse.run(
                    "INSERT INTO ledger.openings BY NAME SELECT $store AS store, 0 AS opening", {"store": store}
                )
            warehouse.run("UPDATE ledger.openings SET opening = opening + 1")
        self._standing, self._tail, self._begun = standing_of(warehouse), tail_of_or_refuse(self._audit), True
        self.follow(warehouse)
        self.set_mark()

    def follow(self, warehouse: Warehouse) -> None:
        """Bring the log up to the store.

        Raises
        ------
        NotRecorded
            When it cannot be written. The commit stands; nothing must be done on it before it is recorded.
        """
        number, previous = self._end
        entries = entries_after(warehouse, number)
        with _telling_of_the_disk(self._audit):
            links = _bound(warehouse, self._audit, entries, previous)
            self._tail = extend(self._audit, self._tail, links)
        reached(Checkpoint.AUDIT_WRITTEN)
        keeper_at(self._home).follow(warehouse, links)

    def set_mark(self) -> None:
        """Set the mark to where store and log are, if it stands elsewhere.

        While the store is open the log is its mark: it is written at each commit that must not be forgotten.
        """
        if not self._begun or self._standing is None:
            return
        mark = Mark(self._standing.store, self._standing.opening, *self._end)
        if mark != self._mark:
            with _telling_of_the_disk(self._audit):
                write_mark(self._home, mark)
            reached(Checkpoint.MARK_WRITTEN)
            self._mark = mark

    @property
    def _end(self) -> tuple[int, str]:
        """Number and hash of the last entry in the log."""
        if self._tail is not None:
            return self._tail.last.entry.number, self._tail.last.hash
        return 0, beginning_of(self._standing.store if self._standing is not None else "")

    def _hash_at(self, mark: Mark | None) -> str:
        """Hash that the log has where the mark stands, or nothing."""
        if mark is None:
            return ""
        if mark.entries == 0:
            return beginning_of(mark.store)
        if self._tail is not None and self._tail.last.entry.number == mark.entries:
            return self._tail.last.hash
        return hash_at(self._audit, mark.entries)


@contextmanager
def _telling_of_the_disk(audit: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        kind = type(failure).__name__
    else:
        return
    raise NotRecorded(
        "D18",
        f"the audit log or the mark beside the store cannot be written ({kind})",
        where=str(audit),
        remedy="Make room or mend the disk, and run again: what was committed is kept and will be recorded.",
    )


def tail_of_or_refuse(audit: Path) -> Tail | None:
    """Read the end of the log; one whose last line was changed does not fit."""
    try:
        return tail_of(audit)
    except LogDamaged:
        raise unfit("D16") from None


def _bound(warehouse: Warehouse, audit: Path, entries: list[Entry], previous: str) -> list[Link]:
    """Put the rows of entries into the journal, and the entries into the chain."""
    links, pages = [], dict[str, JournalPage]()
    for start in range(0, len(entries), _TOGETHER):
        some = entries[start : start + _TOGETHER]
        told = rows_of(warehouse, some)
        for entry in some:
            page = pages.setdefault(entry.business_date, JournalPage(audit, entry.business_date))
            links.append(bind(entry, page.add(told[entry.number]) if told[entry.number] else None, previous))
            previous = links[-1].hash
    for page in pages.values():
        page.write()
        reached(Checkpoint.JOURNAL_WRITTEN)
    return links
