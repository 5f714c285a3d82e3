"""Codes of acknowledgements: an 834 that is received and loaded, and what its TA1 and 999 then say of it."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.delivery.outbox import waiting
from pipelines.responses import prepare_acknowledgements
from tests.codes.a_plan import ON, a_plan
from tests.codes.enrollment_text import an_834
from tests.codes.sample import Meeting, Sample, Stage

_SAYING = {"TA1": {5: "TA105"}, "AK9": dict.fromkeys(range(5, 10), "AK905"), "IK5": dict.fromkeys(range(2, 7), "IK502"),
           "IK3": {4: "IK304"}, "IK4": {3: "IK403"}}  # fmt: skip
"""The elements that say what is wrong, by segment and place; further ones say the same as the first."""


def _errors(segment: str) -> Iterator[str]:
    name, *elements = segment.split("*")
    for place, code in _SAYING.get(name, {}).items():
        if place <= len(elements) and elements[place - 1] not in ("", "000"):
            yield code


def _acknowledged(code: str, says: str, text: str, told: str, *offending: str, beside: tuple[str, ...] = ()) -> Sample:
    def scene(stage: Stage) -> Meeting:
        with a_plan(stage) as plan:
            asked = {"acknowledge": ("TA1", "999"), "responses": "/responses"}
            sources = [each.model_copy(update=asked if each.name == "dhcs" else {}) for each in plan.config.sources]
            plan.config = plan.config.model_copy(update={"sources": tuple(sources)})
            plan.receive("dhcs", "DHCS834-DA-20241103-SHP-010-001.dat", text.encode(), ON)
            plan.load()
            prepare_acknowledgements(plan.warehouse, plan.config, ON)
            sent = [parcel.local.read_text() for _, parcel in waiting(plan.warehouse, "dhcs")]
        segments = [segment.strip() for document in sent for segment in document.split("~")]
        return Meeting(tuple(each for segment in segments for each in _errors(segment)), "\n".join(segments))

    return Sample(code, says, scene, offending, beside, told, text, "834")


_SOUND = an_834()

SAMPLES = (
    _acknowledged(
        "TA105", "an 834 that broke off before its end", _SOUND[: _SOUND.index("DMG*")], "*R*023", "CRUNDELACK", "98450239B",
    ),
    _acknowledged("AK905", "a GE that counts two sets where there is one", _SOUND.replace("GE*1*", "GE*2*"), "AK9*R*", "CRUNDELACK", beside=("IK502",)),
    _acknowledged("IK502", "an SE that counts segments that are not there", an_834(totals=180), "IK5*R*4", "CRUNDELACK"),
    _acknowledged(
        "IK304", "a segment that the guide does not know", an_834(("DMG*", "XYZ*1~\nDMG*")), "*1", "CRUNDELACK", beside=("IK502",),
    ),
    _acknowledged(
        "IK403", "a kind of contact that the guide does not know", an_834(("*TE*", "*QQ*")), "IK4*3*365*7", "CRUNDELACK", beside=("IK304", "IK502"),
    ),
)  # fmt: skip
