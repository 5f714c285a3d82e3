"""What holds for the episodes and authorizations of any history whatever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Person = Callable[[int], str]
NIGHT = date(2026, 12, 15)

statuses = st.sampled_from(["01", "05", "00", "59", "77"])
months = st.sampled_from(["2026-08", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01"])
coverage = st.lists(st.tuples(months, statuses, st.booleans()), max_size=3, unique_by=lambda each: each[0])
days = st.dates(date(2026, 8, 1), date(2026, 12, 14))
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
        "record_action": st.sampled_from(["ADD", "ADD", "CHANGE", "VOID"]),
    }
)
notices = st.fixed_dictionaries(
    {"kind": st.just("notice"), "day": days, "notice_id": st.sampled_from(["N1", "N2"]), "actual_release_date": past}
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
histories = st.lists(enrollments | enrollments | referrals | notices | mifs, min_size=1, max_size=8)
people = st.lists(histories, min_size=6, max_size=6)


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
        exchange.member(file, cin, [exchange.coverage(m, s, ji=ji) for m, s, ji in event["coverage"]], **said)
    else:
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


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(people=people, data=st.data())
def test_episodes_and_authorizations_of_any_history_hold_together_in_any_order_of_arrival(
    exchange: Any, person: Person, people: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    exchange.clear()
    events = [(cin, n, event) for cin, each in enumerate(people, start=1) for n, event in enumerate(each)]
    shuffled = data.draw(st.permutations(events))
    half = data.draw(st.integers(0, len(events)))
    arrive(exchange, person, shuffled[:half])
    exchange.authorize(NIGHT)
    arrive(exchange, person, shuffled[half:])
    exchange.authorize(NIGHT)
    tables = ("ji_evidence", "ji_statements", "ji_episodes", "ecm_authorizations")
    arrived = {table: exchange.all(f"exchange.{table}") for table in tables}
    for cin in range(1, len(people) + 1):
        check_episodes(exchange.episodes(person(cin)))
        check_authorizations(exchange.episodes(person(cin)), exchange.authorizations(person(cin)))
    exchange.authorize(NIGHT, everyone=True)
    assert {table: exchange.all(f"exchange.{table}") for table in tables} == arrived, "a rebuild changes nothing"

    exchange.clear()
    arrive(exchange, person, events)
    exchange.authorize(NIGHT)
    assert {table: exchange.all(f"exchange.{table}") for table in tables} == arrived, "arrival leaves no trace"
