"""Codes that a file gets by what the plan knows besides: files before it, thresholds, members, assignments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from pipelines.config import Source
from pipelines.identity import match_identities
from pipelines.intake import ledger
from pipelines.load.returns import load_return
from schemas.references import reference_of
from tests.codes.a_plan import ON, a_plan, told_of_files
from tests.codes.enrollment_text import an_834
from tests.codes.sample import Meeting, Sample, Stage
from tests.pipelines.load.conftest import Plan

_DAILY = "DHCS834-DA-20241103-SHP-010-{:03d}.dat"
_FULL = "DHCS834-MO-20241103-SHP-010-{:03d}.dat"
_LIST = "PROBATION_REFERRALS_20241103.csv"
_HEADINGS = "Referral ID,Record Action,Referral Date,Referral Source Type,CIN Number,Last Name,First Name,DOB,Justice Involved,Phone"
_REFERRAL = "P-101,ADD,11/02/2024,PROBATION_PAROLE,98450239B,Crundelack,Ottil,02/11/1988,Y,(559) 555-0142"

Files = tuple[tuple[str, str, str], ...]
"""Source, name and text of files, in the order in which they come"""


def _receive(stage: Stage, files: Files, then: Callable[[Plan], None] | None = None) -> Meeting:
    with a_plan(stage) as plan:
        for source, name, text in files:
            plan.receive(source, name, text.encode(), ON)
            plan.load()
        if then is not None:
            then(plan)
        return told_of_files(plan)


def _files(
    code: str, says: str, files: Files, told: str, *offending: str, shown: str = "", beside: tuple[str, ...] = (),
    then: Callable[[Plan], None] | None = None,
) -> Sample:  # fmt: skip
    form = "834" if shown.startswith("ISA") else "csv"
    return Sample(code, says, partial(_receive, files=files, then=then), offending, beside, told, shown, form)


def _match(plan: Plan) -> None:
    match_identities(plan.warehouse, plan.config, ON)


_OURS, _THEIRS = "2916482120", "1598327166"
_RETURN = "ecm_provider_npi,cin,attempt_date,attempt_method,attempt_successful,contact_outcome"
_RETURNED = f"{_RETURN}\n{_OURS},98450239B,2024-10-20,PHONE,Y,spoke\n"


def _returned(stage: Stage) -> Meeting:
    with a_plan(stage) as plan:
        server = plan.config.sources[0].model_dump(include={"host", "port", "username", "key_file", "known_hosts"})
        source = Source(name="otf_ours", kind="otf", layout="otf", folder="/", pattern="*", provider=_OURS, **server)
        plan.config = plan.config.model_copy(update={"sources": (*plan.config.sources, source)})
        plan.warehouse.run(
            """INSERT INTO facts.assignment_decisions BY NAME
               SELECT 1 AS decision, $on AS decided_on, 'ASSIGN' AS action, 'A1' AS assignment_id, '98450239B' AS cin,
                      $npi AS npi, 'RULE' AS method, false AS late_add, '' AS reason""",
            {"on": ON - timedelta(days=200), "npi": _THEIRS},
        )
        plan.receive("otf_ours", f"POTF_{_OURS}_102024_11032024.csv", _RETURNED.encode(), ON)
        for file in ledger.waiting(plan.warehouse, "otf"):
            load_return(plan.warehouse, plan.config, file)
        return told_of_files(plan)


_ANSWER = (
    f"{_HEADINGS},error_code,error_column,error_severity,error_text,error_reference\n"
    f"{_REFERRAL},R02,cin,REJECT,,{reference_of('0' * 32, 1)}\n"
)

SAMPLES = (
    _files(
        "F06", "an 834 comes once more under its name, with another person",
        (("dhcs", _DAILY.format(1), an_834()), ("dhcs", _DAILY.format(1), an_834(("OTTIL", "OTTILIE")))),
        "HELD F06 a file of this name was received before with other content", "OTTIL",
    ),
    _files(
        "F07", "a list comes a second time under another name",
        (("probation", _LIST, f"{_HEADINGS}\n{_REFERRAL}\n"), ("probation", _LIST.replace(".", "_2."), f"{_HEADINGS}\n{_REFERRAL}\n")),
        "DUPLICATE F07", "Crundelack",
    ),
    _files(
        "F08", "a list of a day to come", (("probation", _LIST.replace("2024", "2025"), f"{_HEADINGS}\n{_REFERRAL}\n"),),
        "HELD F08 the date in the file name is in the future or too old", "Crundelack",
    ),
    _files(
        "F11", "another 834 with the control number of the one before",
        (("dhcs", _DAILY.format(1), an_834()), ("dhcs", _DAILY.format(2), an_834(("OTTIL", "OTTILIE")))),
        "all of it: the interchange control number was seen before", "OTTIL",
    ),
    _files(
        "F12", "a full 834 of four members after one of six",
        (("dhcs", _FULL.format(1), an_834(copies=6)), ("dhcs", _FULL.format(2), an_834(copies=4, control="000000906"))),
        "4 members after 6", "CRUNDELACK",
    ),
    _files(
        "F13", "an 834 that has another number in the place of the CIN",
        (("dhcs", _DAILY.format(1), (text := an_834(("98450239B", "M0001234")))),),
        "the configured CIN slot mostly does not hold CINs (1 of 1 members)", "M0001234", shown=text, beside=("R02",),
    ),
    _files(
        "F14", "an 834 whose birth dates are written the wrong way round",
        (("dhcs", _DAILY.format(1), (text := an_834(("19880211", "02111988")))),),
        "too many rows of the file were rejected (1 of 1 members)", "02111988", shown=text, beside=("R03", "R18"),
    ),
    _files(
        "W05", "a status of coverage that no list has",
        (("dhcs", _DAILY.format(1), (text := an_834(("010;01", "010;77")))),),
        "hcp_status: the HCP status is unknown", "CRUNDELACK", shown=text,
    ),
    _files(
        "R05", "a referral for somebody whom no 834 has named",
        (("probation", _LIST, (text := f"{_HEADINGS}\n{_REFERRAL}\n")),),
        "row 1, cin: the person is not on the plan's 834", "Crundelack", "98450239B", shown=text, then=_match,
    ),
    _files(
        "W10", "the CIN of one person with the name and birth date of another",
        (("dhcs", _DAILY.format(1), an_834()), ("probation", _LIST, (text := f"{_HEADINGS}\n{_REFERRAL}\n".replace("Crundelack,Ottil,02/11/1988", "Ormzeldorn,Havi,07/30/1979")))),
        "row 1, cin: CIN, name and birth date do not all speak of one member", "Ormzeldorn", shown=text, then=_match,
    ),
    _files(
        "W11", "an answer that comes back with a reference of nobody's",
        (("dhcs", _DAILY.format(1), an_834()), ("probation", _LIST, _ANSWER)),
        "the reference is of no row that this sender was answered", "Crundelack", shown=_ANSWER, then=_match,
    ),
    Sample(
        "R19", "a provider reports on a member that is assigned to another", _returned, ("98450239B",),
        told="row 1, cin: the row speaks of a member that is not assigned to the provider", shown=_RETURNED, form="csv",
    ),
)  # fmt: skip
