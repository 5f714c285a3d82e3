"""What stands in the partners' folders before each night: the 834s, referrals, release notices and MIFs of its day."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.files import write_834
from benchmarks.simulation.history import Day, History
from benchmarks.simulation.plan import START
from sample_data.business_days import business_days, month_start
from sample_data.identifiers import npi
from sample_data.mif import mif_file, mif_row
from sample_data.people import Person, Statement
from sample_data.referrals import referral_file, referral_row
from sample_data.release_notices import notice_file, notice_row
from sample_data.sources import COMMUNITY, DELEGATE, DHCS, JAIL, PRISON, PROBATION, Source
from sample_data.story import Notice, Referral
from sample_data.tabular import Cell

_REFERRED = 0.00004
"""Share of the members that each list of referrals speaks of, half of them flagged by nobody else."""
_DELEGATED = 0.0005
_RESENT_EVERY, _WRONG_EVERY = 10, 3
"""Nights between lists that come again under a second name, and between rows with an unknown code."""
_PRISON_WRITES = 1  # on Tuesdays

Row = dict[str, Cell]


class Inboxes:
    """The partners; they remember what they wrote the night before."""

    def __init__(self, folder: Path, members: int, providers: int, nights: int, seed: int) -> None:
        self._folder = folder
        self._providers = providers
        self._history = History(members, nights, seed)
        self._rows = max(2, int(members * _REFERRED))
        delegated = self._history.some_covered(max(2, int(members * _DELEGATED)))
        self._delegated = [self._person(place) for place in delegated]
        self._corrected: list[Row] = []
        self._control = 0

    def write(self, number: int, on: date, *, full: bool) -> None:
        """Write what is new for the night `number`, counted from 1."""
        place = self._folder / on.isoformat()
        if full:
            month = month_start(on)
            self._write_834(place, "MO", month, self._history.on_the_plan, self._history.full())
            rows: list[Mapping[str, Cell]] = [
                self._mif_row(month, who, person) for who, person in enumerate(self._delegated)
            ]
            _put(place, DELEGATE, DELEGATE.file_name(month), mif_file(month, rows))
        day = self._history.day()
        self._write_834(place, "DA", on, len(day.months_told), self._history.statements(day))
        lists = (PROBATION, COMMUNITY, PRISON) if on.weekday() == _PRISON_WRITES else (PROBATION, COMMUNITY)
        for source in lists:
            content = self._referrals(source, number, on)
            _put(place, source, source.file_name(on), content)
            if source is PROBATION and number % _RESENT_EVERY == 0:
                _put(place, source, source.file_name(on, "_RESEND"), content)
        _put(place, JAIL, JAIL.file_name(on), notice_file([*self._notices(on, day)]))

    def _write_834(self, place: Path, kind: str, file_date: date, members: int, told: Iterable[Statement]) -> None:
        self._control += 1
        name = f"DHCS834-{kind}-{file_date:%Y%m%d}-SHP-010-001.dat"
        write_834(_place(place, DHCS) / name, file_date, self._control, members, told)

    def _referrals(self, source: Source, number: int, on: date) -> bytes:
        half = self._rows // 2
        told = [(place, Referral(number, source.name, released=3)) for place in self._history.some_covered(half)]
        told += [(place, Referral(number, source.name, expected=20)) for place in self._history.some_inside(half)]
        rows = list[Row]()
        for entry, (place, referral) in enumerate(told, start=1):
            row = referral_row(source, on, entry, self._person(place), referral)
            if source is COMMUNITY:
                row["preferred_ecm_provider_npi"] = self._provider(entry + number)
            rows.append(row)
        if source is PROBATION:
            rows, self._corrected = [*rows, *self._corrected], [row | {"record_action": "CHANGE"} for row in rows[:1]]
            if number % _WRONG_EVERY == 0:
                rows.append(rows[0] | {"referral_id": f"WRONG-{number}", "referral_source_type": "PAROLE OFFICE"})
        return referral_file(source, on, rows, None)

    def _notices(self, on: date, day: Day) -> Iterator[Row]:
        told = [(place, Notice(0, released=1)) for place in day.released[::2]]
        told += [(place, Notice(0, expected=30)) for place in self._history.some_inside(self._rows)]
        for entry, (place, notice) in enumerate(told, start=1):
            person = self._person(place)
            yield notice_row(on, entry, person, replace(notice, county=person.home.county))

    def _mif_row(self, month: date, who: int, person: Person) -> Row:
        row = mif_row(month, person, "fresno_bridge", "CONTINUING", month_start(START, 3))
        return row | {"ecm_provider_npi": self._provider(who)}

    def _person(self, place: int | np.int64) -> Person:
        return self._history.member(int(place)).person

    def _provider(self, who: int) -> str:
        return npi(1 + who % self._providers)


def _place(place: Path, source: Source) -> Path:
    folder = place / source.username / source.folder.strip("/")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _put(place: Path, source: Source, name: str, content: bytes) -> None:
    (_place(place, source) / name).write_bytes(content)


def write_inboxes(folder: Path, members: int, providers: int, nights: int, seed: int) -> None:
    """Write what each night finds new, below `folder / date / account`; a full 834 and a MIF when a month begins."""
    inboxes = Inboxes(folder, members, providers, nights, seed)
    told = date.min
    for number, on in enumerate(business_days(START, nights), start=1):
        inboxes.write(number, on, full=month_start(on) > told)
        told = month_start(on)


def main() -> None:
    """Write what is asked for."""
    parser = argparse.ArgumentParser(description="Write what the partners of a plan send, night by night.")
    parser.add_argument("folder", type=Path)
    for name in ("members", "providers", "nights", "seed"):
        parser.add_argument(name, type=int)
    asked = parser.parse_args()
    write_inboxes(asked.folder, asked.members, asked.providers, asked.nights, asked.seed)


if __name__ == "__main__":
    main()
