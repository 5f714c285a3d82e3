"""Samples that are a command, typed in the folder of a small plan after its first night."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from tests.codes.after_a_night import SECOND, Plan
from tests.codes.sample import Meeting, Sample, Stage

ON = f"--date {SECOND}"


def as_it_is(_: Plan) -> None:
    """Let the plan stand as its night left it."""


def typed(
    code: str, says: str, line: str, told: str, *offending: str, first: Callable[[Plan], object] = as_it_is
) -> Sample:
    """Make a sample of a command line; `first` is what happened before. The plan's folder is `plan`."""

    def scene(stage: Stage) -> Meeting:
        plan = stage.make_plan()
        first(plan)
        return stage.command(*shlex.split(line)[1:], "--config", plan.file)

    return Sample(code, says, scene, offending, told=told, shown=line, form="sh")
