"""The JI liaison's own decision: a fact that outranks every other source of an assignment."""

from __future__ import annotations

from datetime import date

from pipelines.config import Roster
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note
from schemas.codes import npi_is_valid
from schemas.problems import ExchangeError, ExitCode

_STANDING = """
    WITH person AS (SELECT coalesce((SELECT cin FROM exchange.cin_aliases WHERE alias = $cin), $cin) AS cin),
    latest AS (
        SELECT person.cin, d.npi, d.decided_on
        FROM facts.liaison_decisions AS d
        LEFT JOIN exchange.cin_aliases AS aliases ON aliases.alias = d.cin
        JOIN person ON person.cin = coalesce(aliases.cin, d.cin)
        ORDER BY d.sequence DESC
        LIMIT 1
    )
    SELECT latest.npi
    FROM latest
    LEFT JOIN exchange.ecm_assignments AS a ON a.cin = latest.cin AND a.ended_on IS NULL
    WHERE (a.cin IS NULL OR a.npi = latest.npi OR a.assigned_on <= latest.decided_on)
      AND NOT EXISTS (
          SELECT 1 FROM facts.cin_merges AS word
          WHERE word.decided_on >= latest.decided_on AND list_has_any([word.alias_cin, word.cin], [$cin, latest.cin])
      )
"""
"""The last decision for a person, unless another provider has come since: then it will not be followed any more.

Nor does it stand where two CINs became one person, or two again, since: whom it was made for is another question then.
"""


class DecisionRefused(ExchangeError):
    """The decision cannot be followed, told before it is stored."""

    exit_code = ExitCode.USAGE


def decide(warehouse: Warehouse, roster: Roster, cin: str, npi: str, *, on: date, reason: str, decided_by: str) -> None:
    """Store that `cin` goes to `npi`; the night of `on` or the next one acts on it. A decision that stands is no news.

    Raises
    ------
    DecisionRefused
        When the member is unknown, or the provider is unknown, inactive or not JI-capable.
    """
    provider = roster.by_npi().get(npi)
    if not npi_is_valid(npi) or provider is None:
        raise DecisionRefused(
            "A01", "no provider of the roster has this NPI", remedy="`ecm-exchange directory` lists them."
        )
    if not (provider.active and provider.ji_provider):
        raise DecisionRefused(
            "A02", "the provider is not active or not JI-capable", remedy="Choose another: `ecm-exchange directory`."
        )
    if not warehouse.value("SELECT count(*) FROM exchange.members WHERE cin = $cin", {"cin": cin}):
        raise DecisionRefused(
            "A03",
            "no member of the plan has this CIN",
            remedy="Check the nine characters: a 9, seven digits, a letter.",
        )
    with warehouse.transaction():
        standing = warehouse.rows(_STANDING, {"cin": cin})
        if standing == [(npi,)]:
            return
        warehouse.run(
            """INSERT INTO facts.liaison_decisions BY NAME
               SELECT md5(concat_ws('|', 'liaison', $cin, $npi, sequence)) AS decision_id, $on AS decided_on, sequence,
                      $cin AS cin, $npi AS npi, $reason AS reason, $decided_by AS decided_by
               FROM (SELECT coalesce(max(sequence), 0) + 1 AS sequence FROM facts.liaison_decisions)""",
            {"cin": cin, "npi": npi, "on": on, "reason": reason, "decided_by": decided_by},
        )
        decision = warehouse.value("SELECT arg_max(decision_id, sequence) FROM facts.liaison_decisions")
        note(warehouse, on, "LIAISON_DECISION", decision, f"provider {npi}")
