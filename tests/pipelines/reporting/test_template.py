"""A template says which field stands where under which name; where it asks for what there is not, it is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.reporting.months import Month, MonthRefused
from pipelines.reporting.template import Tables, fill
from schemas.problems import ConfigurationError

PEOPLE = [{"key": 1, "name": "A", "born": date(1990, 2, 3)}, {"key": 2, "name": "B", "born": None}]
VISITS = [{"key": 1, "on": date(2026, 11, 2)}, {"key": 1, "on": date(2026, 11, 3)}]
TABLES = Tables(
    {"month": "2026-11"},
    {"people": PEOPLE, "visits": VISITS, "nobody": []},
    {"people": ["key", "name", "born"], "visits": ["key", "on"], "nobody": ["name"]},
)


def test_rows_stand_where_the_template_repeats_them_within_the_row_they_belong_to() -> None:
    template = {
        "of": "$month",
        "rows": [
            {"$each": "people", "n": "$name", "b": ["$born"], "v": [{"$each": "visits", "$by": "key", "d": "$on"}]}
        ],
    }
    assert fill(template, TABLES, "own") == {
        "of": "2026-11",
        "rows": [
            {"n": "A", "b": ["1990-02-03"], "v": [{"d": "2026-11-02"}, {"d": "2026-11-03"}]},
            {"n": "B", "b": [None], "v": []},
        ],
    }


def test_what_is_no_field_is_written_as_it_stands() -> None:
    assert fill({"a": 1, "b": ["x", True, None], "c": "$$month"}, TABLES, "own") == {
        "a": 1, "b": ["x", True, None], "c": "$month",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ({"a": "$mnth"}, "$.a: there is no field `mnth`, did you mean `month`?"),
        ({"a": [{"$each": "nobody", "b": "$nme"}]}, "$.a[].b: there is no field `nme`, did you mean `name`?"),
        ({"a": [{"$each": "peple"}]}, "$.a: there is no table `peple`, did you mean `people`?"),
        ({"a": [{"$each": "people", "b": [{"$each": "nobody", "$by": "key"}]}]}, "`key` is none"),
        ({"a": {"$each": "people"}}, "$.a: `$each` belongs into the only object of a list"),
    ],
)
def test_what_there_is_not_is_told_with_its_place_also_where_a_table_has_no_row(template: Any, told: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        fill(template, TABLES, "own.json")
    assert told in refused.value.what


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-1", "0000-01", "november"])
def test_a_month_is_written_as_year_and_number(text: str) -> None:
    with pytest.raises(MonthRefused):
        Month.named(text)


def test_a_month_knows_its_days_and_when_a_report_on_it_is_due() -> None:
    month = Month.named("2028-02")
    assert (month.first, month.last, month.due(10)) == (date(2028, 2, 1), date(2028, 2, 29), date(2028, 3, 10))
    assert Month.before(date(2027, 1, 1)) == Month.named("2026-12")
