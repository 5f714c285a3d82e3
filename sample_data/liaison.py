"""What the plan's JI liaison does: a CSV of acts a day, for whoever follows them as the commands would."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO

from sample_data.cast import entry_place, former_of, person_of
from sample_data.providers import npi_of
from sample_data.release_notices import notice_id
from sample_data.sources import JAIL
from sample_data.stories import STORIES
from sample_data.story import Accept, Act, Decision, Merge, Record, Story

COLUMNS = ("act", "cin", "npi", "kind", "other_cin", "source", "key", "on", "reason", "by")
"""`act` is ASSIGN (cin, npi), RECORD (cin, kind, the day `on` which it happened), MERGE (cin counts as `other_cin` from
now on) or ACCEPT (the row `key` of `source` speaks of cin)."""

_BY = "ji_liaison"


def liaison_acts(number: int, dates: Sequence[date]) -> str:
    """Write the acts before the night of the day `number`; nothing when there are none."""
    rows = [_row(story, act, dates) for story in STORIES for act in story.acts if act.day == number]
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue() if rows else ""


def _row(story: Story, act: Act, dates: Sequence[date]) -> dict[str, str]:
    return dict(_cells(story, act, dates))


def _cells(story: Story, act: Act, dates: Sequence[date]) -> Iterator[tuple[str, str]]:
    person = person_of(story)
    match act:
        case Decision():
            yield from (("act", "ASSIGN"), ("cin", person.cin), ("npi", npi_of(act.key)))
        case Record():
            yield from (("act", "RECORD"), ("cin", person.cin), ("kind", act.kind))
            yield "on", dates[act.happened - 1].isoformat()
        case Merge():
            yield from (("act", "MERGE"), ("cin", former_of(story)), ("other_cin", person.cin))
        case Accept():
            yield from (("act", "ACCEPT"), ("cin", person.cin), ("source", JAIL.name))
            yield "key", notice_id(dates[act.told - 1], entry_place(person))
    yield from (("reason", act.reason), ("by", _BY))
