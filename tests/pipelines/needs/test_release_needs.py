"""What is wanted at a release, what is arranged and what is missing, as the newest words have it (R27 to R30)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from pipelines.enrollment import apply_enrollment
from pipelines.identity.merges import merge
from pipelines.liaison import void
from tests.pipelines.needs.conftest import Found, Word

After = Callable[..., Found]

RIDE, SUPPORTS, LINK, BOOKED = "TRANSPORTATION", "COMMUNITY_SUPPORTS", "BEHAVIORAL_HEALTH", "APPOINTMENTS"
ONE_WORD: tuple[tuple[str, dict[str, str], str, str], ...] = (
    # R27, a ride on the day of release
    (RIDE, {"transportation_needed": "N"}, "NOT_NEEDED", "no ride is needed"),
    (RIDE, {"transportation_needed": "Y"}, "MISSING",
     "needed on the day of release, not arranged; the plan gives it once the enrolment is in effect"),
    (RIDE, {"transportation_needed": "Y", "transportation_arranged": "N"}, "MISSING",
     "needed on the day of release, not arranged; the plan gives it once the enrolment is in effect"),
    (RIDE, {"transportation_arranged": "N"}, "UNKNOWN",
     "none is arranged, and nobody has said whether a ride is needed"),
    (RIDE, {"transportation_arranged": "Y", "transportation_pickup": "north gate, 08:00"}, "ARRANGED",
     "arranged for the day of release: north gate, 08:00"),
    # R28, community supports with their authorizations
    (SUPPORTS, {"community_supports": "NONE"}, "NOT_NEEDED", "none is wanted"),
    (SUPPORTS, {"community_supports": "MEALS"}, "MISSING", "medically tailored meals: not authorized yet"),
    (SUPPORTS, {"community_supports": "MEALS", "community_supports_authorization_status": "APPROVED"}, "ARRANGED",
     "medically tailored meals: authorized"),
    (SUPPORTS, {"community_supports": "MEALS; RESPITE", "community_supports_authorization_numbers": "A-1"}, "MISSING",
     "medically tailored meals, caregiver respite: 1 of 2 authorized (A-1)"),
    (SUPPORTS, {"community_supports": "MEALS; RESPITE", "community_supports_authorization_numbers": "A-1; A-2"},
     "ARRANGED", "medically tailored meals, caregiver respite: authorized (A-1; A-2)"),
    (SUPPORTS, {"community_supports": "MEALS", "community_supports_authorization_status": "DENIED",
                "community_supports_authorization_numbers": "A-1"},
     "MISSING", "medically tailored meals: the authorization was denied"),
    (SUPPORTS, {"community_supports": "MEALS", "community_supports_authorization_status": "REQUESTED"}, "MISSING",
     "medically tailored meals: the authorization is requested, and not given yet"),
    (SUPPORTS, {"community_supports_authorization_numbers": "A-1"}, "ARRANGED", "authorized (A-1)"),
    # R30, the link to behavioral-health care and who makes it
    (LINK, {"behavioral_health_need": "NONE"}, "NOT_NEEDED", "no link is needed"),
    (LINK, {"behavioral_health_need": "NON_SPECIALTY"}, "MISSING",
     "non-specialty care, to be linked by the ECM provider"),
    (LINK, {"behavioral_health_need": "SPECIALTY"}, "MISSING",
     "specialty care, to be linked by county professionals, the ECM provider attending as needed"),
    (LINK, {"behavioral_health_need": "NON_SPECIALTY", "behavioral_health_owner": "COUNTY"}, "MISSING",
     "non-specialty care, to be linked by county professionals, the ECM provider attending as needed"),
    (LINK, {"behavioral_health_need": "NON_SPECIALTY", "behavioral_health_linked_date": "2026-11-16"}, "ARRANGED",
     "non-specialty care, linked by the ECM provider on 2026-11-16"),
    # R29, appointments booked before the release
    (BOOKED, {"appointments_booked": "N"}, "MISSING", "none is booked"),
    (BOOKED, {"appointments_booked": "Y", "appointment_kinds": "DENTAL"}, "ARRANGED",
     "dental, booked, the day is not told"),
    (BOOKED, {"appointment_dates": "2026-11-23; 2026-11-25", "appointment_kinds": "PRIMARY_CARE; ECM"}, "ARRANGED",
     "2026-11-23 primary care; 2026-11-25 ECM"),
    (BOOKED, {"appointment_dates": "2026-11-23; 2026-11-25", "appointment_kinds": "PRIMARY_CARE"}, "ARRANGED",
     "2026-11-23; 2026-11-25 (primary care)"),
)  # fmt: skip


def test_what_is_wanted_and_arranged_is_said_in_plain_words(
    inside: Any, tell: Any, needs: Any, person: Callable[[int], str]
) -> None:
    for number, (_, says, _, _) in enumerate(ONE_WORD, start=1):
        inside(person(number))
        tell(person(number), Word("2026-11-05", says))
    found = needs("2026-11-18")
    told = [(found[person(n)][need]["status"], found[person(n)][need]["detail"])
            for n, (need, *_) in enumerate(ONE_WORD, start=1)]  # fmt: skip
    assert told == [(status, detail) for *_, status, detail in ONE_WORD]


def test_a_need_for_substance_use_treatment_is_told_like_any_need_for_specialty_care(after: After) -> None:
    found = after(Word("2026-11-05", {"behavioral_health_need": "SUD", "community_supports": "SOBERING_CENTERS"}))
    told = " ".join(str(cell) for row in found.values() for cell in row.values()).casefold()
    assert "specialty care, to be linked by county" in told
    assert not any(word in told for word in ("sud", "substance", "sober"))


def test_every_need_is_due_by_the_release_and_an_appointment_before_it(after: After) -> None:
    due = {need: (row["due"], row["rule"]) for need, row in after().items()}
    out = date(2026, 11, 20)
    expected = {RIDE: (out, "R27"), SUPPORTS: (out, "R28"), LINK: (out, "R30"), BOOKED: (date(2026, 11, 19), "R29")}
    assert due == expected


@pytest.mark.parametrize(("night", "missing"), [("2026-11-05", False), ("2026-11-06", True), ("2026-11-25", True)])
def test_what_nobody_speaks_of_is_missing_as_the_release_comes_near(after: After, night: str, *, missing: bool) -> None:
    assert {(row["status"], row["is_missing"]) for row in after(night=night).values()} == {("UNKNOWN", missing)}


def test_without_a_day_of_release_only_what_is_said_to_be_missing_is(
    exchange: Any, person: Callable[[int], str], needs: Any
) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.referred("2026-11-03", person(1), transportation_needed="Y")
    found = needs("2026-11-18")[person(1)]
    assert {need for need, row in found.items() if row["is_missing"]} == {RIDE}
    assert {row["due"] for row in found.values()} == {None}


def released(exchange: Any, cin: str) -> None:
    exchange.seen("2026-11-20", cin, exchange.coverage("2026-11", "01", ji=True, benefit_begin="2026-11-20"))
    exchange.noticed("2026-11-20", cin, notice_id=f"out-{cin}", actual_release_date="2026-11-20")


NEEDED = {"transportation_needed": "Y", "community_supports": "MEALS", "behavioral_health_need": "SPECIALTY"}


@pytest.mark.parametrize(
    ("night", "missing"),
    [
        ("2026-11-20", {RIDE, SUPPORTS, LINK}),  # what nobody spoke of is not waited for any more
        ("2026-11-21", {SUPPORTS, LINK}),
        ("2026-12-20", {SUPPORTS, LINK}),
        ("2026-12-21", set()),
    ],
)
def test_after_the_release_a_ride_is_no_longer_missing_and_other_needs_are_for_a_while(
    exchange: Any, inside: Any, tell: Any, needs: Any, person: Callable[[int], str], night: str, missing: set[str]
) -> None:
    inside(person(1))
    tell(person(1), Word("2026-11-05", NEEDED))
    released(exchange, person(1))
    found = needs(night)[person(1)]
    assert {need for need, row in found.items() if row["is_missing"]} == missing
    assert "enrolment" not in found[RIDE]["detail"]


def test_who_is_told_to_be_out_while_the_834_holds_is_asked_about_no_more(
    exchange: Any, inside: Any, needs: Any, person: Callable[[int], str]
) -> None:
    inside(person(1))
    exchange.noticed("2026-11-16", person(1), notice_id="out", actual_release_date="2026-11-15")
    assert {row["is_missing"] for row in needs("2026-11-18")[person(1)].values()} == {False}


def test_community_supports_that_the_plan_has_not_elected_are_not_waited_for(exchange: Any, after: After) -> None:
    exchange.configure(needs={"community_supports": ["MEALS"]})
    both = after(Word("2026-11-05", {"community_supports": "MEALS; RESPITE"}))[SUPPORTS]
    assert both["detail"] == "medically tailored meals: not authorized yet; not offered by the plan: caregiver respite"
    assert both["wanted"] == "medically tailored meals"
    exchange.configure(needs={"community_supports": ["HOUSING_DEPOSITS"]})
    neither = after(Word("2026-11-06", {"community_supports": "RESPITE"}))[SUPPORTS]
    assert (neither["status"], neither["is_missing"]) == ("NOT_NEEDED", False)


NEWEST: tuple[tuple[str, str, tuple[Word, ...], str], ...] = (
    ("a later list that leaves a field blank wipes nothing", RIDE,
     (Word("2026-11-05", {"transportation_needed": "Y"}), Word("2026-11-06", {})), "MISSING"),
    ("arranged after it was said to be needed", RIDE,
     (Word("2026-11-05", {"transportation_needed": "Y"}),
      Word("2026-11-06", {"transportation_arranged": "Y"}, "referred")), "ARRANGED"),
    ("a ride that was arranged and is not needed after all", RIDE,
     (Word("2026-11-05", {"transportation_arranged": "Y"}), Word("2026-11-06", {"transportation_needed": "N"})),
     "NOT_NEEDED"),
    ("an old list sent again does not undo what another said since", RIDE,
     (Word("2026-11-05", {"transportation_arranged": "N", "transportation_needed": "Y"}),
      Word("2026-11-06", {"transportation_arranged": "Y"}, "received"),
      Word("2026-11-07", {"transportation_arranged": "N", "transportation_needed": "Y"})), "ARRANGED"),
    ("the liaison's word of the same day is the last", RIDE,
     (Word("2026-11-05", {"transportation_needed": "Y", "transportation_arranged": "N"}),
      Word("2026-11-05", by="recorded", entry="TRANSPORT_ARRANGED")), "ARRANGED"),
    ("a list of a later day overrules the liaison", RIDE,
     (Word("2026-11-05", by="recorded", entry="TRANSPORT_ARRANGED"),
      Word("2026-11-06", {"transportation_needed": "Y", "transportation_arranged": "N"})), "MISSING"),
    ("supports authorized by phone", SUPPORTS,
     (Word("2026-11-05", {"community_supports": "MEALS"}),
      Word("2026-11-06", by="recorded", entry="SUPPORTS_AUTHORIZED")), "ARRANGED"),
    ("another support is wanted after the authorization", SUPPORTS,
     (Word("2026-11-05", {"community_supports": "MEALS", "community_supports_authorization_status": "APPROVED"}),
      Word("2026-11-06", {"community_supports": "MEALS; RESPITE"})), "MISSING"),
    ("another sender repeats the supports that are authorized", SUPPORTS,
     (Word("2026-11-05", {"community_supports": "MEALS", "community_supports_authorization_status": "APPROVED"}),
      Word("2026-11-06", {"community_supports": "MEALS"}, "received")), "ARRANGED"),
    ("the link noted by the liaison", LINK,
     (Word("2026-11-05", {"behavioral_health_need": "SPECIALTY"}),
      Word("2026-11-06", by="recorded", entry="BEHAVIORAL_HEALTH_LINKED")), "ARRANGED"),
    ("booked, and called off", BOOKED,
     (Word("2026-11-05", {"appointment_dates": "2026-11-23"}), Word("2026-11-06", {"appointments_booked": "N"})),
     "MISSING"),
    ("called off, and booked anew", BOOKED,
     (Word("2026-11-05", {"appointments_booked": "N"}), Word("2026-11-06", {"appointment_dates": "2026-11-24"})),
     "ARRANGED"),
    ("booked by phone", BOOKED,
     (Word("2026-11-05", {"appointments_booked": "N"}),
      Word("2026-11-06", by="recorded", entry="APPOINTMENT_BOOKED")), "ARRANGED"),
    ("what was voided was never said", RIDE,
     (Word("2026-11-05", {"transportation_needed": "Y"}), Word("2026-11-06", {"record_action": "VOID"})), "UNKNOWN"),
    ("what was ended is said no more", RIDE,
     (Word("2026-11-05", {"transportation_needed": "Y"}, "referred"),
      Word("2026-11-06", {"record_action": "TERM"}, "referred")), "UNKNOWN"),
    ("a receipt taken back", RIDE,
     (Word("2026-11-05", {"transportation_arranged": "Y"}, "received"),
      Word("2026-11-06", {"record_action": "VOID"}, "received")), "UNKNOWN"),
)  # fmt: skip


def test_the_newest_word_on_each_matter_counts(
    exchange: Any, inside: Any, tell: Any, needs: Any, person: Callable[[int], str]
) -> None:
    for number, (_, _, words, _) in enumerate(NEWEST, start=1):
        inside(person(number))
        apply_enrollment(exchange.warehouse, exchange.config)
        for word in words:
            tell(person(number), word)
    found = needs("2026-11-18")
    told = [(name, found[person(n)][need]["status"]) for n, (name, need, *_) in enumerate(NEWEST, start=1)]
    assert told == [(name, status) for name, _, _, status in NEWEST]


def test_a_record_taken_back_arranges_nothing(
    exchange: Any, after: After, needs: Any, person: Callable[[int], str], tell: Any, inside: Any
) -> None:
    inside(person(1))
    apply_enrollment(exchange.warehouse, exchange.config)
    tell(person(1), Word("2026-11-05", by="recorded", entry="TRANSPORT_ARRANGED"))
    ride = needs("2026-11-18")[person(1)][RIDE]
    assert (ride["status"], ride["file_id"]) == ("ARRANGED", None)
    taken_back = {"cin": person(1), "recorded_on": date(2026, 11, 6), "recorded_by": "liaison"}
    void(exchange.warehouse, ride["event_id"], **taken_back)
    assert needs("2026-11-18")[person(1)][RIDE]["status"] == "UNKNOWN"


def test_a_notice_moved_to_another_person_takes_its_needs_along(
    exchange: Any, inside: Any, needs: Any, person: Callable[[int], str]
) -> None:
    inside(person(1))
    inside(person(2))
    for day, number in (("2026-11-05", 1), ("2026-11-06", 2)):
        exchange.noticed(day, person(number), notice_id="moved", expected_release_date="2026-11-20", **NEEDED)
    found = needs("2026-11-18")
    assert [found[person(number)][RIDE]["status"] for number in (1, 2)] == ["UNKNOWN", "MISSING"]


def test_what_was_said_of_an_earlier_release_is_not_said_of_the_next(
    exchange: Any, inside: Any, tell: Any, needs: Any, person: Callable[[int], str]
) -> None:
    inside(person(1))
    tell(person(1), Word("2026-11-05", {"transportation_arranged": "Y"}))
    released(exchange, person(1))
    exchange.seen("2026-12-01", person(1), exchange.coverage("2026-12", "05", ji=True))
    assert needs("2026-12-02")[person(1)][RIDE]["status"] == "UNKNOWN"
    tell(person(1), Word("2026-12-03", {"transportation_needed": "Y"}, entry="E2"))
    assert needs("2026-12-04")[person(1)][RIDE]["status"] == "MISSING"
    exchange.seen("2026-12-10", person(1), exchange.coverage("2026-12", "01", ji=True))
    assert needs("2026-12-10")[person(1)][RIDE]["status"] == "MISSING"


def test_a_merged_cin_speaks_for_the_member_it_belongs_to(
    exchange: Any, inside: Any, tell: Any, needs: Any, person: Callable[[int], str]
) -> None:
    inside(person(1))
    tell(person(1), Word("2026-11-05", {"transportation_needed": "Y"}))
    exchange.seen("2026-11-02", person(2), exchange.coverage("2026-11", "05", ji=True))
    apply_enrollment(exchange.warehouse, exchange.config)
    said = {"on": date(2026, 11, 6), "reason": "one person", "decided_by": "liaison"}
    merge(exchange.warehouse, person(1), person(2), **said)
    found = needs("2026-11-18")
    assert list(found) == [person(2)]
    assert found[person(2)][RIDE]["status"] == "MISSING"


def test_the_order_in_which_files_arrive_does_not_matter(
    exchange: Any, inside: Any, tell: Any, needs: Any, person: Callable[[int], str]
) -> None:
    words = (
        Word("2026-11-05", {"transportation_needed": "Y", "community_supports": "MEALS"}),
        Word("2026-11-05", {"transportation_arranged": "Y", "community_supports": "RESPITE"}, "referred"),
        Word("2026-11-06", {"transportation_needed": "N"}, "received"),
    )
    seen = []
    for order in permutations(words):
        exchange.clear()
        inside(person(1))
        for word in order:
            tell(person(1), word)
        rows = needs("2026-11-18")[person(1)].values()
        seen.append([{name: row[name] for name in row if name not in ("file_id", "row_no")} for row in rows])
    assert all(each == seen[0] for each in seen)
