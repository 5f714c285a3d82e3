"""What holds for the episodes and authorizations of any history whatever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.justice_involved.machine import START, load_machine

Person = Callable[[int], str]
NIGHT = date(2026, 12, 15)

statuses = st.sampled_from(["01", "05", "00", "59", "77"])
months = st.sampled_from(["2026-08", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01"])
codes = st.sampled_from(["010", "010", "010", "011"])
coverage = st.lists(
    st.tuples(months, statuses, st.booleans(), codes), max_size=3, unique_by=lambda each: (each[0], each[3])
)
days = st.dates(date(2026, 8, 1), date(2026, 12, 14))
future = st.none() | st.dates(date(2026, 9, 1), date(2027, 1, 31))
past = st.none() | st.dates(date(2026, 7, 1), date(2026, 12, 14))
enrollments = st.fixed_dictionaries(
    {
        "kind": st.just("834"),
        "day": days,
        "coverage": coverage,
        "maintenance_type": st.sampled_from(["001", "001", "001", "024"]),
        "death_date": st.sampled_from([None, None, None, None, date(2026, 11, 2)]),
    }
)
referrals = st.fixed_dictionaries(
    {
        "kind": st.just("referral"),
        "day": days,
        "referral_id": st.sampled_from(["R1", "R2"]),
        "incarceration_status": st.sampled_from([None, "UNKNOWN", "IN_CUSTODY", "RELEASED"]),
        "actual_release_date": past,
        "record_action": st.sampled_from(["ADD", "ADD", "CHANGE", "TERM", "VOID"]),
    }
)
notices = st.fixed_dictionaries(
    {
        "kind": st.just("notice"),
        "day": days,
        "notice_id": st.sampled_from(["N1", "N2"]),
        "actual_release_date": future,
        "expected_release_date": future,
        "record_action": st.sampled_from([None, "ADD", "CHANGE", "VOID"]),
    }
)
mifs = st.fixed_dictionaries(
    {
        "kind": st.just("mif"),
        "day": days,
        "ecm_assignment_date": days,
        "authorization_start": past,
        "authorization_end": past,
    }
)
histories = st.lists(enrollments | enrollments | referrals | notices | mifs, min_size=1, max_size=30)
people = st.lists(histories, min_size=3, max_size=3)
TABLES = ("ji_evidence", "ji_statements", "ji_steps", "ji_episodes", "ji_contradictions", "ecm_authorizations")


def arrive(exchange: Any, person: Person, events: list[tuple[int, int, dict[str, Any]]]) -> None:
    with exchange.warehouse.transaction():
        for cin, number, event in events:
            receive(exchange, person(cin), number, event)


def receive(exchange: Any, cin: str, number: int, event: dict[str, Any]) -> None:
    said = {name: value for name, value in event.items() if name not in ("kind", "day", "coverage")}
    exchange.rows = int(cin[1:8]) * 1000 + number
    kind = {"834": "834", "referral": "mini_mif", "notice": "release_notice", "mif": "mif"}[event["kind"]]
    file = exchange.file(event["day"], number + 1, kind=kind, name=f"{kind}-{cin}-{number}")
    if event["kind"] == "834":
        loops = [
            exchange.coverage(month, status, ji=ji, hcp_code=code) for month, status, ji, code in event["coverage"]
        ]
        exchange.member(file, cin, loops, **said)
    else:
        said |= {name: f"{value}-{cin}" for name, value in said.items() if name.endswith("_id")}
        getattr(exchange, event["kind"])(file, cin, **said)


def check_episodes(found: list[dict[str, Any]]) -> None:
    assert [episode["ordinal"] for episode in found] == list(range(1, len(found) + 1))
    for episode, later in pairwise(found):
        assert episode["state"] == "CLOSED"
        assert episode["closed_on"] <= later["opened_on"]
    for episode in found:
        assert (episode["state"] == "CLOSED") == (episode["closed_on"] is not None)
        assert (episode["closed_on"] is None) == (episode["close_reason"] is None)
        assert episode["closed_on"] is None or episode["opened_on"] <= episode["closed_on"]
        assert (episode["released_seen_on"] is None) == (episode["effectuation_date"] is None)
        assert episode["released_seen_on"] is None or episode["opened_on"] <= episode["released_seen_on"]
        if episode["state"] in ("RELEASED", "BACK_INSIDE"):
            assert episode["released_seen_on"] is not None
        if episode["state"] == "PENDING_RELEASE":
            assert episode["released_seen_on"] is None


def check_steps(found: list[dict[str, Any]], episodes: list[dict[str, Any]]) -> None:
    machine, state, openings = load_machine(), START, 0
    for number, step in enumerate(found, start=1):
        expected = machine.at(state, step["event"])
        assert (step["step"], step["from_state"], step["to_state"]) == (number, state, expected.next)
        assert (step["effect"], step["rule"]) == (expected.effect, expected.rule)
        openings += step["effect"] in ("OPEN", "OPEN_RELEASED", "RELEASE_AGAIN")
        assert step["ordinal"] in (None, openings)
        assert step["happened_on"] <= NIGHT
        state = step["to_state"]
    assert [step["happened_on"] for step in found] == sorted(step["happened_on"] for step in found)
    assert openings == len(episodes)
    open_episode = {each.state: each.episode for each in machine.states}[state]
    assert [e["state"] for e in episodes if e["state"] != "CLOSED"] == ([open_episode] if open_episode else [])


def check_authorizations(episodes: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
    assert [a["episode_id"] for a in found] == [e["episode_id"] for e in episodes], "one for each episode"
    spans = []
    for episode, authorization in zip(episodes, found, strict=True):
        start, end = authorization["start_date"], authorization["end_date"]
        assert (start is None) == (end is None)
        assert start is None or start <= end
        assert start is None or episode["released_seen_on"] is not None
        if authorization["status"] == "ACTIVE":
            assert start is not None
            assert end >= NIGHT
        if start is not None:
            spans.append((start, end))
    assert all(end < start for (_, end), (start, _) in pairwise(spans)), "never two for one day"


def derived(exchange: Any, *tables: str) -> dict[str, list[dict[str, Any]]]:
    return {table: exchange.all(f"exchange.{table}") for table in tables}


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(people=people, data=st.data())
def test_episodes_and_authorizations_of_any_history_hold_together_in_any_order_of_arrival(
    exchange: Any, person: Person, people: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    exchange.clear()
    events = [(cin, 2 * n, event) for cin, each in enumerate(people, start=1) for n, event in enumerate(each)]
    shuffled = data.draw(st.permutations(events))
    half = data.draw(st.integers(0, len(events)))
    arrive(exchange, person, shuffled[:half])
    exchange.authorize(NIGHT - timedelta(days=30))
    arrive(exchange, person, shuffled[half:])
    exchange.authorize(NIGHT)
    arrived = derived(exchange, *TABLES)
    for cin in range(1, len(people) + 1):
        check_episodes(exchange.episodes(person(cin)))
        check_steps(exchange.all("exchange.ji_steps", person(cin), "step"), exchange.episodes(person(cin)))
        check_authorizations(exchange.episodes(person(cin)), exchange.authorizations(person(cin)))
    exchange.authorize(NIGHT, everyone=True)
    assert derived(exchange, *TABLES) == arrived, "a rebuild changes nothing"

    exchange.clear()
    again = data.draw(st.lists(st.sampled_from(events), max_size=5))
    arrive(exchange, person, events + [(cin, number + 1, event) for cin, number, event in again])
    exchange.authorize(NIGHT)
    ends = ("ji_episodes", "ecm_authorizations")
    assert derived(exchange, *ends) == {table: arrived[table] for table in ends}, "neither order nor repetition counts"
