"""Whether a lost disk would be survived: a backup of the last night, and a record beside the store that fits."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from pipelines.audit.mark import MarkDamaged, read_mark
from pipelines.audit.record import audit_of, tail_of_or_refuse
from pipelines.backup.manifest import backups_in
from pipelines.doctor.ailment import Ailment, fine, found
from pipelines.warehouse import Warehouse
from schemas.problems import ExchangeError

_BEHIND = timedelta(days=1)
"""How far the last backup may be behind the last night."""


def examine_backups(folder: Path, last_night: date | None) -> Ailment:
    """Hold the newest backup against the last night."""
    backups = backups_in(folder)
    if not backups:
        return found("backup-missing", "backup", "none has been made")
    newest = backups[-1][1].business_date
    if last_night is not None and (newest is None or newest < last_night - _BEHIND):
        return found("backup-old", "backup", f"the last one is of the night of {newest}, before {last_night}")
    return fine("recovery", "backup", f"of the night of {newest}" if newest else "made before the first night")


def examine_record(home: Path, published: Warehouse) -> Ailment:
    """Hold mark and audit log against the readers' copy, which is never ahead of them."""
    try:
        mark, tail = read_mark(home), tail_of_or_refuse(audit_of(home))
    except MarkDamaged:
        return found("record-unfit", "audit log", "the mark beside the store is damaged")
    except ExchangeError as problem:
        return found("record-unfit", "audit log", f"{problem.what} [{problem.code}]")
    told = tail.last.entry.number if tail is not None else 0
    known = published.value("SELECT coalesce(max(entry), 0) FROM ledger.audit")
    if mark is None or told < max(known, mark.entries):
        return found("record-unfit", "audit log", "mark or log do not reach the store")
    return fine("recovery", "audit log", f"{told} {'entry' if told == 1 else 'entries'}")
