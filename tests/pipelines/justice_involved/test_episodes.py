"""The states of a justice-involved member as the 834 shows them, walked one by one as the rules list them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipelines.justice_involved.told import (
    FLAG,
    INSIDE,
    OUT,
    Case,
    Person,
    Seen,
    check,
    closed,
    on,
    pending,
    released,
    walk_through,
)

CASES = (
    Case("flagged and on hold: eligible, still inside", (INSIDE,), (pending(on(10, 5), **FLAG),)),
    Case("flagged and not covered: the same", (Seen(on(10, 5), "10:59*"),), (pending(on(10, 5)),)),
    Case(
        "the hold is lifted: released and effectuated that day",
        (INSIDE, OUT),
        (released(on(10, 5), on(10, 20), on(10, 20), first_state="INSIDE", noticed_on=on(10, 20)),),
    ),
    Case(
        "the hold is lifted from the next month on: effectuated when that month begins",
        (Seen(on(10, 28), "10:05*"), Seen(on(10, 30), "10:05*,11:01*")),
        (released(on(10, 28), on(10, 30), on(11, 1)),),
    ),
    Case(
        "flagged and active at first sight: already out",
        (Seen(on(10, 12), "10:01*"),),
        (released(on(10, 12), on(10, 12), on(10, 1), first_state="OUTSIDE", release_date=None),),
    ),
    Case(
        "the flag comes to one who was active all along",
        (Seen(on(9, 1), "9:01"), Seen(on(10, 12), "10:01*")),
        (released(on(10, 12), on(10, 12), on(10, 1)),),
    ),
    Case(
        "the flag goes while active: the episode stays",
        (OUT, Seen(on(11, 3), "11:01")),
        (released(on(10, 20), on(10, 20), on(10, 1), **FLAG),),
    ),
    Case("the flag goes while on hold: still pending", (INSIDE, Seen(on(11, 3), "11:05")), (pending(on(10, 5)),)),
    Case(
        "released after the flag has gone",
        (INSIDE, Seen(on(11, 3), "11:05"), Seen(on(11, 9), "11:01")),
        (released(on(10, 5), on(11, 9), on(11, 9)),),
    ),
    Case(
        "back inside: the episode rests",
        (INSIDE, OUT, Seen(on(11, 4), "11:05*")),
        ({"state": "BACK_INSIDE", "released_seen_on": on(10, 20), "closed_on": None},),
    ),
    Case(
        "released again: a new episode supersedes the first",
        (INSIDE, OUT, Seen(on(11, 4), "11:05*"), Seen(on(11, 19), "11:01*")),
        (closed(on(10, 5), on(11, 19), "NEW_EPISODE"), released(on(11, 19), on(11, 19), on(11, 19))),
    ),
    Case(
        "released a third time",
        (
            INSIDE,
            OUT,
            *(Seen(on(month, day), f"{month}:{s}*") for month, day, s in
              ((11, 4, "05"), (11, 9, "01"), (12, 1, "05"), (12, 9, "01"))),
        ),
        (
            closed(on(10, 5), on(11, 9), "NEW_EPISODE"),
            closed(on(11, 9), on(12, 9), "NEW_EPISODE"),
            released(on(12, 9), on(12, 9), on(12, 9)),
        ),
    ),
    Case(
        "terminated while back inside",
        (INSIDE, OUT, Seen(on(11, 4), "11:05*"), Seen(on(12, 1), "12:00")),
        (closed(on(10, 5), on(12, 1), "TERMINATED"),),
    ),
    Case(
        "a hold without the flag is another hold",
        (OUT, Seen(on(11, 4), "11:05")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case("a hold of one who was never flagged", (Seen(on(10, 1), "10:01"), Seen(on(11, 4), "11:05")), ()),
    Case(
        "after another hold: no new episode",
        (OUT, Seen(on(11, 4), "11:05"), Seen(on(11, 9), "11:01")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case("flagged in a status nobody knows: not active", (Seen(on(10, 5), "10:77*"),), (pending(on(10, 5)),)),
    Case("flagged only in the month terminated", (Seen(on(10, 5), "10:00*"),), ()),
    Case(
        "a correction of a past month alone changes no state",
        (OUT, Seen(on(11, 3), "11:01"), Seen(on(11, 9), "9:00,8:05")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case(
        "a retroactive active month with this month still on hold is no release",
        (INSIDE, Seen(on(11, 3), "11:05*,10:01*")),
        (pending(on(10, 5)),),
    ),
    Case(
        "a file without coverage changes no state",
        (INSIDE, Seen(on(10, 9))),
        (pending(on(10, 5)),),
    ),
    Case(
        "a month to come that is covered is no end",
        (OUT, Seen(on(11, 28), "12:01")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case(
        "a month to come that is terminated ends the episode when it begins",
        (OUT, Seen(on(11, 9), "11:01,12:00")),
        (closed(on(10, 20), on(12, 1), "TERMINATED"),),
    ),
    Case(
        "a month to come that is terminated, and has not begun tonight",
        (OUT, Seen(on(12, 9), "12:01,13:00")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case(
        "a month to come that was terminated and is corrected before it begins",
        (OUT, Seen(on(11, 9), "12:00"), Seen(on(11, 20), "12:01")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case(
        "first flagged in a file that also says the next month is terminated",
        (Seen(on(11, 9), "11:01*,12:00"),),
        (closed(on(11, 9), on(12, 1), "TERMINATED", released_seen_on=on(11, 9)),),
    ),
    Case("flagged on another plan's HCP code only", (Seen(on(10, 5), "304/10:01*"),), ()),
    Case(
        "moved between two HCP codes of this plan",
        (OUT, Seen(on(11, 6), "11:00,011/11:01")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def walked(a_exchange: Any, person: Person) -> dict[str, list[dict[str, Any]]]:
    return walk_through(a_exchange, person, CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_states_of_a_member_follow_the_table(walked: dict[str, list[dict[str, Any]]], case: Case) -> None:
    check(case, walked[case.name])
