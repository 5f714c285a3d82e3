"""Hold the members of an 834 to the guide: what breaks it is quarantined, or told, as the source says."""

from __future__ import annotations

import pandas as pd

from parsers.x12.conformance import Examined, FileJudge
from parsers.x12.conformance.deviations import deviations
from parsers.x12.control import ENVELOPE
from parsers.x12.interchanges import Interchange, InterchangeRecorder
from parsers.x12.reader import EnrollmentChunk
from parsers.x12.text import elements
from pipelines.config import ExchangeConfig
from schemas.findings import findings

_TOLERATED = ("ELE:6",)
"""A character outside of the guide's set, as in a name with an accent, or a blank at a value's end."""


NO_FINDINGS = findings()
"""Shared by all that find nothing, which is nearly always so."""

_ALL_KEPT = 100_000
"""Deviations of a file; of what comes beyond, the first one of each member is kept."""


class GuideCheck:
    """What is found in a file while its chunks are read; `read_834` must have been given `conformance.examine`."""

    def __init__(self, config: ExchangeConfig, source: str) -> None:
        self._quarantine = all(each.nonconforming == "quarantine" for each in config.sources if each.name == source)
        self._judge = FileJudge()
        self._recorder = InterchangeRecorder()
        self._segments = 0
        self._kept = 0
        self._found: list[pd.DataFrame] = []

    def take(self, chunk: EnrollmentChunk) -> pd.DataFrame:
        """Take the next chunk and return the findings on its members."""
        for before, examined in chunk.examined:
            self._record(before, examined)
        parts = [self._judge.take(before, each) for before, each in chunk.examined]
        some = [part for part in parts if len(part)]
        if not some:
            return NO_FINDINGS
        found = pd.concat(some)
        self._kept += len(found)
        self._found.append(found if self._kept <= _ALL_KEPT else found[~found.index.duplicated()])
        return guide_findings(found, chunk.members["segment_no"], quarantine=self._quarantine)

    def end(self) -> None:
        """Take the end of the file."""
        self._found.append(self._judge.end())

    def interchanges(self) -> tuple[Interchange, ...]:
        """Return what the envelopes of the file say, when it has ended."""
        return self._recorder.interchanges(self._segments)

    def _record(self, before: int, examined: Examined) -> None:
        for number, text, segments in examined.outside:
            segment = elements(text, examined.delimiters.element)
            if segment[0] in ENVELOPE:
                self._recorder.take(segment[0], segment, before + number, examined.delimiters)
            self._segments = before + number + segments - 1

    @property
    def deviations(self) -> pd.DataFrame:
        """All that was found so far, of members and envelope (`parsers.x12.conformance.deviations`)."""
        return pd.concat([deviations([]), *self._found], ignore_index=True)


def guide_findings(found: pd.DataFrame, places: pd.Series[int], *, quarantine: bool) -> pd.DataFrame:
    """Return a finding for each deviation: R18 if it quarantines the member, W09 if it is only told.

    The index of `found` is the place of a member's INS; `places` gives those by `member_no`.
    """
    member_no = pd.Series(places.index, index=places).loc[found.index]
    return named(found.set_axis(pd.Index(member_no)), quarantine=quarantine).drop_duplicates(ignore_index=True)


def named(found: pd.DataFrame, *, quarantine: bool = True) -> pd.DataFrame:
    """Write deviations as findings on the rows that their index names.

    The column of a finding is the place in the guide and the code that X12 has for it: `2100A DMG02 ELE:8`.
    """
    told = found["code"].isin(_TOLERATED) | (not quarantine)
    place = found["loop"] + " " + found["segment_id"] + found["element"] + " " + found["code"]
    some = [
        findings(found.index[rows], code=code).assign(column=place[rows].str.strip().to_numpy())
        for code, rows in (("R18", ~told), ("W09", told))
    ]
    return pd.concat(some, ignore_index=True).astype({"column": "str"})
