"""Write a whole exchange: the plan's configuration, and what every partner's server shows night by night."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sample_data.business_days import business_days, month_start
from sample_data.cast import former_of, outcome_of, person_of
from sample_data.configuration import SAMPLE_PLAN, SamplePlan, exchange_toml
from sample_data.enrollment_834 import HCP_CODE, enrollment_file
from sample_data.inboxes import InboundFile, Inboxes
from sample_data.liaison import liaison_acts
from sample_data.providers import networks_csv, providers_csv
from sample_data.roster import Night, nights
from sample_data.sources import DHCS
from sample_data.stories import STORIES
from sample_data.story import Outcome

DEFAULT_START = date(2026, 10, 28)
_CLOSES_AFTER = 4
"""The day of the exchange that is the last one of the provider that closes."""


@dataclass(frozen=True)
class NamedPerson:
    """A person with a story.

    `cin` is `None` for somebody the 834 never names, and the one that counts in the end for somebody who had the
    `former_cin` before; `expect` is `None` when the exchange ends before the story.
    """

    key: str
    name: str
    cin: str | None
    former_cin: str | None
    story: str
    expect: Outcome | None


@dataclass(frozen=True)
class SampleExchange:
    """What was written: `out` holds it, `dates` are its business dates, `people` the named ones with their outcome."""

    out: Path
    dates: tuple[date, ...]
    people: tuple[NamedPerson, ...]

    def servers(self, day: date) -> Path:
        """Give the folder with what each partner's server shows before the run of `day`: one folder per user name."""
        return self.out / "days" / day.isoformat() / "sftp"

    def liaison_acts(self, day: date) -> Path:
        """Give the place of what the liaison does before the run of `day` (`sample_data.liaison`), if anything."""
        return self.out / "days" / day.isoformat() / "liaison_acts.csv"


def generate(
    out: Path,
    *,
    members: int = 2000,
    days: int = 8,
    seed: int = 1,
    start: date = DEFAULT_START,
    plan: SamplePlan = SAMPLE_PLAN,
    host: str = "127.0.0.1",
    port: int = 2222,
    proposals: bool = False,
    returns: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _days: None,
) -> SampleExchange:
    """Write an exchange of `members` people over `days` business days from `start` on into the folder `out`.

    The same arguments give the same bytes. The named people take part whatever `members` is; their stories are complete
    after eight days. `host` and `port` are where the partners' server listens. The configuration asks for `proposals`
    of members where it may: they need `splink`. It takes what providers return where it `returns`; what they do,
    `sample_data.returns.leave_returns` writes night by night from what they were sent. `progress` is told how many days
    are written, and how many there are.
    """
    if days < 1 or members < 1:
        raise ValueError("an exchange needs at least one day and one member")
    dates = business_days(start, days)
    exchange = SampleExchange(out, dates, tuple(_people(dates)))
    out.mkdir(parents=True, exist_ok=True)
    _write(
        out / "exchange.toml", exchange_toml(start, port, plan=plan, host=host, proposals=proposals, returns=returns)
    )
    _write(out / "providers.csv", providers_csv(members, port, business_days(start, _CLOSES_AFTER)[-1], host=host))
    _write(out / "networks.csv", networks_csv())
    _write(out / "story.json", json.dumps([asdict(p) for p in exchange.people], indent=1, default=str) + "\n")
    inboxes = Inboxes(members, seed, dates)
    control = 1
    for night in nights(dates, members, seed):
        enrollment = list(_enrollment(plan, night, control))
        control += len(enrollment)
        for file in (*enrollment, *inboxes.files(night)):
            folder = exchange.servers(night.day) / file.source.username / file.source.folder.strip("/")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file.name).write_bytes(file.content)
        if acts := liaison_acts(night.number, dates):
            _write(exchange.liaison_acts(night.day), acts)
        progress(night.number, days)
    return exchange


def canaries(exchange: SampleExchange) -> Iterable[str]:
    """Give the texts whose appearance outside the plan's home and its partners' folders is a leak.

    These are the CINs and surnames of the named people; surnames as lists, as the 834 and as who misspells them writes
    them.
    """
    for person in exchange.people:
        surname = person.name.rpartition(" ")[2]
        yield from filter(None, (person.cin, person.former_cin, surname, surname.upper()))
    for story in STORIES:
        yield from (notice.given["last_name"] for notice in story.notices if "last_name" in notice.given)


def _people(dates: tuple[date, ...]) -> Iterator[NamedPerson]:
    for story in STORIES:
        person = person_of(story)
        known = person.cin if story.enrollment else None
        name, former = f"{person.first} {person.last}", former_of(story) or None
        yield NamedPerson(story.key, name, known, former, story.story, outcome_of(story, dates))


def _enrollment(plan: SamplePlan, night: Night, control: int) -> Iterator[InboundFile]:
    told = [] if night.full is None else [("MO", month_start(night.day), night.full)]
    for place, (kind, file_date, statements) in enumerate([*told, ("DA", night.day, night.daily)]):
        stem = f"DHCS834-{kind}-{file_date:%Y%m%d}-{plan.id}-{HCP_CODE}-001"
        yield InboundFile(DHCS, f"{stem}.dat", enrollment_file(stem, file_date, control + place, statements))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
