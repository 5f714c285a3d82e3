"""The figures of a night as one HTML page that needs nothing else: style and plots inside, no script, nothing fetched.

The page's own policy (CSP) allows its one style sheet by hash, and nothing more.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.reporting.page.concerns import Stop, judge
from pipelines.reporting.page.figures import DAYS_AHEAD, DAYS_BACK, Came, GotOn, NightFigures, SentOn
from pipelines.reporting.page.plots import Layer, bars, spark, strip
from pipelines.work_lists import WORK_LISTS
from schemas.findings import CATALOGUE
from schemas.kinds import KINDS
from schemas.visible import visible

_HERE = Path(__file__).parent

MOST_PARTNERS = 40
"""Partners that a table names; the others, without trouble and with less, are told in one line."""


@dataclass(frozen=True)
class Tile:
    """One of the figures at the top."""

    title: str
    value: str
    says: str
    line: Markup
    is_bad: bool = False


@dataclass(frozen=True)
class Quality:
    """How one partner did over the last nights."""

    name: str
    about: str
    """What kind of files it sends, or the NPI of a provider."""
    nights: Callable[[], Markup]
    """Draws its strip, which is only asked for where it is shown."""
    numbers: tuple[str, ...]
    is_troubled: bool


def render_page(figures: NightFigures, plan: str, stop: Stop | None = None) -> bytes:
    """Write the page of a night. The same figures give the same bytes."""
    style = style_of_pages()
    verdict = judge(figures, stop)
    came = [each for each in figures.came if not _is_quiet(each)]
    if len(came) > MOST_PARTNERS:
        came.sort(key=lambda each: (not _is_troubled(each), not each.files, each.source))
    senders, receivers = _senders(figures), _receivers(figures)
    went = sorted(figures.went, key=lambda each: (not (each.owed or each.held), -_told(each), each.name, each.npi))
    page = page_templates(_HERE).get_template("night.html").render(
        plan=plan,
        style=Markup(style),  # noqa: S704 - a file of this folder
        policy=policy_of(style),
        figures=figures,
        on=figures.business_date,
        verdict=verdict,
        tiles=_tiles(figures),
        lists=[(WORK_LISTS[name], name, items) for name, items in figures.waiting.items() if items],
        came=came[:MOST_PARTNERS],
        came_besides=came[MOST_PARTNERS:],
        quiet=sum(1 for each in figures.came if _is_quiet(each)),
        kinds={name: kind.called for name, kind in KINDS.items()},
        codes=_codes(figures),
        went=went[:MOST_PARTNERS],
        went_besides=went[MOST_PARTNERS:],
        told=_told,
        clocks=figures.clocks,
        due_plot=_due_plot(figures),
        days_back=DAYS_BACK,
        days_ahead=DAYS_AHEAD,
        plots=_trends(figures),
        senders=senders[:MOST_PARTNERS],
        senders_besides=len(senders[MOST_PARTNERS:]),
        receivers=receivers[:MOST_PARTNERS],
        receivers_besides=len(receivers[MOST_PARTNERS:]),
        earlier=[each.night for each in reversed(figures.nights) if each.night < figures.business_date],
    )  # fmt: skip
    return page.encode("utf-8")


def render_notice(on: date, plan: str, attempt: int, earlier: date | None) -> bytes:
    """Write what stands in the place of the newest page while a night is at work, or after it was broken off."""
    style = style_of_pages()
    page = page_templates(_HERE).get_template("notice.html").render(
        plan=plan, style=Markup(style), policy=policy_of(style), on=on, attempt=attempt, earlier=earlier,  # noqa: S704
    )  # fmt: skip
    return page.encode("utf-8")


def policy_of(style: str) -> str:
    """What a browser may load for the page: its own style, known by its hash, and pictures that stand in it."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def style_of_pages() -> str:
    """Read the style sheet that all pages carry in themselves."""
    return (_HERE / "night.css").read_text(encoding="utf-8")


