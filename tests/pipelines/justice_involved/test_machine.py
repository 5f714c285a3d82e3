"""The table of states: whole, free of doubt, as the rules demand, and walked for all members at once."""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipelines.justice_involved.machine as table_of_states
from pipelines.justice_involved.machine import Machine, TableFault, load_machine, machine_of
from pipelines.justice_involved.walk import walk
from schemas.rules import RULES

MACHINE = load_machine()
PAIRS = [(transition.state, transition.event) for transition in MACHINE.transitions]


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_every_event_in_every_state_does_what_the_rules_demand(decisions: Any, state: str, event: str) -> None:
    found = MACHINE.at(state, event)
    assert (found.next, found.effect) == decisions[state, event]


def test_the_decision_table_and_the_table_of_states_speak_of_the_same_pairs(decisions: Any) -> None:
    assert set(PAIRS) == set(decisions)
    assert len(PAIRS) == len(MACHINE.states) * len(MACHINE.events) == 266


def test_the_rows_of_the_domains_table_of_states_are_all_there() -> None:
    rows = {row for state in MACHINE.states for row in state.row.split("; ") if row}
    assert rows == {
        "JI, hold / not covered",
        "JI, HOLD -> ACTIVE",
        "JI, ACTIVE at first sight",
        "JI flag gone, ACTIVE",
        "JI, TERMED or other plan",
        "ACTIVE -> HOLD again, JI",
        "hold without JI",
    }


def test_every_transition_cites_rules_that_there_are_and_says_what_it_means() -> None:
    for transition in MACHINE.transitions:
        assert set(transition.rule.split(";")) <= set(RULES), transition
        assert transition.meaning


def test_news_of_the_coverage_is_what_the_next_state_shows() -> None:
    coverage = {state.state: state.coverage for state in MACHINE.states}
    news = {event.event: event.coverage for event in MACHINE.events}
    for transition in MACHINE.transitions:
        if transition.state == "DECEASED" and news[transition.event] == "GONE":
            continue  # who died stays dead when the membership ends
        expected = news[transition.event] or coverage[transition.state]
        assert coverage[transition.next] == expected, transition


def test_told_twice_is_told_once() -> None:
    for transition in MACHINE.transitions:
        again = MACHINE.at(transition.next, transition.event)
        assert (again.next, again.effect) == (transition.next, "NONE"), transition


def test_no_news_changes_nothing() -> None:
    assert all(each.next == each.state for each in MACHINE.transitions if each.event == "NO_NEWS")


def rows_of(machine: Machine) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    states, events, transitions = machine.states, machine.events, machine.transitions
    return [asdict(s) for s in states], [asdict(e) for e in events], [asdict(t) for t in transitions]


def test_the_order_of_the_rows_does_not_matter() -> None:
    states, events, transitions = rows_of(MACHINE)
    assert machine_of(states, events, transitions[::-1]) == MACHINE


@pytest.mark.parametrize("place", [0, 100, 265])
def test_a_gap_is_refused_and_named(place: int) -> None:
    states, events, transitions = rows_of(MACHINE)
    gone = transitions.pop(place)
    with pytest.raises(TableFault, match=f"{gone['state']} . {gone['event']} is not defined"):
        machine_of(states, events, transitions)


def test_a_pair_that_stands_twice_is_refused_even_when_both_rows_agree() -> None:
    states, events, transitions = rows_of(MACHINE)
    with pytest.raises(TableFault, match="stands twice"):
        machine_of(states, events, [*transitions, transitions[7]])


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"next": "NOWHERE"}, "a state that nobody defined"),
        ({"state": "NOWHERE"}, "a state that nobody defined"),
        ({"event": "NOTHING"}, "an event that nobody defined"),
        ({"effect": "NONE"}, "an effect that its states do not have"),
        ({"effect": "CLOSE"}, "an effect that its states do not have"),
        ({"rule": ""}, "no rule or meaning"),
        ({"meaning": ""}, "no rule or meaning"),
    ],
)
def test_a_row_that_contradicts_the_rest_is_refused(changed: dict[str, str], why: str) -> None:
    states, events, transitions = rows_of(MACHINE)
    place = PAIRS.index(("PENDING", "FLAGGED_ACTIVE"))
    transitions[place] |= changed
    with pytest.raises(TableFault, match=why):
        machine_of(states, events, transitions)


@pytest.mark.parametrize("which", [0, 1])
def test_a_state_or_event_that_stands_twice_is_refused(which: int) -> None:
    tables = rows_of(MACHINE)
    tables[which].append(tables[which][0])
    with pytest.raises(TableFault, match="stands twice"):
        machine_of(*tables)


def test_a_skip_from_pending_to_back_inside_is_refused() -> None:
    states, events, transitions = rows_of(MACHINE)
    transitions[PAIRS.index(("PENDING", "FLAGGED_ACTIVE"))] |= {"next": "BACK_INSIDE", "effect": "BACK_INSIDE"}
    with pytest.raises(TableFault, match="effect"):
        machine_of(states, events, transitions)


def test_the_files_are_in_the_order_people_read_them_by_state_then_event() -> None:
    path = Path(table_of_states.__file__).with_name("transitions.csv")
    with path.open(encoding="utf-8", newline="") as file:
        assert [(row["state"], row["event"]) for row in csv.DictReader(file)] == PAIRS


@given(st.lists(st.lists(st.integers(0, len(MACHINE.events) - 1), min_size=1, max_size=40), max_size=12))
def test_walking_everyone_at_once_is_walking_each_alone(timelines: list[list[int]]) -> None:
    member = np.repeat(np.arange(len(timelines)), [len(each) for each in timelines]).astype(np.int64)
    event = np.array([number for each in timelines for number in each], dtype=np.int64)
    walked = walk(MACHINE, member, event)
    expected = []
    for timeline in timelines:
        state, ordinal = "UNSEEN", 0
        for step, number in enumerate(timeline, start=1):
            found = MACHINE.at(state, MACHINE.events[number].event)
            ordinal += found.effect in ("OPEN", "OPEN_RELEASED", "RELEASE_AGAIN")
            expected.append((state, found.next, step, ordinal, found))
            state = found.next
    names = [each.state for each in MACHINE.states]
    found_all = [
        (names[before], names[after], step, ordinal, MACHINE.transitions[transition])
        for before, after, step, ordinal, transition in zip(
            *(walked[name].tolist() for name in ("before", "after", "step", "ordinal", "transition")), strict=True
        )
    ]
    assert found_all == expected
