"""What each partner sends night by night: the rows of the stories, some of the many, some that are wrong, or nothing.

Quiet days differ: some partners send nothing, some a list that is a header alone. Every few days a list holds a row
with an unknown code, blank names, a placeholder for a CIN, two CINs in a cell or a stray delimiter; once, on day 5, the
list of day 2 comes again under a second name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from sample_data.business_days import month_start
from sample_data.care_plan_receipts import receipt_file, receipt_row
from sample_data.cast import entry_place, person_of
from sample_data.facilities import JAILS
from sample_data.identifiers import dice
from sample_data.mif import mif_file, mif_row, without_cin
from sample_data.people import ACTIVE, FIRST_BACKGROUND_NUMBER, HOLD, Member, Person
from sample_data.referrals import referral_file, referral_id, referral_row
from sample_data.release_notices import notice_file, notice_id, notice_row
from sample_data.roster import Night
from sample_data.sources import COMMUNITY, DELEGATE, JAIL, PRISON, PROBATION, RECEIPTS, Source
from sample_data.stories import STORIES
from sample_data.story import Notice, Receipt, Referral
from sample_data.tabular import Cell, Row

_RESENT, _AGAIN_ON = 2, 5
_MIF_PROVIDERS = ("fresno_bridge", "fresno_all", "two_counties")


class InboundFile(NamedTuple):
    """A file that stands on a partner's server before the nightly run."""

    source: Source
    name: str
    content: bytes


def _sends(source: Source, number: int) -> str:
    """Tell what a source sends on the day `number`: `rows`, `header` or nothing."""
    quiet, header_only = {
        PROBATION: (number % 7 == 4, number % 6 == 0),
        COMMUNITY: (number % 3 == 1, False),
        PRISON: (number % 3 != 2, False),
        JAIL: (number % 8 == 1, number % 5 == 0),
    }[source]
    return "" if quiet else "header" if header_only else "rows"


def _wrong(source: Source, number: int, person: Person) -> dict[str, Cell]:
    """Say what is wrong in the bad row of a list, as columns with what stands in them; nothing on most days."""
    if source is PROBATION and number % 6 == 2:
        return {"referral_source_type": "PAROLE OFFICE"}
    if source is PROBATION and number % 6 == 5:
        return {"cin": "", "first_name": "", "last_name": ""}
    if source is COMMUNITY and number % 6 == 3:
        return {"cin": "999999999"}
    if source is PRISON and number % 6 == 5:
        return {"cin": f"{person.cin}; {person.cin[:7]}9B"}
    return {}


