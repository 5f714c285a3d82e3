"""Codes of lists and their rows: a list of a few lines, looked at with `validate`."""

from __future__ import annotations

from tests.codes.sample import Meeting, Sample, Stage

_HEADINGS = (
    "Referral ID,Record Action,Referral Date,Referral Source Type,CIN Number,Last Name,First Name,DOB,"
    "Justice Involved,Phone\n"
)


def _list(code: str, says: str, rows: str, *offending: str, told: str = "", headings: str = _HEADINGS) -> Sample:
    """Make a sample of a list of referrals; its rows may cite a value, and what is told may not."""
    text = headings + rows

    def scene(stage: Stage) -> Meeting:
        path = stage.folder / "PROBATION_REFERRALS_20261103.csv"
        path.write_text(text, encoding="utf-8")
        return stage.command("validate", path, "--layout", "mini_mif", "--json")

    return Sample(code, says, scene, offending, told=told, shown=text, form="csv")


SAMPLES = (
    _list(
        "F03", "a list that begins with its first person",
        "P-101,ADD,11/02/2026,PROBATION_PAROLE,98450239B,Crundelack,Ottil,02/11/1988,Y,(559) 555-0142\n",
        "Crundelack", "98450239B",
        told="no header row was found", headings="",
    ),
    _list(
        "R02", "a CIN that lacks two characters",
        "P-102,ADD,11/02/2026,PROBATION_PAROLE,9166012,Ormzeldorn,Havi,07/30/1979,Y,(559) 555-0177\n",
        "9166012", "Ormzeldorn",
        told="line 2, cin: the CIN is malformed or a placeholder",
    ),
)  # fmt: skip
