"""Several plans, each with a home of its own, seen side by side. Nothing of one plan's is read for another."""

from pipelines.fleet.read import Fleet, read_fleet
from pipelines.fleet.standing import PlanStanding, Stands, worst_first
from pipelines.fleet.survey import survey

__all__ = ["Fleet", "PlanStanding", "Stands", "read_fleet", "survey", "worst_first"]
