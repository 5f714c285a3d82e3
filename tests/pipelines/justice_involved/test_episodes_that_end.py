"""Leaving the plan, coming back, moving between codes of the plan, and death."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipelines.justice_involved.told import (
    INSIDE,
    LEAVING,
    OUT,
    WORD,
    Case,
    Person,
    Said,
    Seen,
    check,
    closed,
    on,
    released,
    walk_through,
)

CASES = (
    Case("terminated", (OUT, Seen(on(11, 6), "11:00")), (closed(on(10, 20), on(11, 6), "TERMINATED"),)),
    Case(
        "terminated at the member level: out on the day after the last one that the file covers",
        (OUT, Seen(on(11, 6), "11:01*", LEAVING)),
        (closed(on(10, 20), on(12, 1), "TERMINATED"),),
    ),
    Case(
        "terminated at the member level, and no covered day lies ahead: at once",
        (OUT, Seen(on(11, 6), "10:01*", LEAVING)),
        (closed(on(10, 20), on(11, 6), "TERMINATED"),),
    ),
    Case(
        "terminated at the member level with the month: at once",
        (OUT, Seen(on(11, 6), "11:00*", LEAVING)),
        (closed(on(10, 20), on(11, 6), "TERMINATED"),),
    ),
    Case(
        "terminated at the member level with the month to come: when that begins",
        (OUT, Seen(on(11, 6), "11:01*,12:00", LEAVING)),
        (closed(on(10, 20), on(12, 1), "TERMINATED"),),
    ),
    Case(
        "terminated at the member level, and the last covered day has not come tonight",
        (OUT, Seen(on(12, 9), "12:01*", LEAVING)),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case(
        "terminated at the member level, and a later file covers the month after",
        (OUT, Seen(on(11, 6), "11:01*", LEAVING), Seen(on(11, 25), "12:01")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case(
        "terminated, and a later file covers the same month: never left",
        (OUT, Seen(on(11, 6), "11:00"), Seen(on(11, 20), "11:01")),
        (released(on(10, 20), on(10, 20), on(10, 1), ordinal=1),),
    ),
    Case(
        "terminated at the member level, and a later file covers the same month",
        (OUT, Seen(on(11, 6), "", LEAVING), Seen(on(11, 20), "11:01")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case(
        "terminated, covered after all, and terminated again",
        (OUT, Seen(on(11, 6), "11:00"), Seen(on(11, 20), "11:01"), Seen(on(11, 27), "11:00")),
        (closed(on(10, 20), on(11, 27), "TERMINATED"),),
    ),
    Case(
        "terminated, and covered months later for all the time",
        (OUT, Seen(on(11, 6), "11:00"), Seen(on(12, 9), "12:01,11:01")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case(
        "terminated twice, and the first month covered after all: out from the second",
        (OUT, Seen(on(11, 6), "11:00"), Seen(on(12, 2), "12:00"), Seen(on(12, 9), "11:01")),
        (closed(on(10, 20), on(12, 2), "TERMINATED"),),
    ),
    Case(
        "terminated, and a later file says on hold and flagged that month: back inside",
        (OUT, Seen(on(11, 6), "11:00"), Seen(on(11, 20), "11:05*")),
        ({"state": "BACK_INSIDE", "closed_on": None, "back_inside_on": on(11, 20)},),
    ),
    Case(
        "terminated, and a later file says not covered that month: still out",
        (OUT, Seen(on(11, 6), "11:00"), Seen(on(11, 20), "11:59")),
        (closed(on(10, 20), on(11, 6), "TERMINATED"),),
    ),
    Case(
        "terminated while inside, told with the flag still on",
        (INSIDE, Seen(on(11, 6), "11:00*")),
        (closed(on(10, 5), on(11, 6), "TERMINATED", released_seen_on=None),),
    ),
    Case(
        "moved to another plan",
        (OUT, Seen(on(11, 6), "11:00", {"ref_zz": "30401;01000;;;;01001"})),
        (closed(on(10, 20), on(11, 6), "MOVED_PLAN"),),
    ),
    Case(
        "another plan that is not active takes nobody",
        (OUT, Seen(on(11, 6), "11:00", {"ref_zz": "30400;01000;;;;30401"})),
        (closed(on(10, 20), on(11, 6), "TERMINATED"),),
    ),
    Case(
        "died",
        (OUT, Seen(on(11, 6), "11:00", {"death_date": on(11, 2)})),
        (closed(on(10, 20), on(11, 6), "DECEASED"),),
    ),
    Case(
        "told again of the death without the date",
        (OUT, Seen(on(11, 6), "11:00", {"death_date": on(11, 2)}), Seen(on(11, 9))),
        (closed(on(10, 20), on(11, 6), "DECEASED"),),
    ),
    Case(
        "left the plan and returned with the flag: a new episode",
        (OUT, Seen(on(11, 2), "11:00"), Seen(on(12, 2), "12:01*")),
        (closed(on(10, 20), on(11, 2), "TERMINATED", ordinal=1), released(on(12, 2), on(12, 2), on(12, 1), ordinal=2)),
    ),
    Case(
        "left the plan and returned without the flag: nothing more",
        (OUT, Seen(on(11, 2), "11:00"), Seen(on(12, 2), "12:01")),
        (closed(on(10, 20), on(11, 2), "TERMINATED"),),
    ),
    Case(
        "left the plan, returned without the flag, flagged later",
        (OUT, Seen(on(11, 2), "11:00"), Seen(on(12, 2), "12:01"), Seen(on(12, 9), "12:01*")),
        (closed(on(10, 20), on(11, 2), "TERMINATED"), released(on(12, 9), on(12, 9), on(12, 1))),
    ),
    Case(
        "left the plan, returned without the flag, referred later",
        (OUT, Seen(on(11, 2), "11:00"), Seen(on(12, 2), "12:01"), Said(on(12, 9))),
        (
            closed(on(10, 20), on(11, 2), "TERMINATED", basis="PRESUMPTIVE_JI_834"),
            released(on(12, 9), on(12, 9), on(12, 9), **WORD),
        ),
    ),
    Case(
        "one of two codes of this plan ended, the other not named",
        (OUT, Seen(on(10, 25), "011/10:01"), Seen(on(11, 6), "011/11:00")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case(
        "one of two codes of this plan ended at the end of the month, the other not named",
        (OUT, Seen(on(10, 25), "011/11:01"), Seen(on(11, 9), "12:00")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case(
        "both codes of this plan ended, one after the other",
        (OUT, Seen(on(10, 25), "011/10:01"), Seen(on(11, 6), "011/11:00"), Seen(on(11, 9), "11:00")),
        (closed(on(10, 20), on(11, 9), "TERMINATED"),),
    ),
    Case(
        "a code ended, and the other has not been named for two months: out",
        (Seen(on(9, 20), "9:01*"), Seen(on(10, 25), "011/11:01"), Seen(on(12, 6), "011/12:00")),
        (closed(on(9, 20), on(12, 6), "TERMINATED"),),
    ),
    Case(
        "moved between two HCP codes of this plan in two files, the end first",
        (OUT, Seen(on(11, 6), "11:00"), Seen(on(11, 9), "011/11:01")),
        (released(on(10, 20), on(10, 20), on(10, 1)),),
    ),
    Case(
        "moved to another code of this plan and on hold there: back inside",
        (OUT, Seen(on(11, 6), "011/11:05*")),
        ({"state": "BACK_INSIDE", "back_inside_on": on(11, 6)},),
    ),
    Case(
        "died, and files of the same month say nothing of it",
        (OUT, Seen(on(11, 6), "11:01", {"death_date": on(11, 2)}), Seen(on(11, 20), "11:01*")),
        (closed(on(10, 20), on(11, 6), "DECEASED"),),
    ),
    Case(
        "died, and covered and flagged the month after: counts as living",
        (OUT, Seen(on(11, 6), "11:01", {"death_date": on(11, 2)}), Seen(on(12, 2), "12:01*")),
        (closed(on(10, 20), on(11, 6), "DECEASED"), released(on(12, 2), on(12, 2), on(12, 1))),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def walked(a_exchange: Any, person: Person) -> dict[str, list[dict[str, Any]]]:
    return walk_through(a_exchange, person, CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_leaving_the_plan_and_coming_back_follow_the_table(walked: dict[str, list[dict[str, Any]]], case: Case) -> None:
    check(case, walked[case.name])
