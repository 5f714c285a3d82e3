"""The same nights undisturbed: each plan alone, by `ecm-exchange run`, in copies that nothing else is done with."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from dagster_project.fleet.rehearsal.plans import Bureau, Cast, InventedPlan, invent
from dagster_project.fleet.rehearsal.waiting import did_not

_PROGRAM = Path(sys.executable).with_name("ecm-exchange")
_OF_A_FLEET = "ECM_EXCHANGE_"
_AT_ONCE = 2


def run_undisturbed(folder: Path, casts: Sequence[Cast], host: str, tell: Callable[[str], None]) -> Bureau:
    """Invent the plans once more below `folder` and run their night there; `tell` is told of each that has ended.

    Their homes stay where they are: whether a home moves must not make a difference.

    Raises
    ------
    ExchangeError
        S62, when a night is refused or fails.
    """
    alone = {name: value for name, value in os.environ.items() if not name.startswith(_OF_A_FLEET)}
    bureau = invent(folder, [replace(cast, moves=False) for cast in casts], host)

    def run(plan: InventedPlan) -> str:
        log = plan.folder / "run.log"
        command = [str(_PROGRAM), "run", "--config", str(plan.config), "--date", str(bureau.night)]
        with log.open("wb") as told:
            ended = subprocess.run(  # noqa: S603 - our own program, no shell
                command, env=alone | bureau.environment(plan.cast.id), stdout=told, stderr=told, check=False
            )
        if ended.returncode:
            raise did_not(f"the undisturbed night of {plan.cast.id} ended with {ended.returncode}", log)
        return plan.cast.id

    with bureau.serving_partners(), ThreadPoolExecutor(_AT_ONCE) as hands:
        for plan in hands.map(run, bureau.plans):
            tell(plan)
    return bureau
