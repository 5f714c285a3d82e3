"""Any histories of thirty days: what must hold holds after every night, and the order of arrival leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.pipelines.histories.any_world import PEOPLE, any_world
from tests.pipelines.histories.retelling import Derived, derived, retelling
from tests.pipelines.histories.tales import Tale
from tests.pipelines.histories.worlds import DAYS

WORLDS = 12
NIGHTS = 6
"""Of the thirty; what happens on the other days waits for the next of them."""


def differing(one: Derived, other: Derived) -> list[str]:
    return [table for table in one if one[table] != other[table]]


@settings(
    max_examples=1, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(seed=st.integers(0, 2**32).filter(bool))  # not 0, which hypothesis would take first and every time
def test_whatever_happens_in_thirty_days_what_must_hold_holds_and_follows_from_the_facts_alone(
    tell: Callable[..., Tale], seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - no secret depends on it
    worlds = tuple(any_world(number, chance) for number in range(1, WORLDS + 1))
    nights = (*sorted(chance.sample(range(DAYS - 1), NIGHTS - 1)), DAYS - 1)
    unreached = frozenset((night, world, chance.randint(1, 3)) for night in nights for world in range(1, WORLDS, 3))
    tale = tell(worlds, nights, outages=unreached, twice=frozenset(chance.sample(nights, 2)))
    assert tale.wrong == [], "what must hold after a night"
    assert tale.rebuilt() == {}, "made anew from the facts"

    told, again = derived(tale), retelling(tale)
    files = again.files.copy()
    for batches in (1, 4):
        chance.shuffle(files)
        found = again.tell(*(files[start::batches] for start in range(batches)))
        assert differing(told, found) == [], f"arrived in another order, in {batches} nights"

    copied_never = again.tell(file for file in files if file.endswith("-0"))
    assert differing(*(but_for_the_decided_on(tale, each) for each in (told, copied_never))) == [], "a copy is no news"

    assert differing(again.tell(files, merges="undone"), again.tell(files, merges="never")) == [], "undone is undone"


def but_for_the_decided_on(tale: Tale, found: Derived) -> Derived:
    """Episodes and authorizations, but where the liaison's word on a row may have been said of a copy of it."""
    decided = {world.number for world in tale.worlds if any(act["kind"] == "identify" for act in world.acts)}
    people = {world.person(number) for world in tale.worlds if world.number not in decided for number in PEOPLE}
    return {
        table: [row for row in found[table] if people.intersection(row)]
        for table in ("ji_episodes", "ecm_authorizations")
    }
