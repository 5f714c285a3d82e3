"""The states of a justice-involved member, walked one by one as the rules list them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

Person = Callable[[int], str]
NIGHT = date(2026, 12, 15)


def on(month: int, day: int) -> date:
    return date(2026, month, day)


@dataclass(frozen=True)
class Seen:
    """An 834 of 2026 that names the person; months as `10:05*` (October, status 05, flagged)."""

    day: date
    months: str = ""
    also: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """A referral (default), notice or MIF row."""

    day: date
    by: str = "referred"
    also: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """What came, and the episodes that follow: state, opened, released seen, effectuated, closed, reason."""

    name: str
    came: tuple[Seen | Said, ...]
    episodes: tuple[dict[str, Any], ...]


def pending(opened: date, **more: Any) -> dict[str, Any]:
    return {"state": "PENDING_RELEASE", "opened_on": opened, "released_seen_on": None, "closed_on": None} | more


def released(opened: date, seen: date, effectuated: date, **more: Any) -> dict[str, Any]:
    dates = {"opened_on": opened, "released_seen_on": seen, "effectuation_date": effectuated, "closed_on": None}
    return {"state": "RELEASED"} | dates | more


def closed(opened: date, on: date, reason: str, **more: Any) -> dict[str, Any]:
    return {"state": "CLOSED", "opened_on": opened, "closed_on": on, "close_reason": reason} | more


INSIDE = Seen(on(10, 5), "10:05*")
OUT = Seen(on(10, 20), "10:01*")
FLAG = {"basis": "PRESUMPTIVE_JI_834", "opened_by": "834"}
WORD = {"basis": "REFERRAL", "opened_by": "STATEMENT"}

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
    Case("terminated", (OUT, Seen(on(11, 6), "11:00")), (closed(on(10, 20), on(11, 6), "TERMINATED"),)),
    Case(
        "terminated at the member level, the coverage untouched",
        (OUT, Seen(on(11, 6), "11:01*", {"maintenance_type": "024"})),
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
        "a MIF row that ended",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9), "mif", {"member_record_status": "TERMED"})),
        (),
    ),
)  # fmt: skip


def tell(exchange: Any, cin: str, came: Seen | Said) -> None:
    if isinstance(came, Said):
        if came.by == "mif":
            exchange.mif(exchange.file(came.day, kind="mif", name=f"mif-{came.day}-{cin}"), cin, **came.also)
        else:
            getattr(exchange, came.by)(came.day, cin, **came.also)
        return
    loops = []
    for text in filter(None, came.months.split(",")):
        code, _, rest = text.rpartition("/")
        month, _, status = rest.partition(":")
        year = 2026 + (int(month) > 12)
        loops.append(
            exchange.coverage(
                f"{year}-{(int(month) - 1) % 12 + 1:02d}",
                status.rstrip("*"),
                ji=status.endswith("*"),
                hcp_code=code or "010",
            )
        )
    exchange.seen(came.day, cin, *loops, **came.also)


@pytest.fixture(scope="module")
def walked(a_exchange: Any, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Tell every case with a person of its own, derive once, and return the episodes by case."""
    exchange = a_exchange
    exchange.clear()
    for number, case in enumerate(CASES, start=1):
        for came in case.came:
            tell(exchange, person(number), came)
    exchange.authorize(NIGHT)
    return {case.name: exchange.episodes(person(number)) for number, case in enumerate(CASES, start=1)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_states_of_a_member_follow_the_table(walked: dict[str, list[dict[str, Any]]], case: Case) -> None:
    found = walked[case.name]
    assert len(found) == len(case.episodes), [(e["state"], e["close_reason"]) for e in found]
    for ordinal, (episode, expected) in enumerate(zip(found, case.episodes, strict=True), start=1):
        assert {name: episode[name] for name in expected} == expected
        assert episode["ordinal"] == ordinal
