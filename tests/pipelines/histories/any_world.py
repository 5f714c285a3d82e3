"""Any history of a small world: thirty days of files, decisions and changes of the roster, dealt by chance.

A few people, fewer places, and days that repeat: what goes wrong goes wrong where things meet.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.pipelines.histories.worlds import DAYS, ELSEWHERE, Act, World

PEOPLE, PROVIDERS = (1, 2, 3, 4), (1, 2, 3)

FLAGGED = ([(0, "05*")], [(0, "05*")], [(0, "05*")], [(0, "01*")], [(0, "01*")], [(0, "01*")], [(0, "59*")])
PLAIN = ([(0, "01")], [(0, "01")], [(0, "01")], [(0, "05")], [(0, "59")], [])
SHOWN: tuple[dict[str, Any], ...] = (
    *({"months": months} for months in FLAGGED * 2 + PLAIN),
    {"months": [(0, "00")]},
    {"months": [(0, "00")], "ref_zz": ELSEWHERE},
    {"months": [(0, "00*")]},
    {"months": [(0, "01*")], "died": 2},
    {"months": [], "died": 1},
    {"months": [], "maintenance_type": "024"},
    {"months": [(0, "01")], "maintenance_type": "024"},
    {"months": [(0, "01*")], "maintenance_type": "024", "ref_zz": ELSEWHERE},
    {"months": [(-1, "05*")]},
    {"months": [(-1, "01*")]},
    {"months": [(-1, "00")]},
    {"months": [(-1, "01"), (0, "05*")]},
    {"months": [(-1, "05*"), (0, "01*")]},
    {"months": [(0, "01*"), (1, "01*")]},
    {"months": [(0, "01"), (1, "00")]},
    {"months": [(1, "05*")]},
    {"months": [(1, "01*")]},
    {"months": [(0, "01*"), (0, "00", "011")]},
    {"months": [(0, "00"), (0, "01", "011")]},
    {"months": [(0, "77*")]},
)
"""What an 834 may show of one person: benefit months from its own as 0, status (`*`: with the flag), HCP code."""

ROSTER: tuple[dict[str, Any], ...] = (
    {"active": False}, {"active": True}, {"active": True}, {"capacity": 0}, {"capacity": 1}, {"capacity": 2},
    {"capacity": 3}, {"ji_provider": False}, {"ji_provider": True}, {"service_scope": "HANDOFF_ONLY"},
    {"listed": False}, {"listed": True},
)  # fmt: skip


def any_world(number: int, chance: Random) -> World:
    """Deal a world: a first file of all, then what happens."""
    people = PEOPLE[: chance.randint(2, 4)]
    first = chance.choices(("05*", "01*", "01", "05", "00"), (4, 3, 3, 1, 1), k=len(people))
    opening: Act = {
        "kind": "834", "day": 0, "full": True,
        "sightings": [{"person": who, "months": [(0, status)]} for who, status in zip(people, first, strict=True)],
    }  # fmt: skip
    kinds = chance.choices(list(_DEALT), [weight for _, weight in _DEALT.values()], k=chance.randint(6, 24))
    days = chance.sample(range(DAYS), chance.randint(3, 12))
    acts = [
        {"kind": kind, "day": chance.choice(days), "later": chance.random() < 0.1} | _DEALT[kind][0](chance, people)
        for kind in kinds
    ]
    places = tuple(chance.choice((1, 1, 2, 3)) for _ in range(chance.randint(1, 3)))
    return World(number, places, (opening, *sorted(acts, key=lambda act: (act["day"], act["later"]))))


def _file(chance: Random) -> dict[str, Any]:
    return {"late": chance.choice([0] * 8 + [1, 3, 9, 45]), "again": chance.choice([()] * 8 + [(0,), (2,), (1, 5)])}


def _an_834(chance: Random, people: tuple[int, ...]) -> dict[str, Any]:
    sightings = []
    for person in chance.sample(people, chance.choice((1, 1, 1, 2, len(people)))):
        sighting = chance.choice(SHOWN) | {"person": person}
        prior = chance.choice(PEOPLE)
        sightings.append(sighting | ({"prior": prior} if prior != person and chance.random() < 0.06 else {}))
    return _file(chance) | {"full": chance.random() < 0.15, "sightings": sightings}


def _spoken(chance: Random, people: tuple[int, ...]) -> dict[str, Any]:
    return _file(chance) | {"person": chance.choice((*people, 4)), "entry": chance.choice((1, 1, 2))}


def _some_day(chance: Random, last: int = DAYS + 10) -> int | None:
    return chance.choice((None, chance.randint(-20, last)))


def _some_provider(chance: Random) -> int | None:
    return chance.choice((None, None, *PROVIDERS))


def _referral(chance: Random, people: tuple[int, ...]) -> dict[str, Any]:
    return _spoken(chance, people) | {
        "nameless": chance.random() < 0.1,
        "says": {
            "record_action": chance.choice(("ADD", "ADD", "CHANGE", "TERM", "VOID")),
            "incarceration_status": chance.choice((None, "UNKNOWN", "IN_CUSTODY", "RELEASED")),
            "pof_justice_involved": chance.choice("YYYYYN"),
            "actual_release_date": _some_day(chance), "expected_release_date": _some_day(chance),
            "preferred_ecm_provider_npi": _some_provider(chance), "pre_release_cm_npi": _some_provider(chance),
            "reentry_care_plan_received_date": _some_day(chance),
        },
    }  # fmt: skip


def _notice(chance: Random, people: tuple[int, ...]) -> dict[str, Any]:
    return _spoken(chance, people) | {
        "nameless": chance.random() < 0.1,
        "says": {
            "record_action": chance.choice((None, "ADD", "CHANGE", "TERM", "VOID")),
            "actual_release_date": _some_day(chance), "expected_release_date": _some_day(chance),
            "post_release_ecm_provider_npi": _some_provider(chance), "pre_release_cm_npi": _some_provider(chance),
        },
    }  # fmt: skip


def _mif(chance: Random, people: tuple[int, ...]) -> dict[str, Any]:
    return _spoken(chance, people) | {
        "source": chance.choice(("", "2")),
        "says": {
            "member_record_status": chance.choice(("NEW", "CONTINUING", "CONTINUING", "TERMED")),
            "pof_justice_involved": chance.choice("YYYN"),
            "ecm_provider_npi": chance.choice(PROVIDERS), "ecm_assignment_date": _some_day(chance),
            "authorization_number": chance.choice((None, "G-1", "G-2")),
            "authorization_start": _some_day(chance), "authorization_end": _some_day(chance, 300),
            "ecm_benefit_start": _some_day(chance),
        },
    }  # fmt: skip


def _decide(chance: Random, people: tuple[int, ...]) -> dict[str, Any]:
    return {"person": chance.choice(people), "provider": chance.choice(PROVIDERS)}


def _merge(chance: Random, people: tuple[int, ...]) -> dict[str, Any]:
    return {"person": chance.choice((*people, 4)), "into": chance.choice(people)}


def _unmerge(chance: Random, people: tuple[int, ...]) -> dict[str, Any]:
    return {"person": chance.choice((*people, 4))}


def _identify(chance: Random, people: tuple[int, ...]) -> dict[str, Any]:
    action = chance.choice(("ACCEPT", "ACCEPT", "REJECT", "REOPEN"))
    return {"person": chance.choice(people), "entry_of": chance.choice(people), "action": action}


def _record(chance: Random, people: tuple[int, ...]) -> dict[str, Any]:
    kinds = ("FIRST_CONTACT", "WARM_HANDOFF", "CARE_PLAN_RECEIVED", "AFTER_HOURS_CONTACT", "AFTER_HOURS_ANSWERED")
    return {"person": chance.choice(people), "what": chance.choice(kinds)}


def _roster(chance: Random, _: tuple[int, ...]) -> dict[str, Any]:
    return {"provider": chance.choice(PROVIDERS), "columns": chance.choice(ROSTER)}


_DEALT: dict[str, tuple[Callable[[Random, tuple[int, ...]], dict[str, Any]], int]] = {
    "834": (_an_834, 10), "referral": (_referral, 3), "notice": (_notice, 3), "mif": (_mif, 2), "decide": (_decide, 3),
    "merge": (_merge, 2), "unmerge": (_unmerge, 1), "identify": (_identify, 1), "record": (_record, 1),
    "roster": (_roster, 3),
}  # fmt: skip
"""How each kind of act is dealt, and how often."""
