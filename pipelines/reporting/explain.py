"""Why a member is flagged, authorized and assigned: facts with file and place, then what follows, each with its rule.

What this returns is protected health information: it is for the terminal of someone who may see it, never for a log.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pipelines.warehouse import Warehouse
from schemas.problems import ExchangeError

_SECTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "What the 834 files said",
        "R1, R8",
        """SELECT f.file_date AS date, f.name AS file, m.segment_no AS segment,
                  string_agg(
                      c.hcp_code || ';' || coalesce(c.hcp_status, '?') || ' ' || strftime(c.benefit_month, '%Y-%m'),
                      ', ' ORDER BY c.benefit_month DESC) AS coverage
           FROM facts.enrollment_members AS m
           JOIN ledger.files AS f ON f.file_id = m.file_id
           LEFT JOIN facts.enrollment_coverage AS c ON c.file_id = m.file_id AND c.member_no = m.member_no
           WHERE m.cin = $cin GROUP BY f.file_order, f.file_date, f.name, m.segment_no ORDER BY f.file_order""",
    ),
    (
        "Evidence of justice involvement",
        "R1",
        """SELECT e.file_date AS date, f.name AS file, e.segment_no AS segment, e.place, e.slot, e.value, e.locator,
                  strftime(e.benefit_month, '%Y-%m') AS month
           FROM exchange.ji_evidence AS e JOIN ledger.files AS f ON f.file_id = e.file_id
           WHERE e.cin = $cin ORDER BY e.file_order, e.segment_no, e.slot""",
    ),
    (
        "What referrers, facilities and delegating plans said",
        "R3, R17, R31",
        """SELECT received_on AS date, said_by, source, incarceration_status, facility_name AS facility,
                  expected_release_date AS expected, actual_release_date AS actual,
                  pre_release_cm_npi AS pre_release_npi, post_release_npi, preferred_npi
           FROM exchange.ji_statements WHERE cin = $cin ORDER BY file_order""",
    ),
    (
        "The JI liaison's decisions",
        "R17",
        """SELECT decided_on AS date, npi, reason, decided_by
           FROM facts.liaison_decisions WHERE cin = $cin ORDER BY sequence""",
    ),
    (
        "Episodes",
        "R1, R8",
        """SELECT ordinal AS no, state, basis, opened_on AS opened, expected_release_date AS expected,
                  release_date AS released, effectuation_date AS effectuated, closed_on AS closed,
                  close_reason AS why_closed
           FROM exchange.ji_episodes WHERE cin = $cin ORDER BY ordinal""",
    ),
    (
        "Authorizations",
        "R2 to R6, R24",
        """SELECT authorization_number AS number, status, basis, start_date AS start, end_date AS "end", anchor, rules
           FROM exchange.ecm_authorizations WHERE cin = $cin ORDER BY start_date NULLS LAST""",
    ),
    (
        "Assignments",
        "R17 to R22",
        """SELECT npi, method, assigned_on AS assigned, ended_on AS ended, end_reason, reason, candidates AS considered
           FROM exchange.ecm_assignments WHERE cin = $cin ORDER BY assigned_on, assignment_id""",
    ),
    (
        "On the liaison's work list",
        "R20",
        "SELECT since, county, reason, candidates AS considered FROM exchange.unassigned WHERE cin = $cin",
    ),
    (
        "Clocks",
        "R9 to R14",
        """SELECT rule, name, trigger_date AS starts, due, status
           FROM exchange.clocks WHERE cin = $cin ORDER BY due, name""",
    ),
    (
        "What was delivered to whom",
        "R23",
        """SELECT d.delivered_on AS date, r.npi, r.record_action AS action, r.change_reason AS reason, d.name AS file
           FROM delivery.delivered_rows AS r JOIN delivery.deliveries AS d ON d.delivery = r.delivery
           WHERE r.cin = $cin ORDER BY r.delivery""",
    ),
)


@dataclass(frozen=True)
class Section:
    """One part of the explanation: title, rules it rests on, and a table."""

    title: str
    rules: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def explain(warehouse: Warehouse, cin: str) -> list[Section]:
    """Gather everything known about a member, in the order in which one thing follows from another.

    Raises
    ------
    ExchangeError
        When no fact speaks of this CIN.
    """
    sections = []
    for title, rules, query in _SECTIONS:
        table = warehouse.table(query, {"cin": cin})
        cells = table.astype(object).where(table.notna(), None)
        rows = tuple(tuple(_plain(cell) for cell in row) for row in cells.itertuples(index=False, name=None))
        sections.append(Section(title, rules, tuple(table.columns), rows))
    if not any(section.rows for section in sections):
        raise ExchangeError(
            "E01", "no fact speaks of this CIN", remedy="Check the nine characters: 9, 7 digits, a letter."
        )
    return sections


def _plain(cell: Any) -> Any:
    if isinstance(cell, str) and cell.startswith('{"named"'):
        return _considered(json.loads(cell))
    return f"{cell:%Y-%m-%d}" if hasattr(cell, "strftime") else cell


def _considered(candidates: dict[str, Any]) -> str:
    """Say who was considered: the named providers and what became of each, then what the rule found, in counts."""
    named = [f"{c['method'].lower()} {c['npi']}: {_words(c['outcome'])}" for c in candidates["named"]]
    found = dict(candidates["rule"] or {})
    fitting = found.pop("FITS", 0)
    ruled_out = ", ".join(f"{count} {_words(reason)}" for reason, count in sorted(found.items()))
    return "; ".join([*named, f"rule: {fitting} fit{f', not {ruled_out}' if ruled_out else ''}"])


def _words(code: str) -> str:
    return code.lower().replace("_", " ")
