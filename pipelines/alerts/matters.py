"""What stands of each kind that somebody is told of, after a night or at a stop: the page's matters and a few beside.

Whatever is said here may leave the plan: partners are counted, not named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.alerts.codes import ALERT_CODES
from pipelines.config.alerts import Kind
from pipelines.reporting.page import Matter, NightFigures, Stop, Theme, command_in, judge, undelivered


@dataclass(frozen=True)
class Standing:
    """What stands, by kind; of a kind that is not named nothing is known, so that it is neither told nor over."""

    plan: str
    """Id of the plan."""
    on: date
    page: Path
    """Where the page of the night lies, for whoever is told."""
    kinds: Mapping[Kind, tuple[Matter, ...]]
    headline: str = ""
    """How the night is, in a sentence."""
    says: str = ""
    """What came of it, in a sentence."""

    @property
    def is_right(self) -> bool:
        """Whether nothing of it needs a person."""
        return not any(self.kinds.values())


def after_night(plan: str, figures: NightFigures, page: Path, beside: Iterable[Matter] = ()) -> Standing:
    """Tell what stands after a night, from the figures of its page."""
    if not figures.is_finished:  # what was owed was sent, of a night that did not come to its end
        owed = tuple(undelivered(figures.owed, figures.business_date))
        return Standing(plan, figures.business_date, page, {"undelivered": owed})
    verdict = judge(figures, by_name=False)
    owed = tuple(each for each in verdict.matters if each.theme is Theme.UNDELIVERED)
    others = tuple(each for each in verdict.matters if each.theme is not Theme.UNDELIVERED)
    kinds: dict[Kind, tuple[Matter, ...]] = {
        "stopped": (),
        "missed": (),
        "undelivered": owed,
        "needs_person": (*others, *_still_held(figures), *beside),
    }
    many = sum(map(len, kinds.values()))
    headline = f"{many} matter{'s need' if many > 1 else ' needs'} a person." if many else "Nothing needs mending."
    return Standing(plan, figures.business_date, page, kinds, headline, verdict.says)


def at_stop(plan: str, on: date, page: Path, stop: Stop) -> Standing:
    """Tell what stopped a night at a station, or kept it from beginning where no station is named."""
    if stop.station:
        headline, says = (
            f'It stopped at "{stop.station}".',
            "What was done before it is kept. Nothing after it was done.",
        )
    else:
        headline, says = "It did not begin.", "Nothing was received and nothing was sent."
    what, remedy = f"{_sentence(stop.what)} ({stop.code}).", f"{_sentence(stop.remedy)}." if stop.remedy else ""
    command = command_in(stop.remedy) or (f"ecm-exchange run --date {on}" if stop.station else "")
    matter = Matter(what, remedy, command, Theme.STOP, stop.code, (stop.station,))
    return Standing(plan, on, page, {"stopped": (matter,)}, headline, says)


def from_outside(plan: str, on: date, page: Path, code: str, owed: tuple[Matter, ...] | None) -> Standing:
    """Tell of a night that is not there by its hour (`code`), or is; and what is owed, where that is known."""
    kinds: dict[Kind, tuple[Matter, ...]] = {"missed": (_missed(on, code),) if code else ()}
    if owed is not None:
        kinds["undelivered"] = owed
    return Standing(plan, on, page, kinds, says=_UNTOLD if code else "")


def things_of(standing: Standing, kind: Kind) -> dict[str, int]:
    """Return what stands of a kind, each by a name under which it is known again, with its number where it has one."""
    return {name: number for matter in standing.kinds[kind] for name, number in named(matter, standing.on).items()}


def named(matter: Matter, on: date) -> dict[str, int]:
    """Name what a matter is about.

    A file or a partner that waits is the same thing for whatever reason it waits; a stop is another one each night, and
    so is a night that is missed, whatever became of it meanwhile.
    """
    if matter.theme in {Theme.UNDELIVERED, Theme.HELD_FILES}:
        return {f"{matter.theme}: {each}": 0 for each in matter.about}
    if matter.theme is Theme.MISSED:
        return {f"{matter.theme}: {on}": 0}
    if matter.theme is Theme.STOP:
        return {f"{matter.theme}: {on} {' '.join((*matter.about, matter.code))}": 0}
    return {f"{matter.theme} {matter.code}: {each}": matter.number for each in matter.about or ("",)}


_UNTOLD = "Providers may begin the day without knowing who is new for them."


def _missed(on: date, code: str) -> Matter:
    entry = ALERT_CODES[code]
    what = f"{_sentence(entry.meaning)} ({code})."
    return Matter(what, entry.remedy, f"ecm-exchange run --date {on}", Theme.MISSED, code)


def _still_held(figures: NightFigures) -> tuple[Matter, ...]:
    if not (held := figures.still_held):
        return ()
    many = len(held) > 1
    what = f"{len(held)} file{'s' if many else ''} of earlier nights {'are' if many else 'is'} held still."
    do = "Let the sender send again, or release what is right; docs/held.md says of each check what to do."
    return (Matter(what, do, "ecm-exchange quarantine list", Theme.HELD_FILES, about=held),)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}"
