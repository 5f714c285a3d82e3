"""What others said and then ended, voided, corrected or moved."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipelines.justice_involved.told import (
    FLAG,
    INSIDE,
    OUT,
    OUT_ON_8,
    TERM,
    VOID,
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
    # Referrals that are ended or voided.
    Case(
        "referred, and the referral ended: withdrawn",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Said(on(10, 20), also=TERM)),
        (closed(on(10, 9), on(10, 20), "WITHDRAWN", released_seen_on=on(10, 9), ji_sources="REFERRAL", **WORD),),
    ),
    Case(
        "referred on hold, and the referral ended: withdrawn before any release",
        (Seen(on(10, 1), "10:05"), Said(on(10, 9)), Said(on(10, 20), also=TERM)),
        (closed(on(10, 9), on(10, 20), "WITHDRAWN", released_seen_on=None),),
    ),
    Case(
        "a referral ended by its number alone",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Said(on(10, 20), also=TERM | {"nameless": True})),
        (closed(on(10, 9), on(10, 20), "WITHDRAWN"),),
    ),
    Case(
        "one of two referrals ended: the other stands",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9)),
            Said(on(10, 12), also={"referral_id": "R2"}),
            Said(on(10, 20), also=TERM),
        ),
        (released(on(10, 9), on(10, 9), on(10, 9)),),
    ),
    Case(
        "both referrals ended: withdrawn with the second",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9)),
            Said(on(10, 12), also={"referral_id": "R2"}),
            Said(on(10, 20), also=TERM),
            Said(on(10, 30), also=TERM | {"referral_id": "R2"}),
        ),
        (closed(on(10, 9), on(10, 30), "WITHDRAWN"),),
    ),
    Case(
        "the referral ended after the 834 flagged: the episode stays",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Seen(on(11, 4), "11:01*"), Said(on(11, 20), also=TERM)),
        (released(on(10, 9), on(10, 9), on(10, 9), **FLAG),),
    ),
    Case(
        "the referral ended and was told anew: the next episode",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9)),
            Said(on(10, 20), also=TERM),
            Said(on(11, 5), also={"referral_received_date": on(11, 3)}),
        ),
        (closed(on(10, 9), on(10, 20), "WITHDRAWN"), released(on(11, 5), on(11, 5), on(11, 3), **WORD)),
    ),
    Case("a referral that is only ever ended", (Seen(on(10, 1), "10:01"), Said(on(10, 9), also=TERM)), ()),
    Case(
        "referred, and the referral voided: never said",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Said(on(10, 20), also=VOID)),
        (),
    ),
    Case(
        "voided and told anew: only what came after counts",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Said(on(10, 20), also=VOID), Said(on(11, 5))),
        (released(on(11, 5), on(11, 5), on(11, 5), data_received_on=on(11, 5)),),
    ),
    Case(
        "ended, and the whole referral voided afterwards: never said",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9)), Said(on(10, 20), also=TERM), Said(on(10, 30), also=VOID)),
        (),
    ),
    Case(
        "a MIF row that stood and ended: withdrawn",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9), "mif"),
            Said(on(11, 9), "mif", {"member_record_status": "TERMED"}),
        ),
        (closed(on(10, 9), on(11, 9), "WITHDRAWN", basis="MIF"),),
    ),
    # Notices that are corrected, voided, or speak of days to come.
    Case(
        "a notice voided: never said",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9), "noticed", OUT_ON_8), Said(on(10, 20), "noticed", OUT_ON_8 | VOID)),
        (),
    ),
    Case(
        "flagged, and the notice voided: no release date any more",
        (INSIDE, Said(on(10, 9), "noticed", OUT_ON_8), Said(on(10, 12), "noticed", VOID), OUT),
        (released(on(10, 5), on(10, 20), on(10, 20), release_date=None, noticed_on=on(10, 20), data_received_on=None),),
    ),
    Case(
        "one of two notices voided",
        (
            INSIDE,
            Said(on(10, 9), "noticed", OUT_ON_8),
            Said(on(10, 10), "noticed", {"notice_id": "N2", "actual_release_date": on(10, 7)}),
            Said(on(10, 12), "noticed", VOID | {"notice_id": "N2"}),
        ),
        (pending(on(10, 5), release_date=on(10, 8)),),
    ),
    Case(
        "a notice corrected to another release date",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9), "noticed", OUT_ON_8),
            Said(on(10, 13), "noticed", {"record_action": "CHANGE", "actual_release_date": on(10, 7)}),
        ),
        (released(on(10, 9), on(10, 9), on(10, 9), release_date=on(10, 7)),),
    ),
    Case(
        "a notice corrected to a release after it was told",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9), "noticed", OUT_ON_8),
            Said(on(10, 13), "noticed", {"record_action": "CHANGE", "actual_release_date": on(10, 12)}),
        ),
        (released(on(10, 9), on(10, 12), on(10, 12), first_state="INSIDE", release_date=on(10, 12)),),
    ),
    Case(
        "a notice corrected: not released after all",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9), "noticed", OUT_ON_8),
            Said(on(10, 13), "noticed", {"record_action": "CHANGE", "expected_release_date": on(11, 15)}),
        ),
        (pending(on(10, 9), release_date=None, expected_release_date=on(11, 15), **WORD),),
    ),
    Case(
        "a release date corrected to an earlier one before it came",
        (
            INSIDE,
            Said(on(10, 9), "noticed", {"expected_release_date": on(10, 25)}),
            Said(on(10, 12), "noticed", {"record_action": "CHANGE", "actual_release_date": on(10, 15)}),
            OUT,
        ),
        (released(on(10, 5), on(10, 20), on(10, 20), release_date=on(10, 15), expected_release_date=None),),
    ),
    Case(
        "the release date corrected to a later one after the 834 showed the release",
        (
            INSIDE,
            Said(on(10, 9), "noticed", OUT_ON_8),
            OUT,
            Said(on(10, 25), "noticed", {"record_action": "CHANGE", "actual_release_date": on(10, 19)}),
        ),
        (released(on(10, 5), on(10, 20), on(10, 20), release_date=on(10, 19)),),
    ),
    Case(
        "a notice voided before the release it announced",
        (INSIDE, Said(on(10, 9), "noticed", {"expected_release_date": on(11, 15)}), Said(on(10, 12), "noticed", VOID)),
        (pending(on(10, 5), release_date=None, expected_release_date=None),),
    ),
    Case(
        "a notice voided by its number alone",
        (
            INSIDE,
            Said(on(10, 9), "noticed", {"notice_id": "N1", "expected_release_date": on(11, 15)}),
            Said(on(10, 12), "noticed", VOID | {"notice_id": "N1", "nameless": True}),
        ),
        (pending(on(10, 5), expected_release_date=None),),
    ),
    Case(
        "a void of a notice that never came, and the notice after it",
        (
            INSIDE,
            Said(on(10, 9), "noticed", VOID),
            Said(on(10, 12), "noticed", {"expected_release_date": on(11, 15)}),
        ),
        (pending(on(10, 5), expected_release_date=on(11, 15)),),
    ),
    Case("a void of a notice that never came", (Seen(on(10, 1), "10:01"), Said(on(10, 9), "noticed", VOID)), ()),
    Case(
        "a voided notice that is sent again as it was: it stands from that day on",
        (
            INSIDE,
            Said(on(10, 9), "noticed", {"expected_release_date": on(11, 15)}),
            Said(on(10, 10), "noticed", VOID),
            Said(on(10, 12), "noticed", {"expected_release_date": on(11, 15)}),
        ),
        (pending(on(10, 5), expected_release_date=on(11, 15), data_received_on=on(10, 12)),),
    ),
    Case(
        "a notice sent again and again: told when it was told first",
        (
            Seen(on(10, 1), "10:01"),
            *(Said(on(10, day), "noticed", OUT_ON_8) for day in (9, 10, 13)),
        ),
        (released(on(10, 9), on(10, 9), on(10, 9), release_date=on(10, 8), noticed_on=on(10, 9)),),
    ),
    Case(
        "the correction comes before the notice that it corrects: the file of the later day counts",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 13), "noticed", {"record_action": "CHANGE", "actual_release_date": on(10, 7)}),
            Said(on(10, 9), "noticed", OUT_ON_8),
        ),
        (released(on(10, 9), on(10, 9), on(10, 9), release_date=on(10, 7)),),
    ),
    Case(
        "the void comes before the notice that it takes back",
        (Seen(on(10, 1), "10:01"), Said(on(10, 20), "noticed", VOID), Said(on(10, 9), "noticed", OUT_ON_8)),
        (),
    ),
    Case(
        "two facilities tell different dates, and one takes its notice back: the other's counts",
        (
            INSIDE,
            Said(on(10, 9), "noticed", {"expected_release_date": on(11, 15)}),
            Said(on(10, 10), "noticed", {"source": "prison", "expected_release_date": on(12, 1)}),
            Said(on(10, 12), "noticed", VOID | {"source": "prison"}),
        ),
        (pending(on(10, 5), expected_release_date=on(11, 15)),),
    ),
    Case(
        "two facilities number a notice alike: the void of one leaves the other's",
        (
            INSIDE,
            Said(on(10, 9), "noticed", {"notice_id": "N1", "expected_release_date": on(11, 15)}),
            Said(on(10, 12), "noticed", VOID | {"notice_id": "N1", "source": "prison"}),
        ),
        (pending(on(10, 5), expected_release_date=on(11, 15)),),
    ),
    Case(
        "a notice announces a release while the 834 shows active: still inside",
        (Seen(on(10, 1), "10:01"), Said(on(10, 9), "noticed", {"expected_release_date": on(11, 15)})),
        (pending(on(10, 9), expected_release_date=on(11, 15), **WORD),),
    ),
    Case(
        "a release date that is still to come is an expected one",
        (Seen(on(10, 1), "10:01"), Said(on(12, 10), "noticed", {"actual_release_date": on(12, 20)})),
        (pending(on(12, 10), release_date=None, expected_release_date=on(12, 20)),),
    ),
    Case(
        "a release date that was to come and has come",
        (Seen(on(10, 1), "10:01"), Said(on(12, 1), "noticed", {"actual_release_date": on(12, 10)})),
        (released(on(12, 1), on(12, 10), on(12, 10), release_date=on(12, 10), noticed_on=on(12, 1)),),
    ),
    Case(
        "a release date to come that was moved on before it came",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(12, 1), "noticed", {"actual_release_date": on(12, 5)}),
            Said(on(12, 4), "noticed", {"actual_release_date": on(12, 10)}),
        ),
        (released(on(12, 1), on(12, 10), on(12, 10), release_date=on(12, 10)),),
    ),
    Case(
        "a release date to come that was moved forward",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(12, 1), "noticed", {"actual_release_date": on(12, 14)}),
            Said(on(12, 4), "noticed", {"actual_release_date": on(12, 6)}),
        ),
        (released(on(12, 1), on(12, 6), on(12, 6), release_date=on(12, 6)),),
    ),
    Case(
        "a referral names a release to come, moved by the next version",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(12, 1), also={"actual_release_date": on(12, 5)}),
            Said(on(12, 4), also={"actual_release_date": on(12, 25)}),
        ),
        (pending(on(12, 1), release_date=None, expected_release_date=on(12, 25)),),
    ),
    *(
        Case(
            f"expected on {moved}: the newest file counts",
            (
                INSIDE,
                Said(on(10, 9), "noticed", {"expected_release_date": on(11, 20)}),
                Said(on(10, 12), "noticed", {"expected_release_date": moved}),
            ),
            (pending(on(10, 5), expected_release_date=moved),),
        )
        for moved in (on(11, 10), on(12, 1))
    ),
    Case(
        "in custody again by word, and an old release told late: no new episode",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9), "noticed", OUT_ON_8),
            Said(on(10, 20), also={"incarceration_status": "IN_CUSTODY"}),
            Said(on(10, 25), "noticed", {"notice_id": "N2", "actual_release_date": on(10, 7)}),
        ),
        ({"state": "BACK_INSIDE", "back_inside_on": on(10, 20)},),
    ),
    Case(
        "in custody again by word, and released again",
        (
            Seen(on(10, 1), "10:01"),
            Said(on(10, 9), "noticed", OUT_ON_8),
            Said(on(10, 20), also={"incarceration_status": "IN_CUSTODY"}),
            Said(on(11, 25), "noticed", {"notice_id": "N2", "actual_release_date": on(11, 23)}),
        ),
        (
            closed(on(10, 9), on(11, 25), "NEW_EPISODE", release_date=on(10, 8)),
            released(on(11, 25), on(11, 25), on(11, 25), release_date=on(11, 23)),
        ),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def walked(a_exchange: Any, person: Person) -> dict[str, list[dict[str, Any]]]:
    return walk_through(a_exchange, person, CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_taken_back_follows_the_table(walked: dict[str, list[dict[str, Any]]], case: Case) -> None:
    check(case, walked[case.name])


def test_a_notice_that_turns_out_to_be_about_another_person_was_never_about_the_first(
    exchange: Any, person: Person
) -> None:
    for number in (1, 2):
        exchange.seen("2026-10-05", person(number), exchange.coverage("2026-10", "05", ji=True))
    for day, number in ((9, 1), (12, 2)):
        exchange.noticed(on(10, day), person(number), notice_id="N1", expected_release_date=on(11, 15))
    exchange.authorize("2026-10-13")
    expected = [exchange.episodes(person(number))[0]["expected_release_date"] for number in (1, 2)]
    assert expected == [None, on(11, 15)]
