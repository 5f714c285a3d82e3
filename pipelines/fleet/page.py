"""The plans of a fleet on one HTML page that needs nothing else: no script, nothing fetched, no member named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from markupsafe import Markup

from pipelines.fleet.read import Fleet
from pipelines.fleet.standing import PlanStanding, Stands, worst_first
from pipelines.reporting.page.render import page_templates, policy_of, style_of_pages

UNCONFINED = "Nights are not confined to their plans: one could open another's files."


def render_fleet(fleet: Fleet, standings: Sequence[PlanStanding], now: datetime) -> bytes:
    """Write the page: whether every plan stands right, each one that needs a person, and all in figures."""
    style = style_of_pages()
    troubled = worst_first(each for each in standings if each.do)
    page = page_templates(Path(__file__).parent).get_template("fleet.html").render(
        name=fleet.name,
        unconfined=UNCONFINED if fleet.unconfined else "",
        style=Markup(style),  # noqa: S704 - a file of this project
        policy=policy_of(style),
        now=f"{now:%Y-%m-%d %H:%M} UTC",
        standings=worst_first(standings),
        troubled=troubled,
        at_work=sum(1 for each in standings if each.stands is Stands.AT_WORK),
        right=sum(1 for each in standings if each.stands is Stands.RIGHT),
    )  # fmt: skip
    return page.encode("utf-8")
