"""Hold the locators against each other, and against how many members they flag.

Locators at different places may confirm each other or not. Two disagree about a member of a file when one finds the
indicator there and the other does not: its place is FILLED with something else, or EMPTY. A place is filled when any
loop that counts for the locator holds a value in one of its slots. Nothing follows from a disagreement by itself, since
any match makes a member justice-involved (R1): it is kept and told, for a person to look at.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.config.policy import JusticeInvolved
from pipelines.enrollment.evidence import look
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent

_DOUBTED = ("(cin, file_id) IN (SELECT (cin, file_id) FROM doubts WHERE locator_no = getvariable('doubted'))",)
"""The rows of whom another locator flags in the same file, and this one does not."""

_ANYTHING = "(?s).+"

_FEW = 100
"""So few flagged members never stop a night, however few members there are."""

FLAGS_TOO_MANY = "SELECT count(*) FROM exchange.locator_totals WHERE flagged > most"
"""Locators, and all of them together, that flag more members than the configuration takes for possible."""

FINDS_NOBODY = """
    SELECT count(*) FROM exchange.locator_totals AS asked
    JOIN ledger.files AS f
      ON f.kind = '834' AND f.scope = 'FULL' AND f.status LIKE 'ACCEPTED%'
     AND f.business_date = getvariable('business_date')
    LEFT JOIN (SELECT DISTINCT file_id, locator FROM exchange.ji_evidence) AS found
      ON found.file_id = f.file_id AND found.locator = asked.locator
    WHERE asked.locator IS NOT NULL AND found.locator IS NULL
"""
"""Locators that match nobody in a full file of the night."""

READ_OTHERWISE = """
    SELECT coalesce(sum(members), 0)::BIGINT FROM ledger.readings
    WHERE policy = '834' AND changed_on = getvariable('business_date')
"""
"""Members who stand otherwise since this night because the configuration reads the 834 in another way."""

STANDING_DISAGREEMENTS = """
    SELECT d.cin, d.file_id, d.file_date, d.locator_yes, d.locator_no, d.place
    FROM exchange.locator_disagreements AS d
    JOIN exchange.members AS m ON m.cin = d.cin AND m.file_id = d.file_id
"""
"""What the newest 834 that names a member leaves open: locators that disagree about the member."""


def compare_locators(warehouse: Warehouse, policy: JusticeInvolved) -> None:
    """Fill `exchange.locator_disagreements` for whoever is brought up to date, and `exchange.locator_totals`."""
    if _lend_pairs(warehouse, policy):
        warehouse.run_file(_HERE / "doubts.sql")
        doubted = {name for (name,) in warehouse.rows("SELECT DISTINCT locator_no FROM doubts")}
        for locator in policy.locators:
            if locator.name in doubted:
                warehouse.run("SET VARIABLE doubted = $name", {"name": locator.name})
                look(warehouse, locator, _DOUBTED, _ANYTHING)
                warehouse.run("INSERT INTO filled SELECT DISTINCT cin, file_id, getvariable('doubted') FROM found")
        warehouse.run_file(_HERE / "locator_disagreements.sql")
    names = [locator.name for locator in policy.locators]
    warehouse.run_file(_HERE / "locator_totals.sql", locators=names, most_share=policy.max_flagged_share, few=_FEW)


def locator_counts(warehouse: Warehouse, policy: JusticeInvolved, business_date: date) -> dict[str, int]:
    """Count the members whom the 834s of this night flag by both of two locators, and by one of them alone.

    Keys speak in the names of the locators; pairs that flag nobody are left out.
    """
    if not _lend_pairs(warehouse, policy):
        return {}
    counts: dict[str, int] = {}
    for one, other, both, only_one, only_other in warehouse.rows(
        """SELECT one, other, count(*) FILTER (by_one AND by_other), count(*) FILTER (NOT by_other),
                  count(*) FILTER (NOT by_one)
           FROM (
               SELECT one, other, cin, bool_or(locator = one) AS by_one, bool_or(locator = other) AS by_other
               FROM exchange.ji_evidence
               JOIN locator_pairs ON locator IN (one, other)
               WHERE file_id IN (SELECT file_id FROM ledger.files WHERE business_date = $on)
               GROUP BY one, other, cin
           )
           GROUP BY one, other ORDER BY one, other""",
        {"on": business_date},
    ):
        counts |= {f"{one} and {other}": both, f"{one} without {other}": only_one, f"{other} without {one}": only_other}
    return counts


def _lend_pairs(warehouse: Warehouse, policy: JusticeInvolved) -> bool:
    """Lend the pairs of locators to be compared, and tell whether there are any."""
    pairs = [(one.name, other.name) for one, other in policy.pairs()]
    if pairs:
        warehouse.lend("locator_pairs", pd.DataFrame(pairs, columns=["one", "other"], dtype="str"))
    return bool(pairs)
