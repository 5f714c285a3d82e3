"""The code of a plan whose nights would be handed to nobody."""

from __future__ import annotations

import re

from pipelines.fleet import Stands, read_fleet
from pipelines.fleet.queues import with_seats
from pipelines.fleet.standing import PlanStanding
from tests.codes.sample import Meeting, Sample, Stage

SHOWN = """\
name = "A bureau"

[[plans]]
id = "VALLEY"
config = "valley/exchange.toml"
queue = "valley"
"""


def asked(stage: Stage) -> Meeting:
    """Look at a plan that stands right, while the only worker serves another queue."""
    (stage.folder / "fleet.toml").write_text(SHOWN, encoding="utf-8")
    fleet = read_fleet(stage.folder / "fleet.toml")
    right = PlanStanding("VALLEY", fleet.plans[0].config, "A plan", Stands.RIGHT, "Right.")
    text = "\n".join(f"{each.plan}: {each.says}. {each.do}" for each in with_seats(fleet, [right], {"nights": 4}))
    return Meeting(tuple(re.findall(r"\(([A-Z]\d\d)\)", text)), text)


SAMPLES = (Sample("S19", "a queue without a worker", asked, told="no worker serves", shown=SHOWN, form="toml"),)
