"""Any history of a small world: thirty days of files, decisions and changes of the roster, drawn by hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.pipelines.histories.worlds import DAYS, ELSEWHERE, Act, World

PEOPLE = st.integers(1, 4)
PROVIDERS = st.integers(1, 3)
DAY = st.integers(0, DAYS - 1)
DATES = st.none() | st.integers(-20, DAYS + 10)
SOME_PROVIDER = st.sampled_from([None, None, 1, 2, 3])

SIGHTINGS: tuple[dict[str, Any], ...] = (
    {"months": [(0, "05*")]},
    {"months": [(0, "05*")]},
    {"months": [(0, "01*")]},
    {"months": [(0, "01*")]},
    {"months": [(0, "01")]},
    {"months": [(0, "01")]},
    {"months": [(0, "05")]},
    {"months": [(0, "59*")]},
    {"months": [(0, "00")]},
    {"months": [(0, "00")], "ref_zz": ELSEWHERE},
    {"months": [(0, "01*")], "died": 2},
    {"months": [], "died": 1},
    {"months": [], "maintenance_type": "024"},
    {"months": [(0, "01")], "maintenance_type": "024"},
    {"months": [(0, "01", "010")], "maintenance_type": "024", "ref_zz": ELSEWHERE},
    {"months": [(-1, "05*")]},
    {"months": [(-1, "00")]},
    {"months": [(-1, "01"), (0, "05*")]},
    {"months": [(0, "01*"), (1, "01*")]},
    {"months": [(0, "01"), (1, "00")]},
    {"months": [(1, "05*")]},
    {"months": [(0, "01*"), (0, "00", "011")]},
    {"months": [(0, "00"), (0, "01", "011")]},
    {"months": [(0, "77*")]},
    {"months": []},
)
"""What an 834 may show of one person: benefit months from its own as 0, status (`*`: with the flag), HCP code."""


def _sighting(person: int, shown: dict[str, Any], prior: int | None) -> dict[str, Any]:
    return shown | {"person": person} | ({} if prior in (None, person) else {"prior": prior})


sightings = st.builds(_sighting, PEOPLE, st.sampled_from(SIGHTINGS), st.sampled_from([None] * 12 + [1, 2, 3]))

LATE = st.sampled_from([0] * 8 + [1, 3, 9, 45])
AGAIN = st.sampled_from([()] * 8 + [(0,), (2,), (1, 5)])

enrollments = st.fixed_dictionaries(
    {
        "kind": st.just("834"), "day": DAY, "late": LATE, "again": AGAIN, "full": st.sampled_from([False] * 5 + [True]),
        "sightings": st.lists(sightings, min_size=1, max_size=2, unique_by=lambda each: each["person"]),
    }
)  # fmt: skip
SPOKEN = {"day": DAY, "person": PEOPLE, "late": LATE, "again": AGAIN, "entry": st.sampled_from([1, 1, 2])}
referrals = st.fixed_dictionaries(
    SPOKEN
    | {
        "kind": st.just("referral"), "nameless": st.sampled_from([False] * 9 + [True]),
        "says": st.fixed_dictionaries(
            {
                "record_action": st.sampled_from(["ADD", "ADD", "CHANGE", "TERM", "VOID"]),
                "incarceration_status": st.sampled_from([None, "UNKNOWN", "IN_CUSTODY", "RELEASED"]),
                "actual_release_date": DATES, "expected_release_date": DATES,
                "preferred_ecm_provider_npi": SOME_PROVIDER, "pre_release_cm_npi": SOME_PROVIDER,
                "reentry_care_plan_received_date": st.none() | DAY,
            }
        ),
    }
)  # fmt: skip
notices = st.fixed_dictionaries(
    SPOKEN
    | {
        "kind": st.just("notice"), "nameless": st.sampled_from([False] * 9 + [True]),
        "says": st.fixed_dictionaries(
            {
                "record_action": st.sampled_from([None, "ADD", "CHANGE", "TERM", "VOID"]),
                "actual_release_date": DATES, "expected_release_date": DATES,
                "post_release_ecm_provider_npi": SOME_PROVIDER, "pre_release_cm_npi": SOME_PROVIDER,
            }
        ),
    }
)  # fmt: skip
mifs = st.fixed_dictionaries(
    SPOKEN
    | {
        "kind": st.just("mif"), "source": st.sampled_from(["", "2"]),
        "says": st.fixed_dictionaries(
            {
                "member_record_status": st.sampled_from(["NEW", "CONTINUING", "CONTINUING", "TERMED"]),
                "pof_justice_involved": st.sampled_from(["Y", "Y", "Y", "N"]),
                "ecm_provider_npi": st.sampled_from([1, 2, 3]), "ecm_assignment_date": DATES,
                "authorization_number": st.sampled_from([None, "G-1", "G-2"]),
                "authorization_start": DATES, "authorization_end": st.none() | st.integers(-20, 300),
                "ecm_benefit_start": st.none() | DAY,
            }
        ),
    }
)  # fmt: skip
deeds = st.one_of(
    st.fixed_dictionaries({"kind": st.just("decide"), "day": DAY, "person": PEOPLE, "provider": PROVIDERS}),
    st.fixed_dictionaries({"kind": st.just("merge"), "day": DAY, "person": PEOPLE, "into": PEOPLE}),
    st.fixed_dictionaries({"kind": st.just("unmerge"), "day": DAY, "person": PEOPLE}),
    st.fixed_dictionaries(
        {
            "kind": st.just("record"), "day": DAY, "person": PEOPLE,
            "what": st.sampled_from(["FIRST_CONTACT", "WARM_HANDOFF", "CARE_PLAN_RECEIVED", "AFTER_HOURS_CONTACT",
                                     "AFTER_HOURS_ANSWERED"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("roster"), "day": DAY, "provider": PROVIDERS,
            "columns": st.sampled_from(
                [{"active": False}, {"active": True}, {"capacity": 0}, {"capacity": 1}, {"capacity": 3},
                 {"ji_provider": False}, {"ji_provider": True}, {"service_scope": "HANDOFF_ONLY"}, {"listed": False},
                 {"listed": True}]
            ),
        }
    ),
)  # fmt: skip

acts = st.lists(st.one_of(enrollments, enrollments, enrollments, referrals, notices, mifs, deeds, deeds), min_size=4, max_size=16)
places = st.lists(st.sampled_from([1, 1, 2, 3]), min_size=2, max_size=3).map(tuple)


def _world(number: int, of: tuple[tuple[int, ...], list[Act]]) -> World:
    return World(number, of[0], tuple(sorted(of[1], key=lambda act: act["day"])))


def worlds(number: int) -> st.SearchStrategy[tuple[World, ...]]:
    """Draw so many worlds."""
    return st.lists(st.tuples(places, acts), min_size=number, max_size=number).map(
        lambda drawn: tuple(_world(n, each) for n, each in enumerate(drawn, start=1))
    )
