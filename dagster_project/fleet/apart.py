"""Lets a process of its own do something for a plan, so that no fault, wait or secret of one plan touches another's."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from dagster_project.fleet.errand import answer
from schemas.problems import ExchangeError

PATIENCE = 50.0
"""Seconds for an errand: the orchestrator ends a tick after a minute."""

_APART = get_context("forkserver")
_APART.set_forkserver_preload(
    ["dagster_project.fleet.errand"]
)  # read once: a process for every look costs next to nothing


def ask(fleet: Path, plan: str, errand: str, patience: float = PATIENCE, **asked: object) -> Mapping[str, Any]:
    """Have an errand done for a plan and return its answer.

    Raises
    ------
    ExchangeError
        The problem that it met, or S08 when no answer came in `patience` seconds.
    """
    mine, theirs = _APART.Pipe(duplex=False)
    process = _APART.Process(target=answer, args=(theirs, str(fleet), plan, errand, asked), daemon=True)
    process.start()
    theirs.close()
    told = None
    try:
        has_ended = mine.poll(patience)
        with suppress(EOFError):
            told = json.loads(mine.recv_bytes()) if has_ended else None
    finally:
        mine.close()
        if process.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.join(1)  # one that hangs in a disk that is gone cannot even be killed, and is waited for by nobody
    if told is None:
        how = "its process ended without an answer" if has_ended else f"no answer came in {patience:.0f} seconds"
        raise ExchangeError(
            "S08",
            f"the plan could not be looked after: {how}",
            remedy="The next tick tries again. See whether its disk answers, which partner is slow, and whether this "
            "machine is short of memory.",
        )
    if "problem" in told:
        code, what, remedy = told["problem"]
        raise ExchangeError(code, what, remedy=remedy)
    return dict(told["answer"])
