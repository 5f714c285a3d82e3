"""The rule's choice for a night, compared with every other choice there is."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.assignment.rule import choose

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]

PROVIDERS = ("n1", "n2", "n3", "n4")
fit = st.none() | st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 3))
load = st.tuples(st.integers(0, 4), st.integers(0, 4))


def night(members: list[int], fits: list[list[Any]], loads: list[tuple[int, int]]) -> Tables:
    """Make a night's tables: each member's profile in order of urgency, fits by profile, open and capacity."""
    waiting = [(f"c{number}", profile, number) for number, profile in enumerate(members, start=1)]
    fitting = [
        (profile, npi, *each)
        for profile, row in enumerate(fits)
        for npi, each in zip(PROVIDERS, row, strict=True)
        if each
    ]
    places = [
        (npi, (2 * filled - 1) * 1_000_000 // capacity)
        for npi, (filled_before, capacity) in zip(PROVIDERS, loads, strict=True)
        for filled in range(filled_before + 1, capacity + 1)
    ]
    return (
        pd.DataFrame(waiting, columns=["cin", "profile", "priority"]),
        pd.DataFrame(fitting, columns=["profile", "npi", "mismatch", "stranger", "tie"]),
        pd.DataFrame(places, columns=["npi", "unevenness"]),
    )


class Judge:
    """Says how good a choice is: a tuple that is less for a better one."""

    def __init__(self, tables: Tables) -> None:
        waiting, fits, places = tables
        self.waiting = list(waiting.itertuples(index=False, name=None))
        self.fits = {(p, n): rest for p, n, *rest in fits.itertuples(index=False, name=None)}
        self.places = {npi: sorted(costs) for npi, costs in places.groupby("npi")["unevenness"]}

    def of(self, choice: tuple[str | None, ...]) -> tuple[Any, ...] | None:
        if any(choice.count(npi) > len(self.places.get(npi, ())) for npi in PROVIDERS):
            return None
        parts = [
            self.fits[profile, npi]
            for (_, profile, _), npi in zip(self.waiting, choice, strict=True)
            if npi is not None
        ]
        mismatch, stranger, tie = (sum(part[place] for part in parts) for place in range(3))
        unevenness = sum(sum(costs[: choice.count(npi)]) for npi, costs in self.places.items())
        return choice.count(None), [npi is None for npi in choice], mismatch, stranger, unevenness, tie

    def best(self) -> tuple[Any, ...]:
        possible = (
            [None, *(npi for npi in PROVIDERS if (profile, npi) in self.fits)] for _, profile, _ in self.waiting
        )
        return min(score for choice in itertools.product(*possible) if (score := self.of(choice)) is not None)


nights = st.builds(
    night,
    st.lists(st.integers(0, 2), max_size=5),
    st.lists(st.lists(fit, min_size=4, max_size=4), min_size=3, max_size=3),
    st.lists(load, min_size=4, max_size=4),
)


@settings(max_examples=150, deadline=None)
@given(tables=nights)
def test_no_other_choice_places_more_or_more_urgent_members_fits_better_moves_fewer_or_fills_more_evenly(
    tables: Tables,
) -> None:
    judge = Judge(tables)
    chosen = dict(choose(*tables).itertuples(index=False, name=None))
    assert judge.of(tuple(chosen.get(cin) for cin, _, _ in judge.waiting)) == judge.best()


@settings(max_examples=50, deadline=None)
@given(tables=nights, shuffle=st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(tables: Tables, shuffle: random.Random) -> None:
    mixed = [table.sample(frac=1, random_state=shuffle.randrange(2**32)) for table in tables]
    pd.testing.assert_frame_equal(choose(*mixed), choose(*tables))


def test_equal_providers_share_the_urgent_members_among_them_and_not_only_their_number() -> None:
    tables = night([0] * 12, [[(0, 1, tie) for tie in range(4)]], [(0, 5)] * 4)
    chosen = choose(*tables).merge(tables[0])
    assert [min(priorities) for _, priorities in chosen.groupby("npi")["priority"]] == [1, 2, 3, 4]
    assert set(chosen.groupby("npi").size()) == {3}


@settings(max_examples=30, deadline=None)
@given(
    count=st.integers(2, 4),
    capacity=st.sampled_from([10, 60, 200]),
    waves=st.lists(st.integers(1, 60), min_size=1, max_size=5),
)
def test_equal_providers_never_differ_by_more_than_one_member(count: int, capacity: int, waves: list[int]) -> None:
    filled = [0] * count
    for arrived in waves:
        fits = [(0, 1, tie) if tie < count else None for tie in range(4)]
        chosen = choose(*night([0] * arrived, [fits], [(each, capacity) for each in filled] + [(0, 0)] * (4 - count)))
        assert len(chosen) == min(arrived, count * capacity - sum(filled))
        filled = [each + int((chosen["npi"] == npi).sum()) for each, npi in zip(filled, PROVIDERS, strict=False)]
        assert max(filled) - min(filled) <= 1


def test_a_provider_takes_in_proportion_to_its_capacity_what_is_open_already_included() -> None:
    tables = night([0] * 6, [[(0, 1, 0)] * 4], [(0, 4), (2, 8), (4, 4), (9, 4)])
    assert choose(*tables)["npi"].value_counts().to_dict() == {"n1": 3, "n2": 3}
