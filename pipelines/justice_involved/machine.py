"""The states of a justice-involved (JI) member as one table, read from files beside this module and held to be whole.

`states.csv` and `events.csv` say what the words mean; `transitions.csv` says for every state and event which state
follows, what that does to the member's episode, and by which rule. Which facts make which event is said in the scripts
(`enrollment_events.sql`, `statement_events.sql`), not here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_HERE = Path(__file__).parent

START = "UNSEEN"
"""The state before the first event."""

EFFECTS = {
    ("", "PENDING_RELEASE"): "OPEN",
    ("", "RELEASED"): "OPEN_RELEASED",
    ("PENDING_RELEASE", "RELEASED"): "RELEASE",
    ("RELEASED", "BACK_INSIDE"): "BACK_INSIDE",
    ("BACK_INSIDE", "RELEASED"): "RELEASE_AGAIN",
    ("PENDING_RELEASE", ""): "CLOSE",
    ("RELEASED", ""): "CLOSE",
    ("BACK_INSIDE", ""): "CLOSE",
}
"""What a step does that leads from one state of the episode to another; empty: none is open. Within one it is NONE."""

OPENING = ("OPEN", "OPEN_RELEASED", "RELEASE_AGAIN")
"""Effects that open an episode."""


class TableFault(ValueError):
    """The table of states is not whole; it is part of this software, so that only its authors can see this."""


@dataclass(frozen=True)
class State:
    """One state of a member."""

    state: str
    episode: str
    """State of the open episode, or empty."""
    coverage: str
    """What the 834 shows: ACTIVE, HOLD, GONE, DEAD, or empty where nothing is known."""
    known_by: str
    """Who makes the person justice-involved: `834`, `WORD` (others), or empty."""
    row: str
    """The row of the domain's table of states that this is."""
    meaning: str


@dataclass(frozen=True)
class Event:
    """One event: who tells it (`834` or `WORD`), and the coverage it brings news of, if any."""

    event: str
    told_by: str
    coverage: str
    meaning: str


@dataclass(frozen=True)
class Transition:
    """What an event does in a state."""

    state: str
    event: str
    next: str
    effect: str
    rule: str
    meaning: str


@dataclass(frozen=True)
class Machine:
    """The whole table; states and events are numbered by their place, transitions by state, then event."""

    states: tuple[State, ...]
    events: tuple[Event, ...]
    transitions: tuple[Transition, ...]

    @property
    def next_state(self) -> npt.NDArray[np.int16]:
        """Number of the next state by number of the state (row) and of the event (column)."""
        number = {state.state: place for place, state in enumerate(self.states)}
        following = [number[transition.next] for transition in self.transitions]
        return np.array(following, dtype=np.int16).reshape(len(self.states), len(self.events))

    @property
    def opens(self) -> npt.NDArray[np.bool_]:
        """Whether an episode opens, by number of the transition."""
        return np.array([transition.effect in OPENING for transition in self.transitions])

    @property
    def start(self) -> int:
        """Number of the state before the first event."""
        return [state.state for state in self.states].index(START)

    def at(self, state: str, event: str) -> Transition:
        """Look one transition up."""
        return next(each for each in self.transitions if (each.state, each.event) == (state, event))


@cache
def load_machine() -> Machine:
    """Read the table of the project.

    Raises
    ------
    TableFault
        When it has a gap, says something twice, or contradicts itself.
    """
    return machine_of(_rows("states.csv"), _rows("events.csv"), _rows("transitions.csv"))


def machine_of(
    states: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]], transitions: Iterable[Mapping[str, Any]]
) -> Machine:
    """Put a table together: every state and event once, every pair of them exactly once, every effect as it must be.

    Raises
    ------
    TableFault
        Names the first pair or word that is wrong.
    """
    known: dict[str, State] = {}
    for state in (State(**row) for row in states):
        _refuse(state.state in known, (state.state,), "stands twice")
        known[state.state] = state
    told: dict[str, Event] = {}
    for event in (Event(**row) for row in events):
        _refuse(event.event in told, (event.event,), "stands twice")
        told[event.event] = event
    given: dict[tuple[str, str], Transition] = {}
    for row in transitions:
        transition = Transition(**row)
        pair = (transition.state, transition.event)
        _refuse(pair in given, pair, "stands twice")
        _refuse(transition.event not in told, pair, "has an event that nobody defined")
        _refuse(not {transition.state, transition.next} <= known.keys(), pair, "has a state that nobody defined")
        _refuse(not transition.rule or not transition.meaning, pair, "says no rule or meaning")
        kinds = (known[transition.state].episode, known[transition.next].episode)
        effect = "NONE" if kinds[0] == kinds[1] else EFFECTS.get(kinds, "")
        _refuse(transition.effect != effect, pair, "has an effect that its states do not have")
        given[pair] = transition
    whole = [(name, word) for name in known for word in told]
    for pair in whole:
        _refuse(pair not in given, pair, "is not defined")
    _refuse(START not in known, (START,), "is not defined")
    return Machine(tuple(known.values()), tuple(told.values()), tuple(given[pair] for pair in whole))


def _refuse(wrong: bool, pair: Sequence[str], why: str) -> None:  # noqa: FBT001 - reads as a sentence
    if wrong:
        raise TableFault(f"the table of states: {' + '.join(pair)} {why}")


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))
