"""Every state and event that facts can bring together, driven through 834 rows, referrals and notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.justice_involved.machine import START, load_machine

Person = Callable[[int], str]
Path = tuple[str, ...]

MACHINE = load_machine()
NIGHT = date(2026, 12, 15)
FLAG = "FLAGGED ELSEWHERE"
WORDS = {
    "SPOKEN_FOR": {},
    "CUSTODY_TOLD": {"incarceration_status": "IN_CUSTODY"},
    "RELEASE_TOLD": {"incarceration_status": "RELEASED"},
    "OLD_RELEASE_TOLD": {"incarceration_status": "RELEASED", "actual_release_date": "2025-12-01"},
}
STATUS = {
    "FLAGGED_ACTIVE": "01",
    "FLAGGED_HOLD": "05",
    "ACTIVE": "01",
    "HOLD": "05",
    "TERMINATED": "00",
    "MOVED_PLAN": "00",
}


def timeline(way: Path) -> Path:
    """A timeline is kept only of people who are flagged or spoken for at some time, if only in the end."""
    known = any(event.startswith("FLAGGED") or event in (*WORDS, "WITHDRAWN") for event in way)
    return way if known else (*way, "SPOKEN_FOR")


def shortest_paths() -> dict[tuple[str, str], Path]:
    """The shortest timeline with each pair at its end. A release can only be old when custody was told before it."""
    ways: dict[tuple[str, bool], Path] = {(START, False): ()}
    todo = [(START, False)]
    pairs: dict[tuple[str, str], Path] = {}
    for state, custody_told in todo:
        for event in (each.event for each in MACHINE.events):
            if event == "OLD_RELEASE_TOLD" and not custody_told:
                continue
            way = (*ways[state, custody_told], event)
            pairs.setdefault((state, event), timeline(way))
            after = (MACHINE.at(state, event).next, custody_told or event == "CUSTODY_TOLD")
            if after not in ways:
                ways[after] = way
                todo.append(after)
    return pairs


PATHS = shortest_paths()


def test_facts_can_bring_every_state_and_event_together() -> None:
    assert len(PATHS) == len(MACHINE.transitions)
    assert max(map(len, PATHS.values())) < 12, "one month of the year for each event"


def tell(exchange: Any, cin: str, files: tuple[Any, Any], way: Path, number: int) -> None:
    """Say one event in files of its own month."""
    enrollment, referrals = files
    event = way[number - 2] if number > 1 else "NO_NEWS"  # an 834 without coverage makes the person known
    month = f"{enrollment.file_date:%Y-%m}"
    if event in WORDS:
        exchange.referral(referrals, cin, referral_id=f"R{cin}{number}", **WORDS[event])
    elif event == "WITHDRAWN":
        told = [place for place, word in enumerate(way[: number - 2], start=2) if word in WORDS] or [0]
        for place in told:
            exchange.referral(referrals, cin, referral_id=f"R{cin}{place}", record_action="TERM")
    else:
        flagged = event.startswith("FLAGGED_")
        months = [exchange.coverage(month, STATUS[event], ji=flagged)] if event in STATUS else []
        also = {
            "FLAGGED": {"ref_qq": FLAG},
            "MOVED_PLAN": {"ref_zz": "30401"},
            "DECEASED": {"death_date": enrollment.file_date},
        }
        exchange.member(enrollment, cin, months, **also.get(event, {}))


@pytest.fixture(scope="module")
def driven(a_exchange: Any, person: Person) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Drive every pair with a person of its own, derive once, and return the steps."""
    exchange = a_exchange
    exchange.clear()
    elsewhere = {"name": "elsewhere", "segment": "2000/REF*QQ", "equals": FLAG}
    here = {"name": "aid code", "segment": "2300/REF*CE", "slots": [3], "one_of": ["JX"], "months": "current"}
    policy = exchange.config.justice_involved.model_dump(mode="json") | {"locators": [here, elsewhere]}
    exchange.configure(justice_involved=policy)
    longest = max(map(len, PATHS.values())) + 1
    with exchange.warehouse.transaction():
        for number in range(1, longest + 1):
            day = date(2026, number, 5)
            files = exchange.file(day), exchange.file(day, kind="mini_mif")
            for place, way in enumerate(PATHS.values(), start=1):
                if number <= len(way) + 1:
                    tell(exchange, person(place), files, way, number)
    exchange.authorize(NIGHT)
    steps: dict[str, list[dict[str, Any]]] = {}
    for row in exchange.all("exchange.ji_steps", None, "cin, step"):
        steps.setdefault(row["cin"], []).append(row)
    return {pair: steps.get(person(place), []) for place, pair in enumerate(PATHS, start=1)}


@pytest.mark.parametrize("pair", PATHS, ids=" ".join)
def test_facts_drive_the_pair(driven: Any, decisions: Any, pair: tuple[str, str]) -> None:
    steps = driven[pair]
    assert [step["event"] for step in steps] == ["NO_NEWS", *PATHS[pair]]
    found = max((step for step in steps if (step["from_state"], step["event"]) == pair), key=lambda step: step["step"])
    assert (found["to_state"], found["effect"]) == decisions[pair]
    assert found["happened_on"] == date(2026, found["step"], 5)
    assert found["step"] >= len(steps) - 1
