"""Codes of what the JI liaison types: assignments, whom rows and numbers mean, records."""

from __future__ import annotations

from tests.codes.after_a_night import ANOTHER, FIRST, HOUSE, MEMBER, Plan
from tests.codes.typed import ON, typed

BY = '--reason "knows the family" --by "M. Rivera"'
STRANGER = "98450239B"
MISTYPED = "90549001C"


def the_house_has_closed(plan: Plan) -> None:
    table = (plan.folder / "providers.csv").read_text(encoding="utf-8")
    (line,) = (line for line in table.splitlines() if line.startswith(HOUSE))
    plan.write("providers.csv", line, line.replace(",Y,Y,", ",N,Y,", 1))


def they_were_merged_in_spring(plan: Plan) -> None:
    plan.run(
        """INSERT INTO facts.cin_merges BY NAME
           SELECT 'm' AS merge_id, 1 AS sequence, $on AS decided_on, 'MERGE' AS action, $old AS alias_cin, $new AS cin,
                  'one person' AS reason, 'M. Rivera' AS decided_by""",
        on=FIRST, old=MEMBER, new=ANOTHER,
    )  # fmt: skip


def record(rest: str, cin: str = MEMBER) -> str:
    return f"ecm-exchange record {cin} {rest} {ON}"


ASSIGNING = (
    typed("A01", "two digits of the NPI are the wrong way round",
          f"ecm-exchange assign {MEMBER} 2905494054 {BY} {ON}", "`ecm-exchange directory` lists them", MEMBER),
    typed("A02", "the house has closed its enrollment",
          f"ecm-exchange assign {MEMBER} {HOUSE} {BY} {ON}", "not active or not JI-capable", MEMBER,
          first=the_house_has_closed),
    typed("A03", "a person whom no 834 has named",
          f"ecm-exchange assign {STRANGER} {HOUSE} {BY} {ON}", "no member of the plan has this CIN", STRANGER),
)  # fmt: skip

IDENTITIES = (
    typed("I01", "the key of another source's list",
          f"ecm-exchange identity accept probation JAIL-7 {MEMBER} {BY} {ON}", "no row of this source", MEMBER),
    typed("I02", "the CIN that is to stay has a wrong letter",
          f"ecm-exchange identity merge {MEMBER} {MISTYPED} {BY} {ON}", "the second CIN", MISTYPED, MEMBER),
    typed("I03", "the same CIN twice",
          f"ecm-exchange identity merge {MEMBER} {MEMBER} {BY} {ON}", "not merged into itself", MEMBER),
    typed("I04", "the old CIN has a wrong letter",
          f"ecm-exchange identity merge {MISTYPED} {MEMBER} {BY} {ON}", "speaks of the first CIN", MISTYPED, MEMBER),
    typed("I05", "the two were merged the other way round in spring",
          f"ecm-exchange identity merge {ANOTHER} {MEMBER} {BY} {ON}", "lead in a circle", MEMBER, ANOTHER,
          first=they_were_merged_in_spring),
    typed("I06", "the CIN that stays was given",
          f"ecm-exchange identity unmerge {MEMBER} {BY} {ON}", "has not been merged into another", MEMBER),
)  # fmt: skip

RECORDS = (
    typed("N01", "a kind that is none",
          record(f"PHONECALL --on {FIRST} --by Rivera"), "no such kind of record", MEMBER),
    typed("N02", "a person whom no 834 has named",
          record(f"FIRST_CONTACT --on {FIRST} --by Rivera", STRANGER), "no member of the plan", STRANGER),
    typed("N03", "a day of next week",
          record("FIRST_CONTACT --on 2026-11-06 --by Rivera"), "the day has not come yet", MEMBER),
    typed("N04", "a record is taken back twice",
          record("VOID --event 0f3a --by Rivera"), "no record of this member that stands", MEMBER),
    typed("N05", "an answer to a call that was not recorded",
          record(f"AFTER_HOURS_ANSWERED --on {FIRST} --by Rivera"), "Record AFTER_HOURS_CONTACT before it", MEMBER),
    typed("N06", "nobody stands for it",
          record(f'FIRST_CONTACT --on {FIRST} --by ""'), "nobody stands for the record", MEMBER),
    typed("N07", "the day is left out",
          record("FIRST_CONTACT --by Rivera"), "Give --on, the day", MEMBER),
)  # fmt: skip

SAMPLES = (*ASSIGNING, *IDENTITIES, *RECORDS)
