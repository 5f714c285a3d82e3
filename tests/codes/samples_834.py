"""Codes of 834s that a look at the file alone finds: one member, a segment a line, looked at with `validate`."""

from __future__ import annotations

from tests.codes.enrollment_text import an_834
from tests.codes.sample import Meeting, Sample, Stage


def _read(code: str, says: str, text: str, told: str, *offending: str, beside: tuple[str, ...] = ()) -> Sample:
    def scene(stage: Stage) -> Meeting:
        path = stage.folder / "DHCS834-DA-20241103-SHP-010-001.dat"
        path.write_text(text, encoding="utf-8")
        return stage.command("validate", path, "--json")

    return Sample(code, says, scene, offending, beside, told, text, "834")


SAMPLES = (
    _read("F04", "an 834 whose SE01 counts segments that are not there", an_834(totals=180), "SE01 announces 180 segments, there are 18"),
    _read("R17", "a reporting category that is opened and not closed", an_834(("*20241130", "*20241130\nLS*2700\nLX*1\nN1*75*JUSTICE INVOLVED")), "LE: the member loop breaks the 834's structure", "CRUNDELACK"),
    _read("R18", "a kind of contact that the guide does not know", an_834(("*TE*", "*QQ*")), "2100A PER03 ELE:7: the member loop breaks the 834 guide", "CRUNDELACK"),
    _read("W09", "a first name with an accent", an_834(("OTTIL", "OTTÍL")), "2100A NM104 ELE:6: the 834 deviates from the guide", "OTT"),
)  # fmt: skip
