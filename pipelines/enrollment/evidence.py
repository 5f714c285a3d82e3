"""Look for the justice-involved (JI) indicator where the locators say: what matched is the evidence of rule R1."""

from __future__ import annotations

from pathlib import Path

from pipelines.config.policy.locators import DATE_PLACES, PLACES, Locator
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent

_TABLES = {
    "2000": "facts.enrollment_members",
    "2300": "facts.enrollment_coverage",
    "2750": "facts.enrollment_reporting",
}
"""Table of the facts by the loop of the locator's place."""

_MONTHS = {"2300": "benefit_month, benefit_end"}
_NO_MONTHS = "CAST(NULL AS DATE) AS benefit_month, CAST(NULL AS DATE) AS benefit_end"

_DATE_FORMS = {"D8": ("(19|20)[0-9]{6}", "%Y%m%d"), "YYYYMM": ("(19|20)[0-9]{4}", "%Y%m")}

_BROUGHT_UP_TO_DATE = ("file_id IN (FROM fresh_files) AND cin IN (FROM carried_on)", "cin IN (FROM made_anew)")
"""The rows of whoever is brought up to date (`touched.sql`)."""


def find_evidence(warehouse: Warehouse, locators: tuple[Locator, ...]) -> None:
    """Fill `exchange.ji_evidence` for everyone who is brought up to date."""
    warehouse.run("DELETE FROM exchange.ji_evidence WHERE cin IN (FROM made_anew)")
    for locator in locators:
        look(warehouse, locator, _BROUGHT_UP_TO_DATE, locator.pattern)
        warehouse.run(
            """INSERT INTO exchange.ji_evidence BY NAME
               SELECT md5(concat_ws('|', found.file_id, cin, segment_no, $locator, slot)) AS evidence_id,
                      cin, found.file_id, found.file_order, file_date, segment_no,
                      $locator AS locator, $place AS place, slot, value, benefit_month, effective_date
               FROM found JOIN ledger.files ON files.file_id = found.file_id""",
            {"locator": locator.name, "place": locator.segment},
        )


def look(warehouse: Warehouse, locator: Locator, among: tuple[str, ...], pattern: str) -> None:
    """Make the temporary table `found`: where the locator's place holds a value of the pattern.

    `among` are conditions, no two of which hold for one row of the facts: rows of which one holds are looked at.
    """
    table, value, months = _TABLES[locator.loop], PLACES[locator.segment], _MONTHS.get(locator.loop, _NO_MONTHS)
    if locator.category is not None:
        value = f"CASE WHEN category = $category THEN {value} END"
    columns = f"cin, file_id, file_order, segment_no, {months}, {value} AS whole, {_date_of(locator)} AS effective_date"
    said = " UNION ALL ".join(f"SELECT {columns} FROM {table} WHERE {rows}" for rows in among)  # noqa: S608 - from code
    query = (_HERE / "found.sql").read_text(encoding="utf-8").replace("said_at_the_place", f"({said})")
    given = {"slots": list(locator.slots) or [0], "pattern": pattern, "category": locator.category}
    warehouse.run(query, {name: value for name, value in given.items() if f"${name}" in query})
    if locator.months == "current":
        warehouse.run_file(_HERE / "of_current_months.sql")


def _date_of(locator: Locator) -> str:
    """Say in SQL from which date the indicator holds; what cannot be a date is missing."""
    date = locator.date
    if date is None:
        return "CAST(NULL AS DATE)"
    place = date.segment or locator.segment
    if place in DATE_PLACES:
        return DATE_PLACES[place]
    text = PLACES[place] if date.slot is None else f"trim(split_part({PLACES[place]}, ';', {date.slot}))"
    form, written = _DATE_FORMS[date.format]
    return f"CASE WHEN regexp_full_match({text}, '{form}') THEN CAST(try_strptime({text}, '{written}') AS DATE) END"
