"""Whatever happens from night to night: everyone has one provider or waits, and nobody moves without a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.config import Roster

Person = Callable[[int], str]
Flagged = Callable[..., None]
FIRST = date(2026, 10, 20)
PEOPLE, PROVIDERS = 8, 3

line = st.fixed_dictionaries(
    {
        "capacity": st.integers(0, 5),
        "active": st.sampled_from([True, True, True, False]),
        "ji_provider": st.sampled_from([True, True, True, False]),
        "counties": st.sampled_from([("Fresno",), ("Fresno",), ("Kern",)]),
    }
)
events = st.fixed_dictionaries(
    {
        "roster": st.lists(line, min_size=PROVIDERS, max_size=PROVIDERS),
        "gone": st.sampled_from([None, None, 1, 2]),
        "expired": st.sets(st.integers(1, PEOPLE), max_size=2),
        "merged": st.sampled_from([{}, {}, {2: 1}, {1: 2}, {3: 1, 2: 1}]),
        "liaison": st.lists(st.tuples(st.integers(1, PEOPLE), st.integers(1, PROVIDERS)), max_size=3),
    }
)


class Story:
    """The nights told once, with what must hold after each of them."""

    def __init__(self, nights: Any, person: Person, npi_of: Any, a_provider: Any) -> None:
        self.nights, self.person, self.npi_of, self.a_provider = nights, person, npi_of, a_provider
        self.exchange = nights.exchange

    def tell(self, told: list[dict[str, Any]], *, mirrored: bool = False) -> list[dict[str, Any]]:
        self.nights.begin_again()
        self.nights.order = "DESC" if mirrored else "ASC"
        for number, night in enumerate(told):
            on = FIRST + timedelta(days=number)
            listed = [
                self.a_provider(each, **columns)
                for each, columns in enumerate(night["roster"], start=1)
                if each != night["gone"]
            ]
            self.exchange.roster = Roster(tuple(listed[::-1] if mirrored else listed))
            for cin, npi in night["liaison"]:
                self.exchange.decision(self.person(cin), self.npi_of(npi), on)
            self.judge(on, night)
        return self.nights.decisions()

    def judge(self, on: date, night: dict[str, Any]) -> None:
        aliases = {self.person(alias): self.person(cin) for alias, cin in night["merged"].items()}
        expired = {self.person(number) for number in night["expired"]}
        known = len(self.nights.decisions())
        self.nights.run(on, aliases=aliases, expired=expired)
        tonight = self.nights.decisions()[known:]
        open_now = {cin: [row["npi"] for row in rows] for cin, rows in self.nights.open().items()}
        waiting = {row["cin"] for row in self.exchange.all("exchange.unassigned")}
        authorized = set(self.nights.people) - set(aliases) - expired

        assert all(len(npis) == 1 for npis in open_now.values())
        assert set(open_now) | waiting == authorized
        assert not set(open_now) & waiting

        able = {each.npi: each for each in self.exchange.roster.providers if each.active and each.ji_provider}
        loads = Counter(npi for npis in open_now.values() for npi in npis)
        given_to = {row["npi"] for row in tonight if row["action"] == "ASSIGN"}
        assert given_to <= set(able)
        assert all(loads[npi] <= able[npi].capacity for npi in given_to)
        free = [npi for npi, each in able.items() if loads[npi] < each.capacity and "Fresno" in each.counties]
        assert not (waiting and free), "nobody waits while a provider that fits has a place"

        choices = self.liaisons_choices(aliases)
        for row in (row for row in tonight if row["action"] == "END"):
            cin = aliases.get(row["cin"], row["cin"])
            if row["reason"] == "ELIG_LOST":
                assert cin in expired
            elif row["reason"] == "CORRECTION":
                assert cin in aliases.values()
                assert cin in open_now
            else:
                assert row["npi"] not in able or open_now[cin] == [choices[cin]] != [row["npi"]]

        assert self.nights.run(on, aliases=aliases, expired=expired) == {}, "run again, the night decides nothing"
        assert self.nights.decisions()[known:] == tonight

    def liaisons_choices(self, aliases: dict[str, str]) -> dict[str, str]:
        rows = self.exchange.all("facts.liaison_decisions", order="sequence")
        return {aliases.get(row["cin"], row["cin"]): row["npi"] for row in rows}


@pytest.fixture
def story(nights: Any, person: Person, flagged: Flagged, npi_of: Any, a_provider: Any) -> Story:
    nights.begin(flagged, map(person, range(1, PEOPLE + 1)))
    return Story(nights, person, npi_of, a_provider)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=st.lists(events, min_size=1, max_size=4))
def test_a_story_of_nights_keeps_every_promise_and_ends_the_same_told_in_another_order(
    story: Story, told: list[dict[str, Any]]
) -> None:
    once = story.tell(told)
    assert story.tell(told, mirrored=True) == once
