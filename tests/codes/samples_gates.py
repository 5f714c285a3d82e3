"""Codes of gates: the rows of two providers, on the night after their first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.config import Roster
from pipelines.delivery.holds import told_of_holds
from pipelines.delivery.prepare import prepare
from pipelines.nightly import Night
from tests.codes.after_a_night import CLINIC, HOUSE, SECOND
from tests.codes.sample import Meeting, Sample, Stage

NEXT_MONTH = date(2026, 11, 12)
GIVE = """
    INSERT INTO exchange.ecm_assignments BY NAME
    SELECT 'new-' || cin AS assignment_id, cin, $npi AS npi, 'RULE' AS method, $on AS assigned_on, false AS late_add,
           '' AS reason, 0 AS decision
    FROM exchange.members WHERE cin NOT IN (SELECT cin FROM exchange.ecm_assignments) ORDER BY cin LIMIT $members
"""
END = """
    UPDATE exchange.ecm_assignments SET ended_on = $on, end_reason = 'ELIG_LOST' WHERE assignment_id IN (
        SELECT assignment_id FROM exchange.ecm_assignments WHERE npi = $npi ORDER BY cin LIMIT $members)
"""
A_FEW_A_DAY = """
    UPDATE exchange.ecm_assignments SET assigned_on = assigned_on - CAST(decision % 3 AS INTEGER) WHERE npi = $npi
"""


def held(code: str, says: str, told: str, happens: Callable[[Night], object], on: date = SECOND) -> Sample:
    """Make a sample of what is held when a night's files are prepared."""

    def scene(stage: Stage) -> Meeting:
        with stage.make_plan().night(on) as night:
            happens(night)
            prepare(night.warehouse, night.config, night.roster, on)
            codes = night.warehouse.rows("SELECT code FROM delivery.holds WHERE business_date = $on", {"on": on})
            return Meeting(tuple(each for (each,) in codes), "\n".join(told_of_holds(night.warehouse, on)))

    return Sample(code, says, scene, told=told)


def let(npi: str, **settings: Any) -> Callable[[Night], None]:
    """Let a provider's line say something else."""

    def otherwise(night: Night) -> None:
        providers = night.roster.providers
        night.roster = Roster(
            tuple(each.model_copy(update=settings) if each.npi == npi else each for each in providers)
        )

    return otherwise


def both_in_one_folder(night: Night) -> None:
    clinic = night.roster.by_npi()[CLINIC]
    let(HOUSE, username=clinic.username, folder=clinic.folder)(night)


def half_of_them_leave(night: Night) -> None:
    night.warehouse.run(END, {"npi": CLINIC, "on": SECOND, "members": 7})


def it_has_closed_and_gets_a_member(night: Night) -> None:
    let(HOUSE, active=False)(night)
    night.warehouse.run(GIVE, {"npi": HOUSE, "on": SECOND, "members": 1})


def forty_come_at_once(night: Night) -> None:
    night.warehouse.run(A_FEW_A_DAY, {"npi": HOUSE})
    night.warehouse.run(GIVE, {"npi": HOUSE, "on": SECOND, "members": 40})


def a_third_of_the_834_was_rejected(night: Night) -> None:
    night.warehouse.run("UPDATE ledger.files SET rows_in = 90, rows_rejected = 30 WHERE kind = '834'")
    night.warehouse.run(GIVE, {"npi": HOUSE, "on": SECOND, "members": 1})


def nothing_came_for_two_weeks(night: Night) -> None:
    night.warehouse.run(END, {"npi": CLINIC, "on": NEXT_MONTH, "members": 1})


def its_key_is_gone(night: Night) -> None:
    let(HOUSE, pgp_key_file=Path("clinic.asc"))(night)


SAMPLES = (
    held("G01", "two lines of the providers table with one folder", "might reach another", both_in_one_folder),
    held("G02", "half of a clinic's members end in one night", "7 of 14 members", half_of_them_leave),
    held("G03", "a house that has closed is to get a member", "is not active", it_has_closed_and_gets_a_member),
    held("G04", "forty new members on one day", f"40 assigned on {SECOND}", forty_come_at_once),
    held("G05", "a third of the newest 834 was rejected", "30 of 90 rejected", a_third_of_the_834_was_rejected),
    held("G06", "no 834 for two weeks, and an end for want of one", "the last 834 of dhcs is of 2026-10-28",
         nothing_came_for_two_weeks, NEXT_MONTH),
    held("G07", "the file of a provider's key is gone", "its key cannot be used", its_key_is_gone),
)  # fmt: skip
