"""The JI liaison's word that two CINs are one person, or are not: facts with a history, each of which can be undone."""

from __future__ import annotations

from datetime import date

from pipelines.identity.decisions import IdentityRefused, is_member
from pipelines.load.told_rows import told_rows
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note

_KNOWN = f"""
    SELECT $cin IN (SELECT cin FROM exchange.members) OR $cin IN (SELECT cin FROM ({told_rows()}) WHERE cin = $cin)
"""  # noqa: S608 - a query from code
_WORDS = """
    SELECT alias_cin, action, cin FROM facts.cin_merges
    QUALIFY row_number() OVER (PARTITION BY alias_cin ORDER BY sequence DESC) = 1
"""


def merge(warehouse: Warehouse, alias: str, cin: str, *, on: date, reason: str, decided_by: str) -> None:
    """Store that `alias` is the member `cin`, under which everything counts from the next night on.

    A merge of the same alias into another member replaces the earlier one; the same merge again is no news.

    Raises
    ------
    IdentityRefused
        When both are the same, the member is unknown, nothing speaks of the alias, or it would lead in a circle.
    """
    if alias == cin:
        raise IdentityRefused(
            "I03", "a CIN is not merged into itself", remedy="Give the CIN that is given up, then the one that stays."
        )
    if not is_member(warehouse, cin):
        raise IdentityRefused(
            "I02",
            "no member of the plan has the second CIN",
            remedy="Check the nine characters: a 9, seven digits, a letter.",
        )
    if not warehouse.value(_KNOWN, {"cin": alias}):
        raise IdentityRefused(
            "I04",
            "no 834, referral, notice, receipt or MIF speaks of the first CIN",
            remedy="Check the nine characters: a 9, seven digits, a letter.",
        )
    merged = {old: new for old, action, new in warehouse.rows(_WORDS) if action == "MERGE"}
    if merged.get(alias) == cin:
        return
    reached = cin
    while reached in merged:
        reached = merged[reached]
        if reached == alias:
            raise IdentityRefused(
                "I05",
                "the second CIN has been merged into the first: this would lead in a circle",
                remedy="Undo that merge first with `ecm-exchange identity unmerge`.",
            )
    _store(warehouse, "MERGE", alias, cin, on=on, reason=reason, decided_by=decided_by)


def unmerge(warehouse: Warehouse, alias: str, *, on: date, reason: str, decided_by: str) -> None:
    """Store that `alias` is a person of its own: undoes a merge, and answers no to what an 834 says of it.

    Raises
    ------
    IdentityRefused
        When nobody and nothing says that it is another member.
    """
    word = next((row[1:] for row in warehouse.rows(_WORDS) if row[0] == alias), None)
    if word is not None and word[0] == "UNDO":
        return
    told = warehouse.value("SELECT min(cin) FROM exchange.prior_identifiers WHERE alias = $alias", {"alias": alias})
    cin = told if word is None else word[1]
    if cin is None:
        raise IdentityRefused(
            "I06", "this CIN has not been merged into another", remedy="See `ecm-exchange identity list`."
        )
    _store(warehouse, "UNDO", alias, cin, on=on, reason=reason, decided_by=decided_by)


def _store(warehouse: Warehouse, action: str, alias: str, cin: str, *, on: date, reason: str, decided_by: str) -> None:
    with warehouse.transaction():
        warehouse.run(
            """INSERT INTO facts.cin_merges BY NAME
               SELECT md5(concat_ws('|', 'merge', $alias, $cin, sequence)) AS merge_id, sequence, $on AS decided_on,
                      $action AS action, $alias AS alias_cin, $cin AS cin, $reason AS reason, $decided_by AS decided_by
               FROM (SELECT coalesce(max(sequence), 0) + 1 AS sequence FROM facts.cin_merges)""",
            {"action": action, "alias": alias, "cin": cin, "on": on, "reason": reason, "decided_by": decided_by},
        )
        entry = warehouse.value("SELECT arg_max(merge_id, sequence) FROM facts.cin_merges")
        note(warehouse, on, f"CIN_{action}", entry)
