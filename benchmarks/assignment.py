"""One night on which thousands of members need a provider: `python -m benchmarks.assignment`.

A plan is made up in the store and the station assigns its members. Then its rule and two peers choose, in turns, for
the same members among the same places.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.assignment_peers import one_by_one, rounds
from pipelines.assignment.assign import assign_members, grant_by_rule
from pipelines.config import Roster
from pipelines.config.policy import Assignment
from pipelines.config.providers import Provider
from pipelines.warehouse import Warehouse, open_warehouse
from sample_data.identifiers import npi
from schemas.codes import COUNTIES

NIGHT = date(2026, 11, 2)
POLICY = Assignment()
SCENES = {"short": 1, "for all": 3}
"""What the places are, and how many times as many as where they are short."""
_COUNTIES = COUNTIES[:20]
_LANGUAGES = ("SPA", "HMN", "VIE", "ARM")
_HERE = Path(__file__).parent

_PARTS = ("left_out", "left_out_though_released", "mismatch", "unevenness")
_OUTCOME = """
WITH filled AS (
    SELECT l.capacity, l.open + count(g.cin) AS filled
    FROM loads AS l LEFT JOIN granted AS g ON g.npi = l.npi GROUP BY l.npi, l.capacity, l.open
),
placed AS (
    SELECT f.mismatch FROM granted AS g JOIN waiting AS w ON w.cin = g.cin
    JOIN fits AS f ON f.profile = w.profile AND f.npi = g.npi
)
SELECT
    (SELECT count(*) FROM waiting) - (SELECT count(*) FROM granted) AS left_out,
    (SELECT count(*) FROM needing WHERE late_add AND cin NOT IN (SELECT cin FROM granted)) AS left_out_though_released,
    (SELECT coalesce(sum(mismatch), 0)::BIGINT FROM placed) AS mismatch,
    (SELECT sum(filled * filled / capacity) FROM filled WHERE capacity > 0) AS unevenness
"""


def measure(members: int, needing: int, providers: int, turns: int) -> dict[str, Any]:
    """Return, by how many places there are, what `measure_scene` tells."""
    scenes = {
        name: measure_scene(members, needing, [_provider(number, factor) for number in range(providers)], turns)
        for name, factor in SCENES.items()
    }
    return {"members": members, "needing": needing, "providers": providers, "scenes": scenes}


def measure_scene(members: int, needing: int, providers: Iterable[Provider], turns: int) -> dict[str, Any]:
    """Return the seconds of the whole station, and of each way to choose its best seconds and what came of it."""
    ways: dict[str, Callable[[Warehouse], None]] = {
        "flow": lambda warehouse: grant_by_rule(warehouse, POLICY),
        "rounds": rounds,
        "one by one": one_by_one,
    }
    roster = Roster(tuple(sorted(providers, key=lambda provider: provider.npi)))
    told: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as place, open_warehouse(Path(place) / "home") as warehouse:
        _make_up(warehouse, members, needing)
        whole = _seconds(lambda: assign_members(warehouse, POLICY, roster, NIGHT))
        for _ in range(turns):
            for name, choose in ways.items():
                warehouse.run("DELETE FROM granted")
                took = _seconds(partial(choose, warehouse))
                best = min(took, told.get(name, {}).get("seconds", took))
                told[name] = {"seconds": best, **dict(zip(_PARTS, *warehouse.rows(_OUTCOME), strict=True))}
    return {"seconds": whole, "ways": told}


def _make_up(warehouse: Warehouse, members: int, needing: int) -> None:
    """Fill what the station reads: members, and an episode and authorization for each that needs a provider."""
    sizes = {"members": members, "needing": needing, "night": NIGHT}
    lists = {"counties": list(_COUNTIES), "languages": list(_LANGUAGES)}
    warehouse.run_file(_HERE / "assignment_plan.sql", **sizes, **lists)


def _provider(number: int, factor: int) -> Provider:
    """Build one of several hundred providers, no two quite alike: in one to three counties, with 8 places or more."""
    home = number % len(_COUNTIES)
    ages = (("ADULT",), ("ADULT", "YOUTH"), ("YOUTH",))[number % 7 % 3]
    return Provider.model_validate(
        {
            "npi": npi(number + 1), "name": f"Provider {number}", "tin": "000000000", "active": number % 50 != 7,
            "ji_provider": number % 40 != 9, "service_scope": "HANDOFF_ONLY" if number % 3 == 1 else "PRE_RELEASE",
            "counties": _COUNTIES[home : home + 1 + number % 3], "populations": ages,
            "languages": ("ENG", _LANGUAGES[number % 5 % 4]), "capacity": (8 + number * 7 % 40) * factor,
            "host": "localhost", "port": 22, "username": f"provider{number}", "key_file": "/key", "folder": "/",
            "formats": ("csv",), "full_day": "MON",
        }
    )  # fmt: skip


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def main() -> None:
    """Measure as the command line asks and print what came of it as JSON."""
    parser = argparse.ArgumentParser(description="Assign a night's members, beside other ways to choose for them.")
    parser.add_argument("--members", type=int, default=100_000, help="of the plan (100000)")
    parser.add_argument("--needing", type=int, default=5_000, help="who need a provider that night (5000)")
    parser.add_argument("--providers", type=int, default=300, help="of the roster (300)")
    parser.add_argument("--turns", type=int, default=3, help="of each way to choose (3)")
    asked = parser.parse_args()
    print(json.dumps(measure(asked.members, asked.needing, asked.providers, asked.turns)))


if __name__ == "__main__":
    main()
