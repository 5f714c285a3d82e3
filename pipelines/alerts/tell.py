"""Telling people, as a night and a look from outside do it: what stands, what is due, what was taken, what is kept.

Whatever goes wrong here becomes a line for a person, and never breaks a night.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date

from pipelines.alerts.beside import beside_night
from pipelines.alerts.codes import ALERT_CODES
from pipelines.alerts.decide import due, outlived
from pipelines.alerts.matters import Standing, after_night, at_stop
from pipelines.alerts.memory import Memory, keep_memory, one_at_a_time, read_memory
from pipelines.alerts.post import SECONDS, Outcome, post
from pipelines.alerts.words import letter, trial
from pipelines.config import Addressees, Alert, ExchangeConfig, Roster
from pipelines.containment import kind_and_place
from pipelines.reporting.page import Stop, night_figures, page_below, page_of
from pipelines.warehouse import Warehouse


def tell_of_night(
    warehouse: Warehouse,
    config: ExchangeConfig,
    roster: Roster,
    on: date,
    environment: Mapping[str, str],
    seconds: float = SECONDS,
) -> tuple[str, ...]:
    """Tell whoever is to be told how a night ended; return a line for each address that did not take it."""

    def standing() -> Standing:
        own = [source.name for source in config.sources if source.provider is None]
        figures = night_figures(warehouse, on, own)
        return after_night(config.plan.id, figures, page_of(config, on), beside_night(config, roster, figures))

    return _told(config.addressees, standing, environment, seconds)


def tell_of_stop(
    addressees: Addressees, on: date, stop: Stop, environment: Mapping[str, str], seconds: float = SECONDS
) -> tuple[str, ...]:
    """Tell what stopped a night, or refused it before its first station; return a line as `tell_of_night` does.

    The store is not asked: it may be what stopped the night.
    """
    page = page_below(addressees.home, *([f"{on}.html"] if stop.station else []))
    return _told(addressees, lambda: at_stop(addressees.plan, on, page, stop), environment, seconds)


def tell(
    addressees: Addressees,
    standing: Standing,
    alerts: Sequence[Alert],
    environment: Mapping[str, str],
    seconds: float = SECONDS,
) -> tuple[str, ...]:
    """Send what is due to these of the addressees, and keep what was taken: the rest is due again the next time."""
    with one_at_a_time(addressees.home, seconds):
        before = read_memory(addressees.home)
        dues = tuple(due(alerts, standing, before))
        outcomes = post([letter(standing, each) for each in dues], environment, seconds) if dues else ()
        after = dict(outlived(standing, before))
        for each, outcome in zip(dues, outcomes, strict=True):
            place = (each.alert.to, each.kind)
            if not outcome.code and each.told is not None:
                after[place] = each.told
            elif not outcome.code:
                del after[place]
        asked_for = {(alert.to, kind) for alert in addressees.alerts for kind in alert.on}
        kept = _kept(addressees, before, {place: told for place, told in after.items() if place in asked_for})
    return (*dict.fromkeys(outcome.sentence() for outcome in outcomes if outcome.code), *kept)


def try_addresses(
    addressees: Addressees, on: date, environment: Mapping[str, str], seconds: float = SECONDS
) -> tuple[Outcome, ...]:
    """Send a message that says it is a trial to every address."""
    return post([trial(addressees.plan, on, alert.to) for alert in addressees.alerts], environment, seconds)


def _told(
    addressees: Addressees, standing: Callable[[], Standing], environment: Mapping[str, str], seconds: float
) -> tuple[str, ...]:
    if not addressees.alerts:
        return ()
    try:
        return tell(addressees, standing(), addressees.alerts, environment, seconds)
    except Exception as failure:  # noqa: BLE001 - whatever it is: the files of the night matter more
        kind, place = kind_and_place(type(failure), failure.__traceback__)
        return (f"alerts: nobody could be told ({kind} in {place})",)


def _kept(addressees: Addressees, before: Memory, after: Memory) -> tuple[str, ...]:
    """Keep what was told; where there is no room or no right for it, that is one more thing to tell."""
    with suppress(OSError):
        if after != before:
            keep_memory(addressees.home, after)
        return ()
    entry = ALERT_CODES["Y06"]
    return (f"alerts: {entry.meaning} (Y06). {entry.remedy}",)
