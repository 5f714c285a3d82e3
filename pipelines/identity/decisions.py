"""The JI liaison's word on whom a row speaks of: a fact that outranks every rule, for this and later versions of it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pipelines.load.told_rows import told_rows
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note
from schemas.problems import ExchangeError, ExitCode

Action = Literal["ACCEPT", "REJECT", "REOPEN"]

_NEWEST = f"""
    SELECT kind, file_id, row_no FROM ({told_rows()})
    WHERE source = $source AND key = $key
    ORDER BY file_order DESC, file_id DESC, row_no DESC LIMIT 1
"""  # noqa: S608 - a query from code


class IdentityRefused(ExchangeError):
    """The decision cannot be followed, told before it is stored."""

    exit_code = ExitCode.USAGE


def decide_identity(
    warehouse: Warehouse,
    source: str,
    key: str,
    action: Action,
    *,
    cin: str | None = None,
    on: date,
    reason: str,
    decided_by: str,
) -> None:
    """Store whom the row `key` of `source` speaks of; the night of `on` or the next one acts on it.

    `key` is the id of a referral, notice or receipt or, of a MIF, the CIN. `ACCEPT` names the member, `REJECT` says
    that it is nobody of the plan, `REOPEN` leaves it to the rules again. The decision holds for every version of the
    row, until name and birth date are both others than on the version it was made on. The same decision again is no
    news.

    Raises
    ------
    IdentityRefused
        When no row of the source has this key, or the CIN is no member's.
    """
    newest = warehouse.rows(_NEWEST, {"source": source, "key": key})
    if not newest:
        raise IdentityRefused(
            "I01", "no row of this source has this key", remedy="See `ecm-exchange identity list` for source and key."
        )
    if action == "ACCEPT" and not is_member(warehouse, cin):
        raise IdentityRefused(
            "I02",
            "no member of the plan has this CIN",
            remedy="Check the nine characters: a 9, seven digits, a letter.",
        )
    kind, file_id, row_no = newest[0]
    decided = {"action": action, "kind": kind, "source": source, "key": key, "cin": cin, "file_id": file_id,
               "row_no": row_no}  # fmt: skip
    with warehouse.transaction():
        latest = warehouse.rows(
            """SELECT action, kind, source, key, cin, file_id, row_no FROM facts.identity_decisions
               WHERE kind = $kind AND source = $source AND key = $key ORDER BY sequence DESC LIMIT 1""",
            {"kind": kind, "source": source, "key": key},
        )
        if latest == [tuple(decided.values())]:
            return
        warehouse.run(
            """INSERT INTO facts.identity_decisions BY NAME
               SELECT md5(concat_ws('|', 'identity', $kind, $source, $key, sequence)) AS decision_id, sequence,
                      $on AS decided_on, $action AS action, $kind AS kind, $source AS source, $key AS key, $cin AS cin,
                      $file_id AS file_id, $row_no AS row_no, $reason AS reason, $decided_by AS decided_by
               FROM (SELECT coalesce(max(sequence), 0) + 1 AS sequence FROM facts.identity_decisions)""",
            decided | {"on": on, "reason": reason, "decided_by": decided_by},
        )
        decision = warehouse.value("SELECT arg_max(decision_id, sequence) FROM facts.identity_decisions")
        note(warehouse, on, f"IDENTITY_{action}", decision, f"{kind} of {source}")


def is_member(warehouse: Warehouse, cin: str | None) -> bool:
    """Tell whether an 834 has named this CIN."""
    return bool(warehouse.value("SELECT count(*) FROM exchange.members WHERE cin = $cin", {"cin": cin}))
