"""Codes of what plan operations type: what is held, what was sent, who received it, the directory, the reports."""

from __future__ import annotations

import json
from collections.abc import Callable

from pysequoia import Tsk

from pipelines.warehouse import open_warehouse
from pipelines.warehouse.door import publish
from tests.codes.after_a_night import CLINIC, FIRST, SECOND, Plan
from tests.codes.typed import ON, typed

BY = '--reason "confirmed by phone" --by "M. Rivera"'


def hold(code: str, file_date: str = "2026-10-28") -> Callable[[Plan], None]:
    """Let the list of the night be held."""
    return lambda plan: plan.run(
        """UPDATE ledger.files SET status = 'HELD', reason = $code, file_id = 'abcdef01', file_date = $on
           WHERE source = 'probation'""",
        code=code, on=file_date,
    )  # fmt: skip


def two_files_begin_alike(plan: Plan) -> None:
    with open_warehouse(plan.home) as warehouse:
        warehouse.run("UPDATE ledger.files SET file_id = 'abcdef0' || arrival")
        publish(warehouse)


def the_outbox_was_emptied(plan: Plan) -> None:
    for path in (plan.home / "outbox").rglob("*.csv"):
        path.unlink()


def the_clinic_has_given_a_key(plan: Plan) -> None:
    key = plan.folder / "clinic.asc"
    key.write_text(str(Tsk.generate("Clinic <clinic@example.org>").extract_certificate()), encoding="ascii")
    table = plan.folder / "providers.csv"
    heading, *lines = table.read_text(encoding="utf-8").splitlines()
    keyed = [f"{line},{key if line.startswith(CLINIC) else ''}" for line in lines]
    table.write_text("\n".join([f"{heading},pgp_key_file", *keyed]) + "\n", encoding="utf-8")


def the_next_night_has_been_run(plan: Plan) -> None:
    plan.run("INSERT INTO ledger.runs VALUES ('r', $on, 1, 'FINISHED', 0)", on=SECOND)


def a_schema_that_asks_for_more(plan: Plan) -> None:
    (plan.folder / "template.json").write_text(json.dumps({"month": "$month"}), encoding="utf-8")
    (plan.folder / "schema.json").write_text(json.dumps({"required": ["month", "counties"]}), encoding="utf-8")
    both = 'dhcs_template = "template.json"\ndhcs_schema = "schema.json"'
    plan.write("exchange.toml", "[delivery]", f"[reports]\n{both}\n\n[delivery]")


HELD_THINGS = (
    typed("H01", "an id of yesterday's list",
          f"ecm-exchange release 00000000 {BY} {ON}", "nothing that is held has this id"),
    typed("H02", "an id of two characters",
          f"ecm-exchange release 3f {BY} {ON}", "the id is too short to be sure"),
    typed("H03", "nobody stands for it",
          f'ecm-exchange release abcdef01 --reason "seen" --by "" {ON}', "Give --by", first=hold("F14")),
    typed("H04", "a file that cannot be read",
          f"ecm-exchange release abcdef01 {BY} {ON}", "that is never released", first=hold("F01")),
    typed("H05", "a list of next week",
          f"ecm-exchange release abcdef01 {BY} {ON}", "a day that has not come", first=hold("F08", "2026-11-06")),
    typed("H06", "a file that is held as a whole",
          "ecm-exchange quarantine export abcdef01 --out plan/rejected.csv", "no row of this file was rejected",
          first=hold("F06")),
    typed("H07", "a day on which nothing went out",
          f"ecm-exchange resend --provider {CLINIC} --date 2026-10-31", "delivery before was on 2026-10-28"),
    typed("H08", "the outbox was emptied to make room",
          f"ecm-exchange resend --provider {CLINIC} --date {FIRST}", "the bytes that were delivered are gone",
          first=the_outbox_was_emptied),
    typed("H09", "the clinic has given a key since",
          f"ecm-exchange resend --provider {CLINIC} --date {FIRST}", "Wait for its full file",
          first=the_clinic_has_given_a_key),
    typed("H10", "two ids begin alike",
          "ecm-exchange quarantine show abcdef", "several files have an id that begins so",
          first=two_files_begin_alike),
    typed("H11", "a night that sent nothing",
          "ecm-exchange replay --date 2026-10-31", "no file of the night of 2026-10-31"),
)  # fmt: skip

LOOKING = (
    typed("E01", "a CIN with a wrong letter",
          "ecm-exchange explain 90425544B", "no fact speaks of this CIN", "90425544B"),
    typed("E02", "a work list by a wrong name",
          "ecm-exchange status --list unasigned", "Did you mean unassigned?"),
    typed("U01", "a copy under another name",
          "ecm-exchange incident assignments_wednesday.csv", "no file of this name or content"),
)  # fmt: skip

PUBLISHING = (
    typed("P01", "a day before the first night",
          "ecm-exchange directory --public --out plan/directory.csv --date 2026-10-01", "no night up to 2026-10-01"),
    typed("P02", "a day between two nights",
          f"ecm-exchange directory --public --out plan/directory.csv --date {FIRST}", "Publish as of 2026-10-29",
          first=the_next_night_has_been_run),
    typed("P03", "a folder that is not there",
          f"ecm-exchange directory --public --out plan/web/directory.csv {ON}", "the file cannot be written"),
)  # fmt: skip

REPORTS = (
    typed("V01", "a thirteenth month",
          "ecm-exchange report dhcs-json --month 2026-13", "Write it as YYYY-MM"),
    typed("V02", "a month that is not over",
          f"ecm-exchange report dhcs-json --month 2026-10 {ON}", "Ask from 2026-11-01 on"),
    typed("V03", "a month before the first night",
          "ecm-exchange report dhcs-json --month 2026-09 --date 2026-11-02", "no night of this month is known"),
    typed("V04", "a schema that asks for what the template does not write",
          "ecm-exchange report dhcs-json --month 2026-10 --date 2026-11-02", "does not fit its schema: $ (required)",
          first=a_schema_that_asks_for_more),
)  # fmt: skip

SAMPLES = (*HELD_THINGS, *LOOKING, *PUBLISHING, *REPORTS)
