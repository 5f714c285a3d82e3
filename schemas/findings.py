"""Every code a file, row or warning can carry, with its meaning and what the sender does about it.

F codes speak of a file, R codes reject a row, W codes warn and let the row through. A table of findings has the columns
of `FINDING_COLUMNS`; it never holds the offending value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from schemas.problems import FileFault


class Severity(StrEnum):
    """What a finding does to what it stands on."""

    HOLD = "HOLD"  # the file is held as a whole
    REJECT = "REJECT"  # the row is quarantined, the others go on
    WARN = "WARN"  # the row is loaded and the sender is told


@dataclass(frozen=True)
class Finding:
    """One entry of the catalogue."""

    code: str
    severity: Severity
    meaning: str
    remedy: str


_HOLD, _REJECT, _WARN = Severity.HOLD, Severity.REJECT, Severity.WARN

# fmt: off
CATALOGUE: dict[str, Finding] = {
    f.code: f
    for f in (
        Finding("F01", _HOLD, "the file cannot be read", "Send it again as plain CSV, XLSX without a password, or X12."),
        Finding("F02", _HOLD, "the file is not of the kind this folder is for", "Check the folder and the file's layout."),
        Finding("F03", _HOLD, "no header row was found", "Put the column headings in one row within the first 30 rows."),
        Finding("F04", _HOLD, "control totals disagree with the content", "Send the complete file again."),
        Finding("F06", _HOLD, "a file of this name was received before with other content", "Send it under a new name."),
        Finding("F07", _HOLD, "a file with this content was received before", "Nothing to do: it is loaded once."),
        Finding("F08", _HOLD, "the date in the file name is in the future or too old", "Check the date and send it again."),
        Finding("F10", _WARN, "the file holds no rows", "Nothing to do if that was intended."),
        Finding("F11", _HOLD, "the interchange control number was seen before", "Send it with a new control number."),
        Finding("F12", _HOLD, "the roster shrinks beyond the threshold", "Confirm the file with its sender, then release it."),
        Finding("F13", _HOLD, "the configured CIN slot mostly does not hold CINs", "Check `cin` in the source's settings."),
        Finding("F14", _HOLD, "too many rows of the file were rejected", "Look at the codes, then release or replace the file."),
        Finding("R01", _REJECT, "the CIN is missing", "Fill in the nine-character CIN."),
        Finding("R02", _REJECT, "the CIN is malformed or a placeholder", "A CIN is 9, seven digits and a letter."),
        Finding("R03", _REJECT, "the birth date is missing or not a date in the past", "Write it as YYYY-MM-DD."),
        Finding("R04", _REJECT, "the last or first name is missing", "Fill in both names."),
        Finding("R05", _WARN, "the person is not on the plan's 834", "Check CIN, name and birth date; the row is kept and tried again every night."),
        Finding("R07", _REJECT, "the NPI is not valid", "An NPI has ten digits, the last one a check digit."),
        Finding("R09", _REJECT, "the row repeats another row of the file", "Nothing to do: it counts once."),
        Finding("R11", _REJECT, "the dates contradict each other or are not dates", "Correct the dates."),
        Finding("R12", _REJECT, "the value is not in the code list", "Use one of the codes of the layout."),
        Finding("R13", _REJECT, "the cell holds several values", "Write one value to a cell, one row to each."),
        Finding("R14", _REJECT, "a required value is missing", "Fill in the column."),
        Finding("R15", _REJECT, "the row does not have as many cells as the header", "Quote cells that hold the delimiter."),
        Finding("R16", _REJECT, "the value is too long or holds control characters", "Shorten or clean the value."),
        Finding("R17", _REJECT, "the member loop breaks the 834's structure", "Correct the loop as the 834 guide says."),
        Finding("R18", _REJECT, "the member loop breaks the 834 guide", "Correct the element or segment that is named as the guide says."),
        Finding("R19", _REJECT, "the row speaks of a member that is not assigned to the provider whose folder it came from", "Report on your own members only; ask the plan if one is missing from your files."),
        Finding("W01", _WARN, "the address is incomplete", "Complete it when known."),
        Finding("W02", _WARN, "there is no phone, e-mail or address to reach the person", "Add a way of contact when known."),
        Finding("W03", _WARN, "the file has a column the layout does not know", "Nothing to do: the column is kept aside."),
        Finding("W04", _WARN, "an identifier looks damaged by a spreadsheet", "Format identifier columns as text."),
        Finding("W05", _WARN, "the HCP status is unknown and counts as not active", "Add it to the HCP status table."),
        Finding("W06", _WARN, "the file is encoded as Windows-1252", "Save it as UTF-8."),
        Finding("W07", _WARN, "a workbook sheet was left unread", "Keep the data on one sheet."),
        Finding("W09", _WARN, "the 834 deviates from the guide and was loaded all the same", "Correct the element or segment that is named as the guide says."),
        Finding("W10", _WARN, "CIN, name and birth date do not all speak of one member", "Check them; a person at the plan looks at the row, and nothing is done on it until then."),
        Finding("W11", _WARN, "the reference is of no row that this sender was answered", "Nothing to do: the row is taken as a new one."),
    )
}
# fmt: on

FINDING_COLUMNS = ("row", "column", "code", "severity")


def findings(rows: Sequence[int] | pd.Index[int] = (), column: str = "", code: str = "") -> pd.DataFrame:
    """Make a table of findings: one per entry of `rows` (row labels of the table they speak of), all of one code.

    Columns: `row` int64 (-1 when the finding speaks of the file), `column` str, `code` str, `severity` str.
    """
    severity = CATALOGUE[code].severity.value if code else ""
    table = pd.DataFrame({"row": pd.Series(rows, dtype="int64")})
    return table.assign(column=column, code=code, severity=severity).astype(
        {"column": "str", "code": "str", "severity": "str"}
    )


def file_fault(code: str, detail: str = "", *, where: str = "") -> FileFault:
    """Build the error that holds a file, worded by the catalogue; `detail` adds counts or names of parts, no values."""
    entry = CATALOGUE[code]
    what = f"{entry.meaning}{f' ({detail})' if detail else ''}."
    return FileFault(code, what, where=where, remedy=entry.remedy)