@cache
def page_templates(folder: Path) -> Environment:
    """Load the templates of a folder: what they are given is text, never markup, unless it says so."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    environment.filters |= {"number": lambda number: f"{number:,}", "day": long_day, "short": short_day, "share": share,
                            "typed": typed}  # fmt: skip
    return environment


def typed(text: str) -> Markup:
    """Set what stands between backticks as something to type."""
    parts = visible(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts)
    )


def long_day(day: date) -> str:
    """Write a day out, in English wherever this runs."""
    return f"{_WEEKDAYS[day.weekday()]}, {_MONTHS[day.month - 1]} {day.day}, {day.year}"


def short_day(day: date) -> str:
    """Write month and day as plots have room for them."""
    return f"{_MONTHS[day.month - 1][:3]} {day.day}"


def share(part: int, whole: int) -> str:
    """Say what share a part is of a whole."""
    return f"{100 * part / whole:.1f} %" if whole else "\N{EN DASH}"


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _tiles(figures: NightFigures) -> list[Tile]:
    nights, summary = figures.nights, figures.summary
    told = sum(map(_told, figures.went))
    reached, owed = sum(1 for w in figures.went if w.delivered), sum(1 for w in figures.went if w.owed)
    overdue, unassigned = figures.waiting["CLOCKS_OVERDUE"], figures.waiting["UNASSIGNED"]
    rejected = f"{share(summary.rows_rejected, summary.rows_in)} of rows" if summary.rows_in else "no rows came"
    still = f"{owed:,} still wait{'s' if owed == 1 else ''}"
    files = [n.accepted + n.with_errors + n.held + n.duplicates for n in nights]
    shares = [100 * n.rows_rejected / n.rows_in if n.rows_in else 0.0 for n in nights]
    people = [n.added + n.changed + n.ended for n in nights]
    backlog = [n.overdue for n in nights]
    return [
        Tile("Files received", f"{summary.files_in:,}", f"{summary.rows_in:,} rows", spark("s1", "Files", files),
             bool(summary.files_held)),
        Tile("Rows rejected", f"{summary.rows_rejected:,}", rejected,
             spark("s2", "Rejected share", shares)),
        Tile("Changes told to providers", f"{told:,}", "new, changed, ended", spark("s3", "Changes told", people)),
        Tile("Providers reached", f"{reached:,}", still if owed else "none waits", Markup(),
             bool(owed)),
        Tile("Clocks overdue", f"{overdue:,}", f"{figures.waiting['CLOCKS_TODAY']:,} more due today",
             spark("s4", "Overdue clocks", backlog)),
        Tile("People without a provider", f"{unassigned:,}", f"{summary.authorizations.get('ACTIVE', 0):,} authorized",
             Markup()),
    ]  # fmt: skip


def _told(went: Any) -> int:
    return int(went.added + went.changed + went.ended)


def _is_quiet(came: Came) -> bool:
    """Whether it is a provider that returned nothing this night, as nearly every one does on nearly every night."""
    return not came.files and came.kind in {"rtf", "otf"}


def _is_troubled(came: Came) -> bool:
    return bool(came.held or came.unanswered)


def _codes(figures: NightFigures) -> list[tuple[str, str]]:
    """The codes that the night's files carry, with their meaning."""
    codes = {code for each in figures.came for code, _ in each.codes}
    return [(code, CATALOGUE[code].meaning) for code in sorted(codes) if code in CATALOGUE]


def _due_plot(figures: NightFigures) -> Markup:
    days = figures.due_days
    layers = [
        Layer("in time", "c-good", [d.in_time for d in days]), Layer("late", "c-warn", [d.late for d in days]),
        Layer("not yet", "c-bad", [d.missed for d in days]), Layer("open", "c-open", [d.open for d in days]),
    ]  # fmt: skip
    labels = [short_day(d.day) for d in days]
    return bars("due", "Clocks by the day they fall due", labels, layers, now=DAYS_BACK)


def _trends(figures: NightFigures) -> list[tuple[str, list[tuple[str, str]], Markup]]:
    """The plots of the last nights: title, legend (class and name) and drawing."""
    nights = figures.nights
    labels = [short_day(n.night) for n in nights]
    shares = [round(100 * n.rows_rejected / n.rows_in, 2) if n.rows_in else 0.0 for n in nights]
    told: list[tuple[str, list[Layer], str]] = [
        ("Files received", [
            Layer("accepted", "c-good", [n.accepted for n in nights]),
            Layer("with errors", "c-warn", [n.with_errors for n in nights]),
            Layer("held", "c-bad", [n.held for n in nights]),
            Layer("duplicate", "c-open", [n.duplicates for n in nights]),
        ], ""),
        ("Rows rejected, share of all", [Layer("rejected", "c-warn", shares)], " %"),
        ("Changes told to providers", [
            Layer("new", "c-good", [n.added for n in nights]), Layer("changed", "c-open", [n.changed for n in nights]),
            Layer("ended", "c-warn", [n.ended for n in nights]),
        ], ""),
        ("People assigned", [
            Layer("known before release", "c-good", [n.in_time for n in nights]),
            Layer("late add", "c-warn", [n.late for n in nights]),
        ], ""),
        ("Clocks overdue at the end of the night", [Layer("overdue", "c-warn", [n.overdue for n in nights])], ""),
        ("Lines that the run told a person", [Layer("to look at", "c-warn", [n.problems for n in nights])], ""),
    ]  # fmt: skip
    return [
        (title, [(layer.style, layer.name) for layer in layers] if len(layers) > 1 else [],
         bars(f"t{number}", title, labels, layers, unit=unit))
        for number, (title, layers, unit) in enumerate(told, start=1)
    ]  # fmt: skip