class Inboxes:
    """The partners other than DHCS; they remember whom they have spoken of."""

    def __init__(self, members: int, seed: int, dates: Sequence[date]) -> None:
        self._dates = dates
        self._first_day = dates[0]
        self._seed = seed
        self._rows = 4 + members // 10_000
        self._spoken_of: set[str] = set()
        self._delegated: list[tuple[Person, str]] = []
        self._resend: InboundFile | None = None

    def files(self, night: Night) -> Iterator[InboundFile]:
        """Write what stands on the partners' servers, the DHCS files apart."""
        others = [member for member in night.roster.values() if member.person.number >= FIRST_BACKGROUND_NUMBER]
        rng = dice(self._seed, "inboxes", night.day)
        if night.full is not None:
            yield self._mif(night, others, rng)
        for source in (PROBATION, COMMUNITY, PRISON):
            if sent := _sends(source, night.number):
                file = self._referrals(source, night, [] if sent == "header" else others, rng)
                yield file
                if source is PROBATION and night.number == _RESENT:
                    self._resend = file._replace(name=PROBATION.file_name(night.day, "_RESEND"))
        if self._resend and night.number == _AGAIN_ON:
            yield self._resend
        if sent := _sends(JAIL, night.number):
            rows = [] if sent == "header" else self._notices(night, others, rng)
            yield InboundFile(JAIL, JAIL.file_name(night.day), notice_file(rows))
        if receipts := self._receipts(night):
            yield InboundFile(RECEIPTS, RECEIPTS.file_name(night.day), receipt_file(receipts))

    def _referrals(self, source: Source, night: Night, others: Sequence[Member], rng: Random) -> InboundFile:
        told = [
            (person_of(story), referral)
            for story in STORIES
            for referral in story.referrals
            if referral.source == source.name and referral.day == night.number
        ]
        told += [
            (person, Referral(night.number, source.name, released=rng.randrange(1, 20)))
            for person in self._choose(others, self._rows, rng)
        ]
        for person in self._choose(others, 1, rng):
            given = _wrong(source, night.number, person)
            told += [(person, Referral(night.number, source.name, released=2, given=given))] if given else []
        rows = [
            row
            for place, (person, referral) in enumerate(told, start=1)
            for row in [self._referral(source, night, place, person, referral)] * referral.copies
        ]
        ragged = len(rows) - 1 if source is COMMUNITY and night.number % 6 == 0 else None
        return InboundFile(source, source.file_name(night.day), referral_file(source, night.day, rows, ragged))

    def _referral(
        self, source: Source, night: Night, place: int, person: Person, referral: Referral
    ) -> dict[str, Cell]:
        row = referral_row(source, night.day, place, person, referral)
        if person.number < FIRST_BACKGROUND_NUMBER:
            row["referral_id"] = referral_id(source, self._first_told(referral), entry_place(person))
        return row

    def _receipts(self, night: Night) -> list[Row]:
        told = [(person_of(story), each) for story in STORIES for each in story.receipts if each.day == night.number]
        return [
            receipt_row(self._first_told(receipt), night.day, entry_place(person), person, receipt)
            for person, receipt in told
        ]

    def _first_told(self, entry: Referral | Notice | Receipt) -> date:
        return self._dates[(entry.first_told or entry.day) - 1]

    def _mif(self, night: Night, others: Sequence[Member], rng: Random) -> InboundFile:
        if not self._delegated:
            self._delegated = [
                *((person_of(story), story.mif_provider) for story in STORIES if story.mif_provider),
                *((person, rng.choice(_MIF_PROVIDERS)) for person in self._choose(others, self._rows * 3, rng)),
            ]
        file_date = month_start(night.day)
        since = month_start(self._first_day, 3)
        rows = [
            mif_row(file_date, person, provider, "CONTINUING" if person.cin in night.roster else "TERMED", since)
            for person, provider in self._delegated
        ]
        blank = [mif_row(file_date, person, "fresno_all", "NEW", since) for person in self._choose(others, 1, rng)]
        return InboundFile(
            DELEGATE, DELEGATE.file_name(file_date), mif_file(file_date, [*rows, *map(without_cin, blank)])
        )

    def _choose(self, others: Sequence[Member], how_many: int, rng: Random) -> list[Person]:
        """Pick covered adults without the indicator, nobody twice as long as there are enough."""
        adult = range(self._first_day.year - 70, self._first_day.year - 18)
        covered = (member for member in others if member.now.status in ACTIVE and not member.now.ji)
        pool = [member.person for member in covered if member.person.born.year in adult]
        fresh = [person for person in pool if person.cin not in self._spoken_of]
        pool = fresh if len(fresh) >= how_many else pool
        chosen = rng.sample(pool, min(how_many, len(pool)))
        self._spoken_of.update(person.cin for person in chosen)
        return chosen

    def _notices(self, night: Night, others: Sequence[Member], rng: Random) -> list[Row]:
        told = [(person_of(story), each) for story in STORIES for each in story.notices if each.day == night.number]
        inside = [m.person for m in others if m.now.ji and m.now.status in HOLD and m.person.home.county in JAILS]
        for person in rng.sample(inside, min(len(inside), 1 + len(others) // 10_000)):
            expected = Notice(night.number, expected=rng.randrange(5, 60), county=person.home.county)
            told.append((person, expected))
        for member, _ in night.daily:
            if member.person.number >= FIRST_BACKGROUND_NUMBER and _comes_out(member) and rng.random() < 0.5:
                told.append((member.person, Notice(night.number, released=1, county=member.person.home.county)))
        return [self._notice(night, place, *who) for place, who in enumerate(told, start=1)]

    def _notice(self, night: Night, place: int, person: Person, notice: Notice) -> Row:
        row = notice_row(night.day, place, person, notice)
        if person.number < FIRST_BACKGROUND_NUMBER:
            row["notice_id"] = notice_id(self._first_told(notice), entry_place(person))
        return row


def _comes_out(member: Member) -> bool:
    return member.now.ji and member.now.status in ACTIVE and any(past.status in HOLD for past in member.months[1:2])
