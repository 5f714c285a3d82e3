"""What holds after every night whatever happened: each a question to the store that nobody may be the answer to.

The questions are asked of the derived tables and of a few views of them (`now_...`); every answer is a CIN, an NPI or
the id of an item.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipelines.authorization.closure import CLOSURE_REASONS
from pipelines.checks import run_checks
from pipelines.derivation import FILLS
from pipelines.rebuild.tables import KEYS
from pipelines.warehouse import Warehouse

VIEWS = {
    "now_open": "SELECT * FROM exchange.ecm_assignments WHERE ended_on IS NULL",
    "now_waiting": "SELECT * FROM exchange.ecm_authorizations WHERE status IN ('PENDING_RELEASE', 'ACTIVE')",
    "now_authorized": """SELECT * FROM exchange.ecm_authorizations
                         WHERE status IN ('PENDING_RELEASE', 'ACTIVE', 'SUSPENDED')""",
    # The roster of the night with how many have each provider now.
    "now_places": """SELECT r.npi, r.capacity, r.active AND r.ji_provider AS serves, r.counties, r.populations,
                            count(a.cin) AS open
                     FROM roster AS r LEFT JOIN now_open AS a ON a.npi = r.npi GROUP BY ALL""",
    # Decisions of this night, by the person that the CIN is today.
    "now_decided": """SELECT d.*, coalesce(m.cin, d.cin) AS person FROM facts.assignment_decisions AS d
                      LEFT JOIN exchange.cin_aliases AS m ON m.alias = d.cin
                      WHERE d.decision > getvariable('decisions_before')""",
    "now_chosen": """SELECT coalesce(m.cin, d.cin) AS cin, arg_max(d.npi, d.sequence) AS npi,
                            arg_max(d.decided_on, d.sequence) AS decided_on
                     FROM facts.liaison_decisions AS d
                     LEFT JOIN exchange.cin_aliases AS m ON m.alias = d.cin GROUP BY ALL""",
}

NEVER = {
    "two authorizations of one member for one day": """
        SELECT a.cin FROM exchange.ecm_authorizations AS a
        JOIN exchange.ecm_authorizations AS b ON a.cin = b.cin AND a.authorization_id < b.authorization_id
        WHERE a.start_date <= b.end_date AND b.start_date <= a.end_date""",
    "two authorizations of one member that run": "SELECT cin FROM now_authorized GROUP BY cin HAVING count(*) > 1",
    "two open assignments of one member": "SELECT cin FROM now_open GROUP BY cin HAVING count(*) > 1",
    "an open assignment without an authorization": "SELECT cin FROM now_open EXCEPT SELECT cin FROM now_authorized",
    "an authorized member that is neither assigned nor listed": """
        SELECT cin FROM now_waiting EXCEPT (SELECT cin FROM now_open UNION SELECT cin FROM exchange.unassigned)""",
    "a member listed as unassigned who is assigned, or not authorized": """
        SELECT cin FROM exchange.unassigned
        WHERE cin IN (SELECT cin FROM now_open) OR cin NOT IN (SELECT cin FROM now_waiting)""",
    "an end of an authorization without a reason, or a reason without an end": """
        SELECT cin FROM exchange.ecm_authorizations
        WHERE (status IN ('CLOSED', 'EXPIRED')) <> (close_reason IS NOT NULL)
           OR (close_reason IS NOT NULL AND NOT list_contains(getvariable('closure_reasons'), close_reason))""",
    "an authorization that is active after its end or has no days": """
        SELECT cin FROM exchange.ecm_authorizations
        WHERE status = 'ACTIVE' AND (start_date IS NULL OR end_date < getvariable('night'))""",
    "a provider that is given more than its places": """
        SELECT p.npi FROM now_places AS p
        JOIN now_decided AS d ON d.npi = p.npi AND d.action = 'ASSIGN' WHERE p.open > p.capacity""",
    "a member given to or left at a provider that cannot serve": """
        SELECT a.cin FROM now_open AS a LEFT JOIN now_places AS p ON p.npi = a.npi
        WHERE NOT coalesce(p.serves, false)""",
    "an end for a reason that is not on the list": """
        SELECT person FROM now_decided
        WHERE action = 'END' AND reason NOT IN ('ELIG_LOST', 'PROVIDER_CHANGE', 'CORRECTION')""",
    "an end for a lost authorization that runs": """
        SELECT d.person FROM now_decided AS d JOIN now_authorized AS z ON z.cin = d.person
        WHERE d.action = 'END' AND d.reason = 'ELIG_LOST'""",
    "a move that neither the roster nor the liaison asked for": """
        SELECT d.person FROM now_decided AS d LEFT JOIN now_places AS p ON p.npi = d.npi
        WHERE d.action = 'END' AND d.reason = 'PROVIDER_CHANGE' AND coalesce(p.serves, false)
          AND NOT EXISTS (SELECT 1 FROM now_decided AS made JOIN now_chosen AS c ON c.cin = made.person
                          WHERE made.person = d.person AND made.action = 'ASSIGN' AND made.method = 'LIAISON'
                            AND made.npi = c.npi AND made.npi <> d.npi)""",
    "a correction that leaves the person with nobody": """
        SELECT person FROM now_decided WHERE action = 'END' AND reason = 'CORRECTION'
        EXCEPT SELECT cin FROM now_open""",
    "an end and a new beginning with the same provider at once": """
        SELECT ended.person FROM now_decided AS ended
        JOIN now_decided AS made ON made.person = ended.person AND made.npi = ended.npi AND made.action = 'ASSIGN'
        WHERE ended.action = 'END'""",
    "an assignment that was ended twice, or before it was made": """
        SELECT any_value(e.cin) FROM facts.assignment_decisions AS e
        LEFT JOIN facts.assignment_decisions AS m
          ON m.assignment_id = e.assignment_id AND m.action = 'ASSIGN' AND m.decision < e.decision
        WHERE e.action = 'END'
        GROUP BY e.assignment_id HAVING count(*) > 1 OR count(m.decision) <> 1""",
    "the liaison's last word passed over though there is a place": """
        SELECT c.cin FROM now_chosen AS c
        JOIN now_places AS p ON p.npi = c.npi AND p.serves AND p.open < p.capacity
        JOIN now_waiting AS z ON z.cin = c.cin
        LEFT JOIN now_open AS a ON a.cin = c.cin
        WHERE a.npi IS DISTINCT FROM c.npi AND coalesce(a.assigned_on, c.decided_on) <= c.decided_on""",
    "a member without a provider while one that may serve has a place": """
        SELECT u.cin FROM exchange.unassigned AS u
        JOIN now_places AS p ON p.serves AND p.open < p.capacity
         AND list_contains(string_split(p.counties, ';'), u.county)
         AND list_contains(string_split(p.populations, ';'), 'ADULT')""",
    "an authorization without its episode, or the reverse": """
        SELECT coalesce(z.cin, e.cin) FROM exchange.ecm_authorizations AS z
        FULL JOIN exchange.ji_episodes AS e ON e.episode_id = z.episode_id AND e.cin = z.cin
        WHERE z.cin IS NULL OR e.cin IS NULL""",
    "a clock of no episode": """
        SELECT cin FROM exchange.clocks
        WHERE episode_id IS NOT NULL
          AND (cin, episode_id) NOT IN (SELECT (cin, episode_id) FROM exchange.ji_episodes)""",
    "an item of work about a person, provider or file that is not there": """
        SELECT item_id FROM exchange.work_items
        WHERE (cin IS NOT NULL AND cin NOT IN (SELECT cin FROM exchange.members))
           OR (npi IS NOT NULL AND npi NOT IN (SELECT npi FROM roster))
           OR (file_id IS NOT NULL AND file_id NOT IN (SELECT file_id FROM ledger.files))""",
    "an item of work about a row that is not there": """
        SELECT item_id FROM exchange.work_items
        WHERE list = 'IDENTITY' AND (file_id, row_no) NOT IN (
            SELECT (file_id, row_no) FROM exchange.identities
            UNION SELECT (file_id, segment_no) FROM exchange.prior_identifiers)""",
    "an item of work about a merged CIN": """
        SELECT item_id FROM exchange.work_items
        WHERE list <> 'IDENTITY' AND cin IN (SELECT alias FROM exchange.cin_aliases)""",
    "somebody unassigned who is on no work list": """
        SELECT cin FROM exchange.unassigned EXCEPT SELECT cin FROM exchange.work_items WHERE list = 'UNASSIGNED'""",
}
"""What never is: a query for those of whom it is."""

OF_PERSONS = (
    "ji_statements", "ji_steps", "ji_episodes", "ji_contradictions", "ecm_authorizations", "ecm_assignments", "clocks",
    "unassigned", "unassigned_candidates",
)  # fmt: skip
"""Tables that speak of everyone under the CIN that counts."""


def broken(warehouse: Warehouse, night: date, decisions_before: int) -> Iterator[tuple[str, str]]:
    """Yield whatever does not hold after a night, and of whom; `decisions_before` is the last one of earlier nights."""
    warehouse.run("SET VARIABLE night = $night", {"night": night})
    warehouse.run("SET VARIABLE decisions_before = $number", {"number": decisions_before})
    warehouse.run("SET VARIABLE closure_reasons = $reasons", {"reasons": list(CLOSURE_REASONS)})
    for name, query in VIEWS.items():
        warehouse.run(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")
    for what, query in NEVER.items():
        yield from ((what, who) for (who,) in warehouse.rows(query))
    for table in OF_PERSONS:
        merged = f"SELECT cin FROM exchange.{table} WHERE cin IN (SELECT alias FROM exchange.cin_aliases)"  # noqa: S608 - own names
        yield from ((f"a merged CIN in {table}", who) for (who,) in warehouse.rows(merged))
    for table, key in KEYS.items():
        twice = f"SELECT count(*) FROM (SELECT 1 FROM exchange.{table} GROUP BY {key} HAVING count(*) > 1)"  # noqa: S608 - own names
        if warehouse.value(twice):
            yield f"one key twice in {table}", key
    for step in FILLS:
        for answer in run_checks(warehouse, night, after=step):
            if answer.violations and answer.check.blocking:
                yield answer.check.name, ""
