"""Walk the events of all members through the table of states at once: the n-th events of everyone together."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.justice_involved.machine import Machine

Numbers = npt.NDArray[np.integer[Any]]


def walk(machine: Machine, member: Numbers, event: Numbers) -> dict[str, Numbers]:
    """Return what each event did.

    Parameters
    ----------
    machine
        The table of states.
    member
        Whom each event happened to; the events of one member stand together, in their order.
    event
        Number of each event.

    Returns
    -------
    dict
        Arrays as long as the events: `before` and `after`, the numbers of the states; `transition`, its number; `step`,
        which of the member's events it was, from 1; `ordinal`, how many episodes the member has had by then.
    """
    first = np.flatnonzero(np.r_[True, member[1:] != member[:-1]]) if len(member) else np.empty(0, dtype=np.int64)
    length = np.diff(np.r_[first, len(member)])
    before, after = _states(machine, first, length, event)
    transition = before.astype(np.int64) * len(machine.events) + event
    openings = np.cumsum(machine.opens[transition])
    return {
        "before": before,
        "after": after,
        "transition": transition,
        "step": np.arange(len(member)) - np.repeat(first, length) + 1,
        "ordinal": openings - np.repeat(openings[first] - machine.opens[transition[first]], length),
    }


def _states(machine: Machine, first: Numbers, length: Numbers, event: Numbers) -> tuple[Numbers, Numbers]:
    following = machine.next_state
    before = np.empty(len(event), dtype=np.int16)
    after = np.empty(len(event), dtype=np.int16)
    longest_first = np.argsort(-length, kind="stable")
    first, length = first[longest_first], length[longest_first]
    state = np.full(len(first), machine.start, dtype=np.int16)
    for rank in range(length[0] if len(length) else 0):
        walking = np.searchsorted(-length, -rank)  # as many as have more than `rank` events
        place = first[:walking] + rank
        before[place] = state[:walking]
        state[:walking] = following[state[:walking], event[place]]
        after[place] = state[:walking]
    return before, after
