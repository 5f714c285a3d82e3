"""Whether a lost disk would be survived: a backup of the last night, and a record beside the store that fits."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from pipelines.audit.mark import MarkDamaged, read_mark
from pipelines.audit.record import audit_of, tail_of_or_refuse
from pipelines.backup.manifest import backups_in
from pipelines.doctor.ailment import Ailment
from pipelines.warehouse import Warehouse
from schemas.problems import ExchangeError

_BEHIND = timedelta(days=1)
"""How far the last backup may be behind the last night."""

_REMEDY = "Run `ecm-exchange backup` after each night."


def examine_backups(folder: Path, last_night: date | None) -> Ailment:
    """Hold the newest backup against the last night."""
    found = backups_in(folder)
    if not found:
        return Ailment("backup", "look", "none has been made", _REMEDY)
    newest = found[-1][1].business_date
    if last_night is not None and (newest is None or newest < last_night - _BEHIND):
        return Ailment("backup", "look", f"the last one is of the night of {newest}, before {last_night}", _REMEDY)
    return Ailment("backup", "fine", f"of the night of {newest}" if newest else "made before the first night")


def examine_record(home: Path, published: Warehouse) -> Ailment:
    """Hold mark and audit log against the readers' copy, which is never ahead of them."""
    try:
        mark, tail = read_mark(home), tail_of_or_refuse(audit_of(home))
    except MarkDamaged:
        return Ailment("audit log", "wrong", "the mark beside the store is damaged", "See `ecm-exchange verify-audit`.")
    except ExchangeError as problem:
        return Ailment("audit log", "wrong", problem.what, problem.remedy)
    told = tail.last.entry.number if tail is not None else 0
    known = published.value("SELECT coalesce(max(entry), 0) FROM ledger.audit")
    if mark is None or told < max(known, mark.entries):
        return Ailment("audit log", "wrong", "mark or log do not reach the store", "See `ecm-exchange verify-audit`.")
    return Ailment("audit log", "fine", f"{told} {'entry' if told == 1 else 'entries'}")
