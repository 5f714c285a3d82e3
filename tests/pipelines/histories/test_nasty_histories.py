"""Histories that are nasty, one world each, told together night after night; after every night all holds that must."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.pipelines.histories.stories import (
    GONE,
    IN,
    OUT,
    PLAIN,
    WORLDS,
    Story,
    full,
    granted,
    history,
    liaison,
    roster,
    said,
    seen,
)
from tests.pipelines.histories.tales import Tale
from tests.pipelines.histories.worlds import ELSEWHERE, on

NIGHTS = (0, 1, 2, 3, 5, 6)
"""On the days between, nobody runs the night: what happens then waits for the next."""


@pytest.fixture(scope="module")
def tale(tell: Callable[..., Tale]) -> Tale:
    unreached = WORLDS[test_who_was_out_of_reach_when_a_member_moved_is_told_the_next_night.__name__].number
    return tell(tuple(WORLDS.values()), NIGHTS, outages=frozenset({(3, unreached, 1)}), twice=frozenset({2, 3}))


@pytest.fixture
def story(request: pytest.FixtureRequest, tale: Tale) -> Story:
    return Story(tale, WORLDS[request.function.__name__])


MARVIN = {"last_name": "Thrennick", "first_name": "Marvin", "birth_date": "1984-03-12"}
MARVYN = MARVIN | {"first_name": "Marvyn"}


@history(
    seen(0, 1, PLAIN, **MARVIN), seen(0, 2, PLAIN, **MARVYN),
    said(1, 1, last_name="Thrennick", first_name="Marvyn", dob="1984-03-12"),
    liaison(4, "identify", 2, entry_of=1),
)  # fmt: skip
def test_a_referral_with_the_cin_of_the_twin_waits_for_the_liaison(story: Story) -> None:
    for night in (1, 2, 3):
        assert story.episodes(night, 1) == story.episodes(night, 2) == []
    assert "IDENTITY" in story.items(1, 2) | story.items(1, 1)
    assert story.episodes(5, 1) == []
    assert story.statuses(5, 2) == [("ACTIVE", None)]


@history(seen(0, 1, OUT), seen(0, 2, OUT), liaison(2, "merge", 2, into=1), liaison(5, "unmerge", 2))
def test_of_two_that_were_assigned_and_turn_out_to_be_one_a_provider_keeps_the_person_until_they_are_two_again(
    story: Story,
) -> None:
    first = story.moves(1, 1, 2)
    assert sorted(first) == [1, 2]
    assert story.moves(2, 1, 2) == [first[0], None]
    assert story.moves(5, 1, 2) == first
    assert story.told(first[0]) == [(0, "ADD", 1)]
    assert story.told(first[1]) == [(0, "ADD", 2), (2, "TERM", 1), (5, "ADD", 2)]


@history(
    seen(0, 1, PLAIN), said(1, 2), liaison(2, "merge", 2, into=1), said(5, 2, record_action="VOID"),
)  # fmt: skip
def test_a_referral_under_an_alias_counts_and_voided_counts_no_more(story: Story) -> None:
    assert story.authorizations(1, 1) == []
    assert story.statuses(2, 1) == [("ACTIVE", None)]
    assert story.authorizations(5, 1) == []
    assert story.at(5, 1) is None
    assert [told for n in (1, 2) for told in story.told(n)] == [(2, "ADD", 1), (5, "TERM", 1)]


@history(
    seen(0, 1, IN), said(0, 1, "notice", expected_release_date=4),
    said(2, 1, "notice", actual_release_date=2), seen(2, 1, OUT),
    said(5, 1, "notice", actual_release_date=1), said(6, 1, "notice", actual_release_date=3),
)  # fmt: skip
def test_a_release_date_that_moves_after_activation_moves_the_authorization_and_nobody(story: Story) -> None:
    starts = [story.authorizations(night, 1)[0]["start_date"] for night in (0, 2, 5, 6)]
    assert starts == [None, on(2), on(1), on(3)]
    provider = story.at(0, 1)
    assert provider is not None
    assert story.told(provider) == [(0, "ADD", 1), (2, "CHANGE", 1), (5, "CHANGE", 1), (6, "CHANGE", 1)]


@history(seen(0, 1, OUT), seen(0, 2, PLAIN), liaison(1, "merge", 2, into=1), seen(3, 2, died=1))
def test_a_death_told_under_an_alias_closes_the_authorization_of_the_person(story: Story) -> None:
    assert story.statuses(2, 1) == [("ACTIVE", None)]
    assert story.statuses(3, 1) == [("CLOSED", "DECEASED")]
    assert story.at(3, 1) is None


@history(seen(0, 1, OUT), liaison(4, "decide", 1, provider=2), roster(5, 2, active=False), roster(6, 2, active=True))
def test_a_decision_for_a_provider_that_stops_the_same_night_moves_nobody_until_it_serves_again(story: Story) -> None:
    before = story.at(3, 1)
    if before == 1:
        assert story.at(5, 1) == 1
        assert story.at(6, 1) == 2
    else:
        assert story.at(5, 1) == 1, "its own provider stopped"
        assert story.at(6, 1) == 2, "the liaison decided for it"


@history(
    seen(0, 1, OUT), seen(0, 2, OUT), roster(1, 1, capacity=1), seen(2, 3, OUT), seen(3, 1, GONE), seen(5, 2, GONE),
    places=(2,),
)  # fmt: skip
def test_a_provider_with_fewer_places_than_members_keeps_them_and_gets_nobody(story: Story) -> None:
    assert story.moves(1, 1, 2) == [1, 1]
    assert story.moves(2, 1, 2, 3) == [1, 1, None]
    assert "UNASSIGNED" in story.items(2, 3)
    assert story.moves(3, 1, 2, 3) == [None, 1, None]
    assert story.moves(5, 1, 2, 3) == [None, None, 1]


GRANT = {"authorization_number": "G-1", "authorization_start": -20, "authorization_end": 200}


@history(
    seen(0, 1, OUT), granted(2, 1, **GRANT),
    seen(0, 2, PLAIN), granted(1, 2, **GRANT), seen(3, 2, OUT),
)  # fmt: skip
def test_a_delegated_grant_that_overlaps_an_authorization_of_the_834_takes_and_loses_no_day(story: Story) -> None:
    ((before,), (after,)) = story.authorizations(1, 1), story.authorizations(2, 1)
    assert (after["start_date"], after["end_date"]) == (before["start_date"], before["end_date"])
    assert after["granted_by"] is None
    ((taken,), (flagged,)) = story.authorizations(1, 2), story.authorizations(3, 2)
    assert (taken["start_date"], taken["end_date"], taken["authorization_number"]) == (on(-20), on(200), "G-1")
    assert (flagged["start_date"], flagged["authorization_number"]) == (on(-20), "G-1")
    assert flagged["end_date"] >= on(200)


@history(
    seen(0, 1, PLAIN), said(0, 1, actual_release_date=-3), said(3, 1, record_action="TERM"),
    seen(0, 2, OUT), said(0, 2, actual_release_date=-3), said(3, 2, record_action="TERM"),
)  # fmt: skip
def test_a_referral_ended_after_the_release_ends_what_rests_on_it_alone(story: Story) -> None:
    assert story.statuses(2, 1) == story.statuses(2, 2) == [("ACTIVE", None)]
    assert story.statuses(3, 1) == [("CLOSED", "WITHDRAWN")]
    assert story.statuses(3, 2) == [("ACTIVE", None)]
    assert story.moves(3, 1, 2).count(None) == 1


@history(*(seen(day, 1, month) for day, month in ((0, IN), (1, OUT), (2, IN), (3, OUT), (5, IN), (6, OUT))))
def test_back_inside_twice_in_a_month_makes_three_spans_one_after_the_other_with_one_provider(story: Story) -> None:
    assert story.statuses(5, 1) == [("CLOSED", "NEW_EPISODE"), ("SUSPENDED", None)]
    assert story.statuses(6, 1) == [("CLOSED", "NEW_EPISODE")] * 2 + [("ACTIVE", None)]
    provider = story.at(0, 1)
    assert provider is not None
    assert {story.at(night, 1) for night in NIGHTS} == {provider}
    assert {action for night, action, _ in story.told(provider) if night} == {"CHANGE"}


@history(
    seen(0, 1, IN), said(1, 1, "notice", actual_release_date=1), seen(2, 1, OUT),
    said(5, 1, "notice", record_action="VOID"),
)  # fmt: skip
def test_a_notice_voided_after_the_834_released_takes_back_its_date_alone(story: Story) -> None:
    ((before,), (after,)) = story.authorizations(3, 1), story.authorizations(5, 1)
    assert (before["anchor"], before["start_date"]) == ("release_date", on(1))
    assert (after["anchor"], after["start_date"], after["status"]) == ("effectuation_date", on(2), "ACTIVE")
    assert story.at(5, 1) == story.at(0, 1)


@history(*(act for person, back in ((1, OUT), (2, (1, "01*"))) for act in (
    seen(0, person, OUT), seen(2, person, GONE, ref_zz=ELSEWHERE), seen(5, person, back))))  # fmt: skip
def test_a_change_of_plan_is_taken_back_by_a_file_that_covers_the_month_and_else_the_return_begins_anew(
    story: Story,
) -> None:
    assert story.statuses(2, 1) == story.statuses(2, 2) == [("CLOSED", "MOVED_PLAN")]
    assert story.statuses(5, 1) == [("ACTIVE", None)]
    assert story.statuses(5, 2) == [("CLOSED", "MOVED_PLAN"), ("ACTIVE", None)]
    assert story.moves(2, 1, 2) == [None, None]
    assert story.moves(5, 1, 2) == story.moves(0, 1, 2)
    for person in (1, 2):
        provider = story.at(0, person)
        assert provider is not None
        assert story.told(provider) == [(0, "ADD", person), (2, "TERM", person), (5, "ADD", person)]


@history(full(0, p1=OUT, p2=OUT, p3=PLAIN), full(2, p2=OUT, p3=PLAIN))
def test_whoever_a_full_file_leaves_out_keeps_all_and_is_looked_for(story: Story) -> None:
    assert story.statuses(2, 1) == [("ACTIVE", None)]
    assert story.at(2, 1) == story.at(1, 1) is not None
    assert "MISSING_FROM_FULL" in story.items(2, 1)
    assert "MISSING_FROM_FULL" not in story.items(2, 2)


@history(seen(0, 1, OUT), seen(1, 2, OUT, prior=1), seen(2, 3, OUT, prior=2), places=(1,))
def test_a_chain_of_prior_identifiers_is_one_person_with_one_provider(story: Story) -> None:
    assert [len(story.authorizations(6, person)) for person in (1, 2, 3)] == [0, 0, 1]
    assert [story.moves(night, 1, 2, 3) for night in (0, 1, 2)] == [[1, None, None], [None, 1, None], [None, None, 1]]
    assert story.told(1) == [(0, "ADD", 1), (1, "CHANGE", 2), (2, "CHANGE", 3)]


@history(seen(1, 1, OUT), seen(3, 1, (0, "05*"), late=45), seen(3, 1, (0, "01"), late=60))
def test_a_late_file_from_before_everything_finds_its_place(story: Story) -> None:
    (before,), (after,) = story.episodes(2, 1), story.episodes(3, 1)
    assert (before["first_state"], before["opened_on"]) == ("OUTSIDE", on(1))
    assert (after["first_state"], after["opened_on"], after["state"]) == ("INSIDE", on(-42), "RELEASED")
    assert story.at(2, 1) == story.at(3, 1) is not None
    assert story.statuses(3, 1) == [("ACTIVE", None)]


@history(
    seen(0, 1, OUT, ref_0f="first"), seen(1, 2, OUT), liaison(1, "decide", 1, provider=1),
    liaison(3, "decide", 1, provider=2), seen(3, 2, GONE),
)  # fmt: skip
def test_a_place_that_is_left_the_same_night_is_there_for_whom_the_liaison_decided(story: Story) -> None:
    assert story.moves(2, 1, 2) == [1, 2]
    assert story.moves(3, 1, 2) == [2, None]


@history(
    seen(0, 1, OUT), seen(0, 2, OUT), *(liaison(1, "decide", n, provider=n) for n in (1, 2)),
    liaison(3, "decide", 1, provider=2), liaison(3, "decide", 2, provider=3), places=(1, 1, 1),
)  # fmt: skip
def test_moves_that_make_room_for_each_other_are_all_made_in_one_night(story: Story) -> None:
    assert story.moves(2, 1, 2) == [1, 2]
    assert story.moves(3, 1, 2) == [2, 3]


@history(
    seen(0, 1, OUT), seen(0, 2, OUT), *(liaison(1, "decide", n, provider=n) for n in (1, 2)),
    liaison(3, "decide", 1, provider=2), liaison(3, "decide", 2, provider=1),
)  # fmt: skip
def test_two_members_whom_the_liaison_exchanges_change_places_though_both_providers_are_full(story: Story) -> None:
    assert story.moves(2, 1, 2) == [1, 2]
    assert story.moves(3, 1, 2) == [2, 1]


@history(
    seen(0, 1, OUT), seen(0, 2, PLAIN), liaison(1, "decide", 2, provider=2), liaison(1, "decide", 1, provider=1),
    liaison(2, "merge", 1, into=2), liaison(4, "decide", 1, provider=2), liaison(6, "unmerge", 1),
)  # fmt: skip
def test_the_last_word_on_any_cin_of_a_person_counts_while_they_are_one(story: Story) -> None:
    assert story.moves(1, 1, 2) == [1, None]
    assert story.moves(2, 1, 2) == [None, 1]
    assert story.moves(5, 1, 2) == [None, 2]
    assert story.moves(6, 1, 2) == [2, None]


@history(
    seen(0, 1, OUT), seen(0, 2, PLAIN), liaison(1, "decide", 1, provider=1), liaison(1, "decide", 2, provider=2),
    liaison(2, "merge", 1, into=2), liaison(2, "decide", 1, provider=1),
)  # fmt: skip
def test_what_the_liaison_says_again_on_the_day_of_a_merge_outranks_what_was_said_of_the_other_cin(
    story: Story,
) -> None:
    assert story.moves(1, 1, 2) == [1, None]
    assert story.moves(2, 1, 2) == [None, 1]


@history(
    seen(0, 1, OUT), seen(0, 2, OUT), liaison(1, "decide", 2, provider=2), liaison(1, "merge", 2, into=1),
    liaison(2, "decide", 1, provider=1), liaison(5, "unmerge", 2), liaison(5, "decide", 2, provider=1), places=(2, 2),
)  # fmt: skip
def test_what_the_liaison_says_on_the_day_two_are_two_again_is_said_of_that_one(story: Story) -> None:
    assert story.moves(2, 1, 2) == [1, None]
    assert story.moves(5, 1, 2) == [1, 1]


@history(
    *(act for person, plan, start in ((1, "", -20), (2, "2", -5)) for act in (
        seen(0, person, PLAIN), granted(0, person, **GRANT | {"authorization_start": start}) | {"source": plan})),
    places=(2,),
)  # fmt: skip
def test_two_plans_that_give_one_number_to_two_people_move_neither_of_their_authorizations(story: Story) -> None:
    for night in NIGHTS:
        assert [each["authorization_number"] for n in (1, 2) for each in story.authorizations(night, n)] == [
            "G-1",
            "G-1",
        ]
    assert [cin for cin in story.tale.moved if cin in (story.world.person(1), story.world.person(2))] == []


@history(
    seen(0, 1, OUT), seen(0, 2, OUT), liaison(1, "merge", 1, into=2), liaison(2, "merge", 2, into=1), places=(2,),
)  # fmt: skip
def test_a_merge_that_would_lead_in_a_circle_changes_nothing(story: Story) -> None:
    assert [story.moves(night, 1, 2) for night in (0, 1, 2, 6)] == [[1, 1], [None, 1], [None, 1], [None, 1]]


@history(seen(0, 1, OUT), liaison(1, "decide", 1, provider=1), liaison(3, "decide", 1, provider=2))
def test_who_was_out_of_reach_when_a_member_moved_is_told_the_next_night(story: Story) -> None:
    assert story.moves(2, 1) == [1]
    assert story.moves(3, 1) == [2]
    assert story.told(1)[-1] == (5, "TERM", 1)
    assert story.told(2)[-1] == (3, "ADD", 1)


@history(seen(0, 1, OUT), roster(2, 1, listed=False), roster(5, 1, listed=True), places=(1,))
def test_a_provider_that_leaves_the_roster_and_returns_is_told_of_the_end_and_of_the_new_beginning(
    story: Story,
) -> None:
    assert [story.at(night, 1) for night in (1, 2, 3, 5)] == [1, None, None, 1]
    assert sorted(story.told(1)) == [(0, "ADD", 1), (5, "ADD", 1), (5, "TERM", 1)]


@history(seen(0, 1, OUT), seen(2, 1, died=1), seen(5, 1, (1, "01*")))
def test_whoever_was_told_dead_and_is_covered_later_is_followed_again_and_looked_into(story: Story) -> None:
    assert story.statuses(2, 1) == [("CLOSED", "DECEASED")]
    assert story.statuses(5, 1) == [("CLOSED", "DECEASED"), ("ACTIVE", None)]
    assert "CONTRADICTIONS" in story.items(5, 1)
    assert story.at(5, 1) == story.at(0, 1) is not None


@history(
    seen(0, 1, OUT),
    seen(0, 2, OUT),
    seen(2, 1, GONE),
    liaison(3, "merge", 1, into=2),
    seen(5, 2, GONE),
    seen(6, 1, OUT),
)
def test_one_of_two_who_left_before_they_turned_out_to_be_one_ends_nothing_of_the_other(story: Story) -> None:
    kept = story.at(0, 2)
    assert story.moves(2, 1, 2) == [None, kept]
    assert story.moves(3, 1, 2) == [None, kept]
    assert story.at(5, 2) is None
    assert story.statuses(6, 2)[-1] == ("ACTIVE", None)


@history(
    seen(0, 1, PLAIN), said(0, 1, "notice", actual_release_date=4), said(3, 1, "notice", record_action="VOID"),
)  # fmt: skip
def test_a_release_announced_and_voided_before_its_day_was_never_told(story: Story) -> None:
    assert story.statuses(2, 1) == [("PENDING_RELEASE", None)]
    assert [story.authorizations(night, 1) for night in (3, 5, 6)] == [[], [], []]
    assert story.at(6, 1) is None


@history(
    seen(0, 1, OUT), seen(1, 1, IN), roster(2, 1, active=False), roster(2, 2, capacity=1), seen(3, 1, OUT),
    places=(1, 0),
)  # fmt: skip
def test_who_is_back_inside_when_the_provider_stops_has_another_from_the_release_on(story: Story) -> None:
    assert story.statuses(1, 1) == story.statuses(2, 1) == [("SUSPENDED", None)]
    assert [story.at(night, 1) for night in (1, 2, 3)] == [1, None, 2]
    assert "UNASSIGNED" not in story.items(2, 1)
    assert story.told(1)[-1] == (2, "TERM", 1)


@history(
    seen(0, 1, OUT), seen(0, 2, OUT), liaison(1, "merge", 2, into=1), seen(2, 1, died=1), liaison(3, "unmerge", 2),
)  # fmt: skip
def test_whoever_was_merged_into_one_who_died_lives_on_when_the_merge_is_undone(story: Story) -> None:
    assert story.statuses(2, 1) == [("CLOSED", "DECEASED")]
    assert story.moves(2, 1, 2) == [None, None]
    assert story.statuses(3, 1) == [("CLOSED", "DECEASED")]
    assert story.statuses(3, 2) == [("ACTIVE", None)]
    assert story.moves(3, 1, 2) == [None, story.at(0, 2)]


@history(
    seen(0, 1, OUT), seen(0, 2, OUT, prior=1), seen(0, 3, OUT, prior=2), liaison(2, "unmerge", 1), places=(2,),
)  # fmt: skip
def test_a_link_of_the_chain_that_the_liaison_takes_out_is_a_person_again_and_the_rest_hold(story: Story) -> None:
    assert story.moves(0, 1, 2, 3) == [None, None, 1]
    assert story.moves(2, 1, 2, 3) == [1, None, 1]


@history(seen(0, 1, PLAIN), liaison(1, "decide", 1, provider=2), seen(3, 1, OUT))
def test_what_the_liaison_decided_before_there_was_an_authorization_counts_when_there_is_one(story: Story) -> None:
    assert [story.at(night, 1) for night in (1, 2, 3)] == [None, None, 2]


@history(
    seen(0, 1, IN), said(0, 1, "notice", expected_release_date=8, post_release_ecm_provider_npi=2),
    roster(0, 2, active=False), roster(3, 2, active=True), seen(5, 1, OUT),
)  # fmt: skip
def test_a_provider_that_the_facility_named_and_that_serves_too_late_moves_nobody(story: Story) -> None:
    assert [story.at(night, 1) for night in (0, 3, 5)] == [1, 1, 1]


@history(seen(0, 1, OUT), seen(2, 1, GONE), seen(2, 1, (1, "01*")) | {"later": True})
def test_whoever_is_gone_in_one_run_of_a_night_and_back_in_the_next_is_told_of_twice(story: Story) -> None:
    assert story.statuses(2, 1) == [("CLOSED", "TERMINATED"), ("ACTIVE", None)]
    provider = story.at(0, 1)
    assert provider is not None
    assert story.told(provider) == [(0, "ADD", 1), (2, "TERM", 1), (2, "ADD", 1)]


@history(seen(0, 1, IN) | {"again": (0, 3)}, seen(1, 1, OUT) | {"again": (4,)}, said(2, 1) | {"again": (0, 1, 3)})
def test_files_that_come_again_under_other_names_tell_providers_nothing(story: Story) -> None:
    provider = story.at(0, 1)
    assert provider is not None
    assert story.told(provider) == [(0, "ADD", 1), (1, "CHANGE", 1), (2, "CHANGE", 1)]
    assert len(story.episodes(6, 1)) == 1


@history(full(0, p1=OUT, p2=OUT), full(3, p1=OUT, p2=OUT), full(5, p1=OUT) | {"late": 4}, full(6, p1=OUT))
def test_whoever_an_old_full_file_leaves_out_is_not_looked_for_where_a_newer_one_has_them(story: Story) -> None:
    assert ["MISSING_FROM_FULL" in story.items(night, 2) for night in (3, 5, 6)] == [False, False, True]


@history(seen(1, 1, OUT) | {"sequence": 50}, seen(2, 1, IN, late=1) | {"sequence": 10})
def test_of_two_files_of_one_day_the_second_counts_also_where_it_came_first(story: Story) -> None:
    assert [(each["first_state"], each["state"]) for each in story.episodes(1, 1)] == [("OUTSIDE", "RELEASED")]
    assert [(each["first_state"], each["state"]) for each in story.episodes(2, 1)] == [("INSIDE", "RELEASED")]
    assert story.at(2, 1) == story.at(1, 1) is not None


@history(
    seen(0, 1, OUT), seen(0, 2, OUT), seen(1, 2, IN), liaison(2, "merge", 2, into=1), liaison(5, "unmerge", 2),
    seen(6, 2, OUT),
)  # fmt: skip
def test_one_who_is_out_and_one_who_is_back_inside_are_one_who_is_out_and_two_again(story: Story) -> None:
    first = story.moves(1, 1, 2)
    assert sorted(provider or 0 for provider in first) == [1, 2]
    assert story.statuses(2, 1) == [("ACTIVE", None)]
    assert story.moves(2, 1, 2) == [first[0], None]
    assert (story.statuses(5, 1), story.statuses(5, 2)) == ([("ACTIVE", None)], [("SUSPENDED", None)])
    assert story.moves(6, 1, 2) == first


def test_all_holds_after_every_night(tale: Tale) -> None:
    assert tale.wrong == []


def test_a_rebuild_finds_what_the_nights_left(tale: Tale) -> None:
    assert tale.rebuilt() == {}
