"""What holds after every night whatever happened: each a question to the store that nobody may be the answer to.

`$on` is the business date; the table `roster` is the roster of the night. Every answer is a CIN or an NPI.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipelines.authorization.closure import CLOSURE_REASONS
from pipelines.checks import CHECKS
from pipelines.rebuild.tables import KEYS
from pipelines.warehouse import Warehouse

_RUNNING = "('PENDING_RELEASE', 'ACTIVE')"
_STANDING = "('PENDING_RELEASE', 'ACTIVE', 'SUSPENDED')"
_OPEN = "(SELECT * FROM exchange.ecm_assignments WHERE ended_on IS NULL)"
_PLACES = f"""(SELECT r.npi, r.capacity, r.active AND r.ji_provider AS serves, r.counties, r.populations,
                      count(a.cin) AS open
               FROM roster AS r LEFT JOIN {_OPEN} AS a ON a.npi = r.npi GROUP BY ALL)"""
_TONIGHT = """(SELECT d.*, coalesce(m.cin, d.cin) AS person FROM facts.assignment_decisions AS d
               LEFT JOIN exchange.cin_aliases AS m ON m.alias = d.cin WHERE d.decided_on = $on)"""
_CHOICES = """(SELECT coalesce(m.cin, d.cin) AS cin, arg_max(d.npi, d.sequence) AS npi,
                      arg_max(d.decided_on, d.sequence) AS decided_on
               FROM facts.liaison_decisions AS d LEFT JOIN exchange.cin_aliases AS m ON m.alias = d.cin GROUP BY ALL)"""
_OF_PERSONS = (
    "ji_statements", "ji_steps", "ji_episodes", "ji_contradictions", "ecm_authorizations", "ecm_assignments", "clocks",
    "unassigned", "unassigned_candidates",
)  # fmt: skip

NEVER = {
    "two authorizations of one member for one day": """
        SELECT a.cin FROM exchange.ecm_authorizations AS a JOIN exchange.ecm_authorizations AS b
          ON a.cin = b.cin AND a.authorization_id < b.authorization_id
         AND a.start_date <= b.end_date AND b.start_date <= a.end_date""",
    "two authorizations of one member that run": f"""
        SELECT cin FROM exchange.ecm_authorizations WHERE status IN {_STANDING} GROUP BY cin HAVING count(*) > 1""",
    "two open assignments of one member": f"SELECT cin FROM {_OPEN} GROUP BY cin HAVING count(*) > 1",
    "an open assignment without an authorization": f"""
        SELECT cin FROM {_OPEN}
        WHERE cin NOT IN (SELECT cin FROM exchange.ecm_authorizations WHERE status IN {_STANDING})""",
    "an authorized member that is neither assigned nor listed": f"""
        SELECT cin FROM exchange.ecm_authorizations WHERE status IN {_RUNNING}
          AND cin NOT IN (SELECT cin FROM {_OPEN}) AND cin NOT IN (SELECT cin FROM exchange.unassigned)""",
    "a member listed as unassigned who is assigned, or not authorized": f"""
        SELECT cin FROM exchange.unassigned
        WHERE cin IN (SELECT cin FROM {_OPEN})
           OR cin NOT IN (SELECT cin FROM exchange.ecm_authorizations WHERE status IN {_RUNNING})""",
    "an authorization that ended without a reason of the list": f"""
        SELECT cin FROM exchange.ecm_authorizations
        WHERE (status IN ('CLOSED', 'EXPIRED')) <> (close_reason IS NOT NULL)
           OR close_reason NOT IN ({", ".join(f"'{reason}'" for reason in CLOSURE_REASONS)})""",
    "an authorization that is active on another day than its own": """
        SELECT cin FROM exchange.ecm_authorizations
        WHERE status = 'ACTIVE' AND (start_date IS NULL OR end_date < $on)""",
    "a provider that is given more than its places": f"""
        SELECT p.npi FROM {_PLACES} AS p
        WHERE p.open > p.capacity AND p.npi IN (SELECT npi FROM {_TONIGHT} WHERE action = 'ASSIGN')""",
    "a member given to a provider that cannot serve": f"""
        SELECT t.person FROM {_TONIGHT} AS t LEFT JOIN {_PLACES} AS p ON p.npi = t.npi
        WHERE t.action = 'ASSIGN' AND NOT coalesce(p.serves, false)""",
    "a member left at a provider that cannot serve": f"""
        SELECT a.cin FROM {_OPEN} AS a LEFT JOIN {_PLACES} AS p ON p.npi = a.npi WHERE NOT coalesce(p.serves, false)""",
    "an end for a reason that is not on the list": f"""
        SELECT person FROM {_TONIGHT}
        WHERE action = 'END' AND reason NOT IN ('ELIG_LOST', 'PROVIDER_CHANGE', 'CORRECTION')""",
    "an end for a lost authorization that runs": f"""
        SELECT person FROM {_TONIGHT} WHERE action = 'END' AND reason = 'ELIG_LOST'
          AND person IN (SELECT cin FROM exchange.ecm_authorizations WHERE status IN {_STANDING})""",
    "a move that neither the roster nor the liaison asked for": f"""
        SELECT t.person FROM {_TONIGHT} AS t LEFT JOIN {_PLACES} AS p ON p.npi = t.npi
        WHERE t.action = 'END' AND t.reason = 'PROVIDER_CHANGE' AND coalesce(p.serves, false)
          AND NOT EXISTS (SELECT 1 FROM {_TONIGHT} AS made JOIN {_CHOICES} AS c ON c.cin = made.person
                          WHERE made.person = t.person AND made.action = 'ASSIGN' AND made.method = 'LIAISON'
                            AND made.npi = c.npi AND made.npi <> t.npi)""",
    "a correction that leaves nobody": f"""
        SELECT person FROM {_TONIGHT}
        WHERE action = 'END' AND reason = 'CORRECTION' AND person NOT IN (SELECT cin FROM {_OPEN})""",
    "an end and a new beginning with the same provider in one night": f"""
        SELECT e.person FROM {_TONIGHT} AS e JOIN {_TONIGHT} AS m
          ON m.person = e.person AND m.npi = e.npi AND m.action = 'ASSIGN'
        WHERE e.action = 'END'""",
    "an assignment that was ended twice, or before it was made": """
        SELECT e.cin FROM facts.assignment_decisions AS e
        LEFT JOIN facts.assignment_decisions AS m
          ON m.assignment_id = e.assignment_id AND m.action = 'ASSIGN' AND m.decision < e.decision
        WHERE e.action = 'END'
        GROUP BY e.assignment_id, e.cin HAVING count(*) > 1 OR count(m.decision) <> 1""",
    "the liaison's last word passed over though there is a place": f"""
        SELECT c.cin FROM {_CHOICES} AS c
        JOIN {_PLACES} AS p ON p.npi = c.npi AND p.serves AND p.open < p.capacity
        JOIN exchange.ecm_authorizations AS z ON z.cin = c.cin AND z.status IN {_RUNNING}
        LEFT JOIN {_OPEN} AS a ON a.cin = c.cin
        WHERE a.npi IS DISTINCT FROM c.npi AND coalesce(a.assigned_on, c.decided_on) <= c.decided_on""",
    "a member without a provider while one that may serve has a place": f"""
        SELECT u.cin FROM exchange.unassigned AS u JOIN {_PLACES} AS p
          ON p.serves AND p.open < p.capacity AND list_contains(string_split(p.counties, ';'), u.county)
         AND list_contains(string_split(p.populations, ';'), 'ADULT')""",
    "an authorized member of no episode": """
        SELECT z.cin FROM exchange.ecm_authorizations AS z LEFT JOIN exchange.ji_episodes AS e
          ON e.episode_id = z.episode_id AND e.cin = z.cin WHERE e.cin IS NULL""",
    "an episode without its authorization": """
        SELECT cin FROM exchange.ji_episodes
        WHERE episode_id NOT IN (SELECT episode_id FROM exchange.ecm_authorizations)""",
    "a clock of no episode": """
        SELECT cin FROM exchange.clocks
        WHERE episode_id IS NOT NULL AND (cin, episode_id) NOT IN (SELECT (cin, episode_id) FROM exchange.ji_episodes)""",
    "an item of work about nobody": """
        SELECT coalesce(cin, item_id) FROM exchange.work_items
        WHERE cin NOT IN (SELECT cin FROM exchange.members) OR npi NOT IN (SELECT npi FROM roster)
           OR file_id NOT IN (SELECT file_id FROM ledger.files)""",
    "an item of work about an alias": """
        SELECT cin FROM exchange.work_items
        WHERE list <> 'IDENTITY' AND cin IN (SELECT alias FROM exchange.cin_aliases)""",
    "an item of work about a row that is not there": """
        SELECT item_id FROM exchange.work_items AS w
        WHERE list = 'IDENTITY' AND NOT EXISTS (SELECT 1 FROM exchange.identities AS i
                                                WHERE i.file_id = w.file_id AND i.row_no = w.row_no)
          AND NOT EXISTS (SELECT 1 FROM exchange.prior_identifiers AS p
                          WHERE p.file_id = w.file_id AND p.segment_no = w.row_no)""",
    "somebody unassigned who is on no work list": """
        SELECT cin FROM exchange.unassigned
        WHERE cin NOT IN (SELECT cin FROM exchange.work_items WHERE list = 'UNASSIGNED')""",
    **{
        f"a merged CIN in {table}": f"""
            SELECT cin FROM exchange.{table} WHERE cin IN (SELECT alias FROM exchange.cin_aliases)"""  # noqa: S608
        for table in _OF_PERSONS
    },
    **{
        f"one key twice in {table}": f"SELECT first({key.split(',')[0]}) FROM exchange.{table} GROUP BY {key} HAVING count(*) > 1"  # noqa: S608, E501
        for table, key in KEYS.items()
    },
}  # fmt: skip
"""What never is: a query for the CINs or NPIs of which it is."""


def broken(warehouse: Warehouse, night: date) -> Iterator[tuple[str, str]]:
    """Yield whatever does not hold after a night, with a CIN or NPI of which it does not."""
    for name, query in NEVER.items():
        given = {"on": night} if "$on" in query else None
        yield from ((name, str(who)) for (who,) in warehouse.rows(query, given))
    for check in CHECKS:
        if check.blocking and warehouse.value(check.violations):
            yield check.name, ""
