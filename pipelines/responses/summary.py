"""The answer to a file as a whole: what became of it, what was said of it, and what its sender does now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.config import Source
from pipelines.intake.file_names import undated
from pipelines.responses.found import FILE, Found, Words
from pipelines.transfer.answers import is_meant
from schemas.findings import CATALOGUE, Severity

_STATUS = {
    "ACCEPTED": "ACCEPTED",
    "ACCEPTED_WITH_ERRORS": "ACCEPTED_WITH_ERRORS",
    "DUPLICATE": "DUPLICATE",
    "HELD": "REJECTED",
}

_SENDERS_REMEDY = {
    "F08": "Send it again under a name with the day that it speaks of, or ask the plan to let it through.",
    "F14": "Correct its rows, or ask the plan to let it through if they are right.",
}
"""Where the catalogue speaks to the plan."""


@dataclass(frozen=True)
class Verdict:
    """What became of one file.

    Attributes
    ----------
    file
        Its row of `ledger.files`.
    source
        Where it came from.
    found
        All that was found in it.
    rows_warned
        How many of its rows were taken with a warning, or would be if the file were.
    rows_file
        Name of the file with its rows that goes with this answer; empty where there is none.
    words
        How findings are told to this sender.
    corrects
        Names of earlier files, and how many of their rows this one corrects.
    """

    file: Any
    source: Source
    found: Iterable[Found]
    rows_warned: int
    rows_file: str
    words: Words
    corrects: Sequence[tuple[str, int]]

    def as_json(self) -> bytes:
        """Write the answer."""
        file, reason = self.file, CATALOGUE.get(self.file.reason)
        told = {
            "file_id": file.file_id,
            "file_name": file.name,
            "received_on": f"{file.business_date:%Y-%m-%d}",
            "layout": Path(file.layout).stem,  # a plan's own one is known by its path, which is nobody else's business
            "status": "STALE" if file.reason == "F08" else _STATUS[file.status],
            "rows_read": file.rows_in,
            "rows_accepted": file.rows_loaded,
            "rows_rejected": file.rows_rejected,
            "rows_duplicate": file.rows_duplicate,
            "rows_warned": self.rows_warned,
            "corrects": [{"file_name": name, "rows": rows} for name, rows in self.corrects],
            "reason": None
            if reason is None
            else {"code": reason.code, "text": reason.meaning, "remedy": reason.remedy},
            "detail": file.detail,
            "warnings": [
                {"code": each.code, "column": each.column, "text": self.words.sentence(each)}
                for each in self.found
                if each.row == FILE and each.severity == Severity.WARN
            ],
            "what_to_do": self._what_to_do(),
            "send_back": self._send_back(),
        }
        return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()

    def _what_to_do(self) -> str:
        file = self.file
        if file.status == "HELD":
            remedy = _SENDERS_REMEDY.get(file.reason, CATALOGUE[file.reason].remedy)
            rows = f" {self.rows_file} has its rows, with what was found in them." if self.rows_file else ""
            return f"Nothing of the file was taken. {remedy}{rows}"
        if file.status == "DUPLICATE":
            return CATALOGUE[file.reason].remedy
        if any(each.code == "W07" for each in self.found):
            rows = self._with_the_rows() or "Every row that was read was taken."
            return f"A sheet with data was not read: see the warnings. {CATALOGUE['W07'].remedy} {rows}"
        nothing = CATALOGUE["F10"].remedy if file.reason == "F10" else "Nothing: every row was taken."
        return self._with_the_rows() or nothing

    def _with_the_rows(self) -> str:
        """Say what is to be done with the rows that were read; nothing where all were taken as they are."""
        file = self.file
        if file.rows_rejected:
            return (
                f"Rows that were not taken: {file.rows_rejected}. Correct them in {self.rows_file}, where error_text "
                "says how, and put that file into the folder again. Rows that were taken may stay in it or be deleted."
            )
        if self.rows_warned:
            return f"Every row was taken. Look at the warnings in {self.rows_file}; correct there what you know better."
        return ""

    def _send_back(self) -> dict[str, str] | None:
        """Say where a correction goes and under which name; nothing where there is nothing to correct."""
        file = self.file
        if file.status == "DUPLICATE" or not (file.status == "HELD" or file.rows_rejected or self.rows_warned):
            return None
        name = undated(file.name) if file.reason == "F08" else self.rows_file or file.name
        if not is_meant(name, self.source.pattern):  # it was too long to be kept whole
            name = file.name
        told = {"folder": self.source.folder, "name": name}
        if self.source.marker is not None:
            told["marker"] = self.source.marker.replace("{name}", name).replace("{stem}", name.rpartition(".")[0])
        return told
