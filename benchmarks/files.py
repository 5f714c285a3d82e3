"""The files that are read: a DHCS monthly full of any number of members, and the daily file of about 1 % of them.

The people are those of `sample_data`, so that the files differ from member to member as theirs do: optional segments,
mailing addresses, reporting categories, members on Medicare; here also one to four benefit months, some of them told
again in retrospect. The same number of members always gives the same bytes.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from sample_data.enrollment_834 import enrollment_file
from sample_data.identifiers import dice
from sample_data.people import FIRST_BACKGROUND_NUMBER, Member, Month, Statement
from sample_data.population import background, changes

FULL = "DHCS834-MO-20261101-SHP-010-001.dat"
DAILY = "DHCS834-DA-20261103-SHP-010-001.dat"
FULL_DATE, DAILY_DATE = date(2026, 11, 1), date(2026, 11, 3)
FULL_NIGHT, DAILY_NIGHT = date(2026, 11, 2), date(2026, 11, 3)
"""The business dates on which the plan receives them."""

_SEED = 1
_PIECE = 10_000
"""Members written at a time, so that a million of them need little memory."""
_MONTHS_TOLD = (1, 1, 1, 2, 1, 1, 3, 2, 1, 4)
_RETRO_EVERY = 11


def roster(members: int) -> Iterator[Member]:
    """Invent the members; one in eleven was not covered last month, which the file tells of a third of them."""
    numbers = range(FIRST_BACKGROUND_NUMBER, FIRST_BACKGROUND_NUMBER + members)
    for member in background(dice(_SEED, "benchmark"), numbers, FULL_DATE):
        retro = member.person.number % _RETRO_EVERY == 0
        yield member.with_month(Month("59", member.now.ji), back=1) if retro else member


def write_full(folder: Path, members: int) -> None:
    """Write the monthly full of this many members."""
    told = (Statement(member, _MONTHS_TOLD[member.person.number % len(_MONTHS_TOLD)]) for member in roster(members))
    write_834(folder / FULL, FULL_DATE, 1, members, told)


def write_daily(folder: Path, members: int) -> None:
    """Write the changes of a day to the roster of this many members."""
    first_new = FIRST_BACKGROUND_NUMBER + members
    told = changes(dice(_SEED, "benchmark changes"), list(roster(members)), first_new, DAILY_DATE)
    write_834(folder / DAILY, DAILY_DATE, 2, len(told), told)


def write_834(path: Path, file_date: date, control: int, total: int, statements: Iterable[Statement]) -> None:
    """Write one interchange piece by piece; `total` is the number of statements.

    The file appears under its name only when it is whole.
    """
    unfinished = path.with_suffix(".unfinished")
    remaining = iter(statements)
    segments = 0
    text = b""
    with unfinished.open("wb") as out:
        while piece := list(islice(remaining, _PIECE)):
            text = enrollment_file(path.stem, file_date, control, piece)
            begin, end = text.index(b"~INS*") + 1, text.rindex(b"~SE*") + 1
            if not segments:
                head = text[:begin].replace(b"QTY*TO*%d~" % len(piece), b"QTY*TO*%d~" % total)
                out.write(head)
                segments = head[head.index(b"~ST*") + 1 :].count(b"~")
            out.write(text[begin:end])
            segments += text.count(b"~", begin, end)
        out.write(re.sub(rb"^SE\*[0-9]+", b"SE*%d" % (segments + 1), text[end:]))
    unfinished.replace(path)


def main() -> None:
    """Write what is asked for into a folder: `python -m benchmarks.files FOLDER MEMBERS {full,daily}`."""
    parser = argparse.ArgumentParser(description="Write an invented DHCS 834.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("members", type=int)
    parser.add_argument("kind", choices=("full", "daily"))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    {"full": write_full, "daily": write_daily}[asked.kind](asked.folder, asked.members)


if __name__ == "__main__":
    main()
