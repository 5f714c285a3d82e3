"""What the rows of a tabular file must be: Pandera schemas built from a layout, and the rules across columns.

Rows come in canonical form (all text, dates as YYYY-MM-DD, codes as the layout has them, blank = missing). How cells
become canonical is the matter of `parsers.tabular`; which columns there are, of the layouts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import pandas as pd
import pandera.pandas as pa

from schemas.codes import CIN_PATTERN, COUNTIES, ZIP_PATTERN, npi_is_valid
from schemas.findings import findings
from schemas.kinds import LISTS
from schemas.layout import Layout, LayoutColumn
from schemas.validation import at_most, check, one_of, optional, required

CONTROL_CHARACTERS = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]"
"""Control characters but tab and line break."""

JUNK_CIN = r"^9(0{7}|9{7})[A-Z]$"
"""Placeholders that have the form of a CIN."""

MISSING = {
    "cin": "R01", "dob": "R03", "last_name": "R04", "first_name": "R04",
    "address": "W01", "city": "W01", "state": "W01", "zip": "W01", "county": "W01",
}  # fmt: skip
"""Code of a missing required value where it is not R14. A residence is not known of everyone, least of all of people
without a home: its absence never rejects a person."""

OLDEST = 120
"""Years: a birth date further back is a placeholder."""

_IDENTITY = ("last_name", "first_name", "dob")

Broken = Callable[[pd.DataFrame, date], "pd.Series[bool]"]


@dataclass(frozen=True)
class Rule:
    """A rule across columns: `code` blames `column` in the rows for which `broken` holds.

    It applies to layouts that have all of `needs` (and `column`), of the kinds named or, without names, of every kind.
    """

    code: str
    column: str
    needs: tuple[str, ...]
    broken: Broken
    kinds: tuple[str, ...] = ()

    def applies_to(self, layout: Layout) -> bool:
        """Tell whether the layout is of a kind and has the columns this rule speaks of."""
        return {self.column, *self.needs} <= set(layout.column_names) and (not self.kinds or layout.kind in self.kinds)


def schema_for(layout: Layout, as_of: date) -> pa.DataFrameSchema:
    """Build the schema of a layout's canonical rows; `as_of` is the business date that "future" is measured by."""
    rules = [
        pa.Check(partial(_kept, rule=rule, as_of=as_of), error=f"{rule.code}:{rule.column}", ignore_na=False)
        for rule in RULES
        if rule.applies_to(layout)
    ]
    return pa.DataFrameSchema(_columns(layout, as_of), checks=rules, name=layout.name)


