"""The plan's `exchange.toml`: what the nightly job is told about this exchange."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sample_data import enrollment_834 as x12
from sample_data import people
from sample_data.business_days import plan_holidays
from sample_data.geography import PLAN_COUNTIES
from sample_data.providers import PROVIDERS, npi_of
from sample_data.returns import FOLDER as RETURNS_FOLDER
from sample_data.returns import layout_of
from sample_data.sources import DHCS, SOURCES, Source


@dataclass(frozen=True)
class SamplePlan:
    """Whose exchange it is, and by which clock."""

    id: str = "SHP"
    name: str = "Sample Health Plan"
    timezone: str = "America/Los_Angeles"
    depot: str = ""
    """Where its home is kept between nights; on the disk of the machine where there is none."""
    password_env: str = ""
    """The variable that holds the password of its account at the state; where there is none, it has a key."""


SAMPLE_PLAN = SamplePlan()


def exchange_toml(
    start: date,
    port: int,
    *,
    plan: SamplePlan = SAMPLE_PLAN,
    host: str = "127.0.0.1",
    proposals: bool = False,
    returns: bool = False,
) -> str:
    """Write the configuration of a plan whose partners are all reached at one server.

    With `returns` it takes what providers return, each in the layout of `sample_data.returns`.
    """
    sections = [
        _section(
            "[plan]",
            name=plan.name,
            id=plan.id,
            hcp_codes=[x12.HCP_CODE],
            counties=list(PLAN_COUNTIES),
            timezone=plan.timezone,
            holidays=[day.isoformat() for day in plan_holidays(start)],
        ),
        _section(
            "[plan.contact]",
            name=f"JI liaison of {plan.name}",
            phone="(559) 555-0100",
            email="ji-liaison@plan.example",
            after_hours="(559) 555-0199, answered within one business day",
        ),
        _section("[paths]", home="home", **({"depot": plan.depot} if plan.depot else {})),
        *(_source(source, host, port, plan.password_env if source is DHCS else "") for source in SOURCES),
        *(_returns() if returns else ()),
        _section("[delivery]", providers="providers.csv", known_hosts="keys/known_hosts"),
        _section("[justice_involved]", max_flagged_share=0.2),
        _section(
            "[[justice_involved.locators]]",
            name="special aid code",
            segment="2300/REF*CE",
            slots=[3, 5, 7],
            one_of=list(x12.JI_AID_CODES),
            months="current",
        ),
        _section(
            "[[justice_involved.locators]]",
            name="reporting category",
            segment="2750/N1*75+REF",
            category=x12.JI_CATEGORY_NAME,
            regex="JI-(ADULT|YOUTH)",
            date={"segment": "2750/DTP*007", "format": "D8"},
        ),
        _section(
            "[justice_involved.hcp_status]",
            active=list(people.ACTIVE),
            hold=list(people.HOLD),
            terminated=list(people.TERMINATED),
            not_covered=list(people.NOT_COVERED),
        ),
        _section("[authorization]", months=12, anchor=["release_date", "effectuation_date"], review_days_before_end=60),
        _section("[assignment]", county="required", population="required", service_scope=2, language=1),
        _section("[clocks]", first_contact_days=2, follow_up_days=7, after_hours_business_days=1),
        _section("[directory]", publish_within_days=30, nearly_full=0.9, other_networks="networks.csv"),
        _section(
            "[identity]",
            retry_days=90,
            proposals=proposals,
            min_probability=0.9,
            prior_identifier="propose",
            prior_identifier_place="2000/REF*Q4",
        ),
        _section("[needs]", unknown_within=14, missing_after=30),
        _section("[work_lists]", release_within=[14, 30, 90], late_adds_of_days=7, review_within=14),
        _section("[safety]", max_rejected_share=0.5, cin_slot_min_share=0.5, stale_after_days=45),
    ]
    return "\n".join(sections)


def _source(source: Source, host: str, port: int, password_env: str) -> str:
    responses = {"responses": source.responses} if source.responses else {}
    login = {"password_env": password_env} if password_env else {"key_file": "keys/plan_ed25519"}
    return _section(
        "[[sources]]",
        name=source.name,
        kind=source.kind,
        layout=source.layout,
        host=host,
        port=port,
        username=source.username,
        **login,
        known_hosts="keys/known_hosts",
        folder=source.folder,
        pattern=source.pattern,
        stable_for=0,  # files of the sample are complete before the night begins
        **responses,
    )


def _returns() -> Iterator[str]:
    """Write whose files are in which layout: the usual one for all whom no table names."""
    for layout in ("rtf", "rtf_tabs", "rtf_merged"):
        named = [npi_of(provider.key) for provider in PROVIDERS if layout_of(provider.key) == layout]
        begins = "ECM_RETURN" if layout == "rtf_tabs" else "PRTF"
        yield _returned("rtf", layout, begins, **({} if layout == "rtf" else {"providers": named}))
    yield _returned("otf", "otf", "POTF")


def _returned(kind: str, layout: str, begins: str, **more: list[str]) -> str:
    pattern, responses = f"{begins}_{{npi}}_*", "/responses"
    return _section(
        "[[returns]]", kind=kind, layout=layout, folder=RETURNS_FOLDER, pattern=pattern, responses=responses,
        stable_for=0, **more,
    )  # fmt: skip


def _section(heading: str, **values: str | float | list[str] | list[int] | dict[str, str]) -> str:
    """Write one table."""
    return "\n".join([heading, *(f"{key} = {_toml(value)}" for key, value in values.items()), ""])


def _toml(value: str | float | list[str] | list[int] | dict[str, str]) -> str:
    """Spell a value: an inline table, or what JSON and TOML spell alike."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {json.dumps(each)}' for key, each in value.items())} }}"
    return json.dumps(value)