def _senders(figures: NightFigures) -> list[Quality]:
    """Each source over the last nights, those in trouble first."""
    rows, labels = _by_partner((each.source, each) for each in figures.sent), _labels(figures)
    found = []
    for source, sent in rows.items():
        by_night = {each.night: each for each in sent}
        late, unreadable = _sum(sent, "late"), _sum(sent, "unreadable")
        held, unread = _sum(sent, "held"), sum(each.is_unread for each in sent)
        states = [_sent(by_night.get(each.night)) for each in figures.nights]
        numbers = (
            f"{_sum(sent, 'files'):,}", f"{_sum(sent, 'rows_in'):,}",
            share(_sum(sent, "rows_rejected"), _sum(sent, "rows_in")), f"{late:,}", f"{unreadable:,}",
            f"{held - unreadable:,}", f"{unread:,}",
        )  # fmt: skip
        kind = next((each.kind for each in sent if each.kind), "")
        name = figures.partner_name(source)
        plot = partial(strip, f"q-{source}", f"{name}, night by night", labels, states)
        found.append(Quality(name, KINDS[kind].called if kind in KINDS else kind, plot, numbers, bool(held + unread)))
    return sorted(found, key=lambda each: (not each.is_troubled, each.name, each.about))


def _receivers(figures: NightFigures) -> list[Quality]:
    """Each provider over the last nights, those in trouble first."""
    rows, labels = _by_partner((each.npi, each) for each in figures.got), _labels(figures)
    found = []
    for npi, got in rows.items():
        by_night = {each.night: each for each in got}
        in_time, late, owed, held = (_sum(got, name) for name in ("in_time", "late", "owed", "held"))
        numbers = (
            f"{_sum(got, 'rows'):,}", share(in_time, in_time + late + owed), f"{late:,}", f"{owed:,}", f"{held:,}",
        )  # fmt: skip
        states = [_got(by_night.get(each.night)) for each in figures.nights]
        name = figures.partner_name(npi)
        plot = partial(strip, f"q-{npi}", f"{name}, night by night", labels, states)
        found.append(Quality(name, npi, plot, numbers, bool(late + owed + held)))
    return sorted(found, key=lambda each: (not each.is_troubled, each.name, each.about))


def _sent(on: SentOn | None) -> tuple[str, float, str]:
    """How one night of a source looks in its strip: class, height and words."""
    if on is None:
        return "c-none", 0.1, "nothing"
    if on.is_unread:
        return "c-bad", 1, "could not be read"
    if on.held:
        return "c-bad", 1, "unreadable" if on.unreadable else "held"
    if on.late:
        return "c-warn", 0.8, "late"
    if on.rows_rejected:
        return "c-warn", 0.55, f"{share(on.rows_rejected, on.rows_in)} rejected"
    return "c-good", 0.55, "a duplicate" if on.duplicates == on.files else "accepted"


def _got(on: GotOn | None) -> tuple[str, float, str]:
    """How one night of a provider looks in its strip."""
    if on is None:
        return "c-none", 0.1, "nothing"
    if on.owed:
        return "c-bad", 1, "not delivered"
    if on.held:
        return "c-bad", 1, "rows held"
    if on.late:
        return "c-warn", 0.8, "delivered later"
    return "c-good", 0.55, "delivered"


def _labels(figures: NightFigures) -> list[str]:
    return [short_day(each.night) for each in figures.nights]


def _by_partner(rows: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for partner, row in rows:
        found.setdefault(partner, []).append(row)
    return found


def _sum(rows: Sequence[Any], name: str) -> int:
    return sum(int(getattr(row, name)) for row in rows)