def check_table(layout: Layout, rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Check canonical rows (unique index, all columns of the layout as `str`) and return their findings.

    Says what `schema_for` says, and R09 for every row that repeats an earlier one as a whole. The rules across columns
    are evaluated directly: Pandera would list every cell of every row that breaks one.
    """
    repeated = rows[list(layout.column_names)].duplicated() & rows.notna().any(axis="columns")
    found = [
        check(pa.DataFrameSchema(_columns(layout, as_of), name=layout.name), rows),
        *(
            findings(rows.index[rule.broken(rows, as_of)], rule.column, rule.code)
            for rule in RULES
            if rule.applies_to(layout)
        ),
        findings(rows.index[repeated], "", "R09"),
    ]
    together = pd.concat(found).drop_duplicates()
    return together.sort_values(["row", "column", "code"], ignore_index=True)


def _kept(rows: pd.DataFrame, *, rule: Rule, as_of: date) -> pd.Series[bool]:
    return ~rule.broken(rows, as_of)


def _columns(layout: Layout, as_of: date) -> dict[str, pa.Column]:
    return {column.name: _column(column, as_of) for column in layout.columns}


def _column(column: LayoutColumn, as_of: date) -> pa.Column:
    checks = _checks(column, as_of)
    if column.required == "required":
        return required(*checks, missing=MISSING.get(column.name, "R14"))
    return optional(*checks)


def _checks(column: LayoutColumn, as_of: date) -> list[pa.Check]:
    """Give the checks of a column's type; where the form says the length, no other check of it is needed."""
    short = [at_most(column.max_length), _is_clean()]
    birth_date = pa.Check(partial(_is_birth_date, as_of=as_of), error="R03")
    by_type = {
        "date": [birth_date if column.name == "dob" else pa.Check(is_date, error="R11")]
        if column.multiple == "refuse"
        else [pa.Check(_are_dates, error="R11"), *short],
        "cin": [_is_wholly(CIN_PATTERN, "R02"), pa.Check(_is_no_placeholder, error="R02")],
        "npi": [pa.Check(_is_npi, error="R07")],
        "yes_no": [one_of(("Y", "N"))],
        "gender": [one_of(("M", "F", "U"))],
        "code": [one_of(column.codes)] if column.multiple == "refuse" else [_are_all(column.codes), *short],
        "integer": [_is_wholly(r"[0-9]{1,9}", "R12")],
        "zip": [_is_wholly(ZIP_PATTERN, "W01"), *short],
        "county": [one_of(COUNTIES, "W01"), *short],
    }
    return by_type.get(column.type, short)


def is_date(texts: pd.Series[str]) -> pd.Series[bool]:
    """Tell for each text whether it is a day of the calendar written YYYY-MM-DD; false where missing."""
    shaped = texts.str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", na=False)
    return shaped & pd.to_datetime(texts.where(shaped), format="%Y-%m-%d", errors="coerce").notna()


def _are_dates(texts: pd.Series[str]) -> pd.Series[bool]:
    """Tell for each text whether every value in it is a day of the calendar."""
    return _each(texts, is_date)


def _are_all(codes: tuple[str, ...]) -> pa.Check:
    return pa.Check(lambda texts: _each(texts, lambda single: single.isin(codes)), name="codes", error="R12")


def _each(texts: pd.Series[str], holds: Callable[[pd.Series[str]], pd.Series[bool]]) -> pd.Series[bool]:
    """Tell for each text whether `holds` is true of every value that a cell with several has in it."""
    single = texts.reset_index(drop=True).str.split("; ").explode()
    whole = holds(single).groupby(level=0).all()
    return whole.set_axis(texts.index)


def _is_birth_date(texts: pd.Series[str], *, as_of: date) -> pd.Series[bool]:
    oldest = f"{as_of.year - OLDEST:04d}-01-01"
    return is_date(texts) & (texts <= as_of.isoformat()) & (texts >= oldest)


def _is_no_placeholder(texts: pd.Series[str]) -> pd.Series[bool]:
    return ~texts.str.match(JUNK_CIN)


def _is_npi(texts: pd.Series[str]) -> pd.Series[bool]:
    # A file names few providers many times.
    return texts.isin([npi for npi in texts.unique() if npi_is_valid(npi)])


def _is_wholly(pattern: str, code: str) -> pa.Check:
    # `$` alone would let a line break at the end pass.
    return pa.Check(lambda texts: texts.str.fullmatch(pattern), name="form", error=code)


def _is_clean() -> pa.Check:
    return pa.Check(lambda texts: ~texts.str.contains(CONTROL_CHARACTERS), name="clean", error="R16")


def _identity_missing(rows: pd.DataFrame, _: date) -> pd.Series[bool]:
    return rows["cin"].isna() & rows[list(_IDENTITY)].isna().any(axis="columns")


def _half_an_identity(column: str) -> Broken:
    """Without a CIN and with part of name and birth date only: what is missing is blamed too."""

    def broken(rows: pd.DataFrame, _: date) -> pd.Series[bool]:
        some = rows[list(_IDENTITY)].notna().any(axis="columns")
        return rows["cin"].isna() & some & rows[column].isna()

    return broken


def _ends_before(start: str, end: str) -> Broken:
    def broken(rows: pd.DataFrame, _: date) -> pd.Series[bool]:
        return is_date(rows[start]) & is_date(rows[end]) & (rows[end] < rows[start]).fillna(value=False)

    return broken


def _in_the_future(column: str) -> Broken:
    """After `as_of` by more than a day: a night's run may bear the date of the day before."""

    def broken(rows: pd.DataFrame, as_of: date) -> pd.Series[bool]:
        return is_date(rows[column]) & (rows[column] > (as_of + timedelta(days=1)).isoformat()).fillna(value=False)

    return broken


def _released_in_custody(rows: pd.DataFrame, _: date) -> pd.Series[bool]:
    return rows["incarceration_status"].eq("IN_CUSTODY").fillna(value=False) & rows["actual_release_date"].notna()


def _no_release_date(rows: pd.DataFrame, _: date) -> pd.Series[bool]:
    """Without any date of release; who takes a notice back need not repeat it."""
    dateless = rows["expected_release_date"].isna() & rows["actual_release_date"].isna()
    if "record_action" not in rows:
        return dateless
    return dateless & ~rows["record_action"].isin(["VOID", "TERM"])


def _unconfirmed(column: str) -> Broken:
    """A receipt that does not say what it confirms; who takes one back need not repeat it."""

    def broken(rows: pd.DataFrame, _: date) -> pd.Series[bool]:
        return rows[column].isna() & ~rows["record_action"].isin(["VOID", "TERM"])

    return broken


def _nobody_received(rows: pd.DataFrame, _: date) -> pd.Series[bool]:
    """A provider has it, and not which one."""
    return rows["received_by"].eq("PROVIDER").fillna(value=False) & rows["recipient_npi"].isna()


def _announced_but_blank(indicator: str, column: str) -> Broken:
    def broken(rows: pd.DataFrame, _: date) -> pd.Series[bool]:
        return rows[indicator].eq("Y").fillna(value=False) & rows[column].isna()

    return broken


def _some_but_not(column: str, together: tuple[str, ...]) -> Broken:
    def broken(rows: pd.DataFrame, _: date) -> pd.Series[bool]:
        return rows[column].isna() & rows[list(together)].notna().any(axis="columns")

    return broken


def _out_of_reach(*channels: str) -> Broken:
    """Without any of the ways of contact; a phone counts when it has ten digits, an e-mail when it has an @."""

    def broken(rows: pd.DataFrame, _: date) -> pd.Series[bool]:
        reached = pd.Series(data=False, index=rows.index)
        for channel in channels:
            given = rows[channel]
            if channel.startswith("phone"):
                reached |= given.str.contains(r"(?:\d\D*){10}", na=False)
            else:
                reached |= given.str.contains("@", na=False) if channel == "email" else given.notna()
        return ~reached

    return broken


_BY_IDENTITY = tuple(kind.name for kind in LISTS.values() if kind.by_identity)
_RECEIPT = ("care_plan_receipt",)
_ADDRESS = ("address", "city", "state", "zip")
_DONE = (
    "attempt_date", "rtf_production_date", "last_encounter_date", "assessment_date", "care_plan_date",
    "care_conference_date", "date_housed", "referral_status_date",
)  # fmt: skip
"""Days of what was done: one that lies ahead would meet a clock by what did not happen."""

_ATTEMPT = ("attempt_date", "attempt_method", "attempt_successful")
_OF_AN_ATTEMPT = (*_ATTEMPT, "attempt_time", "contact_outcome", "minutes_spent")
_CLOSURE = ("discontinuation_date", "discontinuation_reason_code", "discontinuation_reason_text")
_REACH = ("phone", "phone_alternate", "email", "address")
_REACH_OR_MAIL = (*_REACH, "mailing_address")

RULES: tuple[Rule, ...] = (
    Rule("R01", "cin", _IDENTITY, _identity_missing, _BY_IDENTITY),
    *(
        Rule(MISSING[column], column, ("cin", *_IDENTITY), _half_an_identity(column), _BY_IDENTITY)
        for column in _IDENTITY
    ),
    *(
        Rule("R11", f"{span}_end", (f"{span}_start",), _ends_before(f"{span}_start", f"{span}_end"))
        for span in ("authorization", "ecm_benefit")
    ),
    *(
        Rule("R11", column, (), _in_the_future(column))
        for column in ("referral_received_date", "actual_release_date", *_DONE)
    ),
    Rule("R11", "actual_release_date", ("incarceration_status",), _released_in_custody),
    Rule("R14", "expected_release_date", ("actual_release_date",), _no_release_date, ("release_notice",)),
    *(
        Rule("R14", column, ("record_action",), _unconfirmed(column), _RECEIPT)
        for column in ("reentry_care_plan_received_date", "received_by")
    ),
    Rule("R14", "recipient_npi", ("received_by",), _nobody_received, _RECEIPT),
    *(
        Rule("R11", column, (), _in_the_future(column), _RECEIPT)
        for column in ("reentry_care_plan_received_date", "warm_handoff_date")
    ),
    Rule(
        "R11",
        "reentry_care_plan_received_date",
        ("reentry_care_plan_sent_date",),
        _ends_before("reentry_care_plan_sent_date", "reentry_care_plan_received_date"),
        _RECEIPT,
    ),
    *(
        Rule("R14", column, (announced_by,), _announced_but_blank(announced_by, column))
        for announced_by, column in (
            ("new_address_indicator", "address"),
            ("new_phone_indicator", "phone"),
            ("attempt_successful", "contact_outcome"),
        )
    ),
    *(Rule("R14", column, _CLOSURE, _some_but_not(column, _CLOSURE)) for column in _CLOSURE),
    *(Rule("R14", column, _OF_AN_ATTEMPT, _some_but_not(column, _OF_AN_ATTEMPT), ("rtf",)) for column in _ATTEMPT),
    *(Rule("W01", column, _ADDRESS, _some_but_not(column, _ADDRESS)) for column in _ADDRESS),
    Rule("W02", "phone", _REACH, _out_of_reach(*_REACH), ("mini_mif",)),
    Rule("W02", "phone", _REACH_OR_MAIL, _out_of_reach(*_REACH_OR_MAIL), ("mif",)),
)
