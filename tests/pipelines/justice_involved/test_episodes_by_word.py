"""Members the 834 does not flag, whom referrals, notices and MIF rows speak of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipelines.justice_involved.told import (
    FLAG,
    INSIDE,
    OUT,
    WORD,
    Case,
    Person,
    Said,
    Seen,
    check,
    closed,
    on,
    pending,
    released,
    walk_through,
)

CASES = (
    # Referrals, notices and MIF rows: members the 834 does not flag.
    Case(
        "referred while active: authorized from the referral's date",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9), also={"referral_received_date": on(10, 7)})),
        (released(on(10, 9), on(10, 9), on(10, 7), **WORD),),
    ),
    Case(
        "referred in custody: pending although active",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9), also={"incarceration_status": "IN_CUSTODY"}),
            Seen(on(11, 2), "11:01"),
        ),
        (pending(on(10, 9), **WORD),),
    ),
    Case(
        "referred in custody, then noticed to be out",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9), also={"incarceration_status": "IN_CUSTODY"}),
            Said(on(11, 10), "noticed", {"actual_release_date": on(11, 9)}),
        ),
        (released(on(10, 9), on(11, 10), on(11, 10), release_date=on(11, 9), noticed_on=on(11, 10)),),
    ),
    Case(
        "referred in custody, then a newer version says released",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9), also={"incarceration_status": "IN_CUSTODY"}),
            Said(on(11, 10), also={"incarceration_status": "RELEASED"}),
        ),
        (released(on(10, 9), on(11, 10), on(11, 10)),),
    ),
    Case(
        "referred in custody while on hold: the 834 shows the release",
        (
            Seen(on(10, 1), "10:05"),
            Said(on(10, 9), also={"incarceration_status": "IN_CUSTODY"}),
            Seen(on(11, 4), "11:01"),
            Said(on(11, 9), also={"incarceration_status": "IN_CUSTODY"}),
        ),
        (released(on(10, 9), on(11, 4), on(11, 4), **WORD),),
    ),
    Case(
        "referred while on hold: released when the hold is lifted, not before",
        (Seen(on(10, 1), "10:05"), Said(on(10, 9)), Seen(on(11, 4), "11:01")),
        (released(on(10, 9), on(11, 4), on(11, 4), noticed_on=on(11, 4)),),
    ),
    Case(
        "referred, then another hold: nothing",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Seen(on(11, 4), "11:05")),
        (released(on(10, 9), on(10, 9), on(10, 9)),),
    ),
    Case(
        "referred again and again in the same list: no news",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Said(on(10, 16), also={"referral_received_date": on(10, 9)})),
        (released(on(10, 9), on(10, 9), on(10, 9), data_received_on=on(10, 9)),),
    ),
    Case(
        "referred, then flagged by the 834: the first date stays",
        (Seen(on(9, 1), "9:01"), Said(on(9, 9)), Seen(on(11, 4), "11:01*")),
        (released(on(9, 9), on(9, 9), on(9, 9), **FLAG),),
    ),
    Case(
        "referred, then flagged and on hold: back inside",
        (Seen(on(9, 1), "9:01"), Said(on(9, 9)), Seen(on(11, 4), "11:05*")),
        ({"state": "BACK_INSIDE", "basis": "REFERRAL", "released_seen_on": on(9, 9)},),
    ),
    Case(
        "referred, then terminated",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Seen(on(11, 4), "11:00"), Seen(on(11, 20), "11:00")),
        (closed(on(10, 9), on(11, 4), "TERMINATED"),),
    ),
    Case(
        "referred, then terminated at the member level",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Seen(on(11, 4), "", {"maintenance_type": "024"})),
        (closed(on(10, 9), on(11, 4), "TERMINATED"),),
    ),
    Case(
        "referred, then moved to another plan",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Seen(on(11, 4), "11:00", {"ref_zz": "30401"})),
        (closed(on(10, 9), on(11, 4), "MOVED_PLAN"),),
    ),
    Case(
        "referred, then died",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Seen(on(11, 4), "11:01", {"death_date": on(10, 30)})),
        (closed(on(10, 9), on(11, 4), "DECEASED"),),
    ),
    Case("referred after the death", (Seen(on(10, 1), "10:01", {"death_date": on(9, 30)}), Said(on(10, 9))), ()),
    Case("referred after leaving the plan", (Seen(on(10, 1), "10:00"), Said(on(10, 9))), ()),
    Case(
        "referred after leaving the plan, then enrolled again",
        (Seen(on(10, 1), "10:00"), Said(on(10, 9)), Seen(on(11, 4), "11:01")),
        (released(on(11, 4), on(11, 4), on(10, 9), **WORD),),
    ),
    Case(
        "referred while only a month to come is on file as terminated",
        (Seen(on(12, 1), "12:01,13:00"), Said(on(12, 9))),
        (released(on(12, 9), on(12, 9), on(12, 9)),),
    ),
    Case(
        "referred by one who says it is not about incarceration",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9), also={"pof_justice_involved": "N"})),
        (),
    ),
    Case(
        "a notice alone, with the release date",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9), "noticed", {"actual_release_date": on(10, 8)})),
        (released(on(10, 9), on(10, 9), on(10, 9), release_date=on(10, 8), **WORD),),
    ),
    Case(
        "flagged and on hold, and the notice came before the 834",
        (INSIDE, Said(on(10, 9), "noticed", {"actual_release_date": on(10, 8)})),
        (pending(on(10, 5), release_date=on(10, 8), noticed_on=on(10, 9)),),
    ),
    Case(
        "flagged, and the notice came twice",
        (INSIDE, *(Said(on(10, day), "noticed", {"actual_release_date": on(10, 8)}) for day in (9, 11)), OUT),
        (released(on(10, 5), on(10, 20), on(10, 20), release_date=on(10, 8), noticed_on=on(10, 9)),),
    ),
    Case(
        "the release of each episode is told apart",
        (
            INSIDE,
            OUT,
            Said(on(10, 21), "noticed", {"actual_release_date": on(10, 19), "notice_id": "N1"}),
            Seen(on(11, 4), "11:05*"),
            Seen(on(11, 19), "11:01*"),
            Said(on(11, 20), "noticed", {"actual_release_date": on(11, 18), "notice_id": "N2"}),
        ),
        ({"ordinal": 1, "release_date": on(10, 19)}, {"ordinal": 2, "release_date": on(11, 18)}),
    ),
    Case(
        "brought by a MIF with an authorization of its own",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9), "mif", {"ecm_assignment_date": on(9, 1)})),
        (released(on(10, 9), on(10, 9), on(9, 1), basis="MIF"),),
    ),
    Case(
        "referred after leaving the plan, told again of the leaving, then enrolled again",
        (Seen(on(10, 1), "10:00"), Said(on(10, 9)), Seen(on(10, 20), "10:00"), Seen(on(11, 4), "11:01")),
        (released(on(11, 4), on(11, 4), on(10, 9), **WORD),),
    ),
    Case(
        "a MIF row that ended",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9), "mif", {"member_record_status": "TERMED"})),
        (),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def walked(a_exchange: Any, person: Person) -> dict[str, list[dict[str, Any]]]:
    return walk_through(a_exchange, person, CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_others_say_follows_the_table(walked: dict[str, list[dict[str, Any]]], case: Case) -> None:
    check(case, walked[case.name])
