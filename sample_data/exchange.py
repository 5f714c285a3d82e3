"""Write a whole exchange: the plan's configuration, and what every partner's server shows night by night."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from sample_data.business_days import business_days, month_start
from sample_data.cast import outcome_of, person_of
from sample_data.configuration import PLAN_ID, exchange_toml
from sample_data.enrollment_834 import HCP_CODE, enrollment_file
from sample_data.inboxes import InboundFile, Inboxes
from sample_data.providers import npi_of, providers_csv
from sample_data.roster import Night, nights
from sample_data.sources import DHCS
from sample_data.stories import STORIES
from sample_data.story import Outcome

DEFAULT_START = date(2026, 10, 28)


@dataclass(frozen=True)
class NamedPerson:
    """A person with a story.

    `cin` is `None` for somebody the 834 never names; `expect` is `None` when the exchange ends before the story.
    """

    key: str
    name: str
    cin: str | None
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

    def liaison_decisions(self, day: date) -> Path:
        """Give the place of the liaison's decisions of `day`; most days have none."""
        return self.out / "days" / day.isoformat() / "liaison_decisions.csv"


def generate(
    out: Path,
    *,
    members: int = 2000,
    days: int = 8,
    seed: int = 1,
    start: date = DEFAULT_START,
    port: int = 2222,
) -> SampleExchange:
    """Write an exchange of `members` people over `days` business days from `start` on into the folder `out`.

    The same arguments give the same bytes. The named people take part whatever `members` is; their stories are complete
    after eight days. `port` is where the partners' server listens on 127.0.0.1.
    """
    if days < 1 or members < 1:
        raise ValueError("an exchange needs at least one day and one member")
    dates = business_days(start, days)
    exchange = SampleExchange(out, dates, tuple(_people(dates)))
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "exchange.toml", exchange_toml(start, port))
    _write(out / "providers.csv", providers_csv(members, port))
    _write(out / "story.json", json.dumps([asdict(p) for p in exchange.people], indent=1, default=str) + "\n")
    inboxes = Inboxes(members, seed, dates[0])
    control = 1
    for night in nights(dates, members, seed):
        enrollment = list(_enrollment(night, control))
        control += len(enrollment)
        for file in (*enrollment, *inboxes.files(night)):
            folder = exchange.servers(night.day) / file.source.username / file.source.folder.strip("/")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file.name).write_bytes(file.content)
        if decided := _decisions(night.number):
            _write(exchange.liaison_decisions(night.day), decided)
    return exchange


def canaries(exchange: SampleExchange) -> Iterable[str]:
    """Give the texts whose appearance outside the plan's home and its partners' folders is a leak.

    These are the CINs and surnames of the named people; surnames both as lists and as the 834 write them.
    """
    for person in exchange.people:
        surname = person.name.rpartition(" ")[2]
        yield from filter(None, (person.cin, surname, surname.upper()))


def _people(dates: tuple[date, ...]) -> Iterator[NamedPerson]:
    for story in STORIES:
        person = person_of(story)
        known = person.cin if story.enrollment else None
        yield NamedPerson(story.key, f"{person.first} {person.last}", known, story.story, outcome_of(story, dates))


def _enrollment(night: Night, control: int) -> Iterator[InboundFile]:
    told = [] if night.full is None else [("MO", month_start(night.day), night.full)]
    for place, (kind, file_date, statements) in enumerate([*told, ("DA", night.day, night.daily)]):
        stem = f"DHCS834-{kind}-{file_date:%Y%m%d}-{PLAN_ID}-{HCP_CODE}-001"
        yield InboundFile(DHCS, f"{stem}.dat", enrollment_file(stem, file_date, control + place, statements))


def _decisions(number: int) -> str:
    """Write the liaison's decisions of the day `number`; nothing when there are none."""
    rows = [
        (person_of(story).cin, npi_of(decision.key), decision.reason, "ji_liaison")
        for story in STORIES
        for decision in story.decisions
        if decision.day == number
    ]
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([("cin", "npi", "reason", "decided_by"), *rows])
    return text.getvalue() if rows else ""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
