"""The plans of a measured fleet: each with a configuration, providers, partners and files of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.fleet.sizes import providers_of
from benchmarks.processes import FailedError
from benchmarks.simulation.inboxes import write_inboxes
from benchmarks.simulation.plan import write_plan
from benchmarks.simulation.served import free_ports, put_files_of_the_day
from sample_data import SamplePlan

FLEET_FILE = "fleet.toml"


@dataclass(frozen=True)
class FleetPlan:
    """A plan in a folder of its own."""

    id: str
    folder: Path

    @property
    def days(self) -> Path:
        """What its partners write, by the day."""
        return self.folder / "days"

    @property
    def has_begun(self) -> bool:
        """Whether a night of it has passed."""
        return (self.folder / "home" / "published.duckdb").exists()

    def next_day(self) -> date:
        """Put what its partners write for the next day into their folders, and return the day.

        Raises
        ------
        FailedError
            When there is no other day.
        """
        for day in sorted(self.days.iterdir()):
            if any(path.is_file() for path in day.rglob("*")):
                put_files_of_the_day(day, self.folder)
                return date.fromisoformat(day.name)
        raise FailedError(f"all days of {self.id} have passed")


def write_plans(folder: Path, sizes: Sequence[int], nights: int, seed: int, *, depot: bool) -> Sequence[FleetPlan]:
    """Write plans of so many members each, what their partners write for some nights, and the file that names all.

    With `depot` their homes are kept in a folder beside them between nights.
    """
    plans = [FleetPlan(name, folder / name) for name in _names(len(sizes))]
    ports = free_ports(len(plans))
    for number, (plan, members, port) in enumerate(zip(plans, sizes, ports, strict=True)):
        kept = (folder / "depot" / plan.id).as_uri() if depot else ""
        providers = providers_of(members)
        write_plan(plan.folder, members, providers, port, SamplePlan(plan.id, f"Plan {plan.id}", depot=kept))
        write_inboxes(plan.days, members, providers, nights, seed + number)
    write_fleet_file(folder, plans)
    return plans


def written_plans(folder: Path) -> Sequence[FleetPlan]:
    """Find the plans that were written before, the largest first."""
    return [FleetPlan(place.name, place) for place in sorted(folder.glob("P[0-9]*"))]


def write_fleet_file(folder: Path, plans: Sequence[FleetPlan]) -> Path:
    """Let the fleet have these plans."""
    tables = [f'[[plans]]\nid = "{plan.id}"\nconfig = "{plan.id}/exchange.toml"\n' for plan in plans]
    file = folder / FLEET_FILE
    file.write_text("\n".join(['name = "A measured fleet"\n', *tables]), encoding="utf-8")
    return file


def _names(plans: int) -> Iterator[str]:
    return (f"P{rank:03}" for rank in range(1, plans + 1))
