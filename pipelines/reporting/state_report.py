"""The monthly report of JI members and providers to the state, as JSON (R35).

The state's schema is not public. Neutral tables (the queries in `state/`, one file a table) go through a template into
a document that is held against a JSON Schema before it is written. The project brings one of each; a plan that was
given the state's own names both in `[reports]`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.config import ExchangeConfig, Roster
from pipelines.config.policy.reports import Reports
from pipelines.reporting.month_end import as_it_stood
from pipelines.reporting.months import Month
from pipelines.reporting.template import Tables, fill
from pipelines.reporting.written import record_report, write_report
from pipelines.warehouse import Warehouse
from pipelines.work_lists import derive_work_items
from schemas.problems import ConfigurationError, ExchangeError, ExitCode
from schemas.reports import SCHEMA, TEMPLATE

NAME = "dhcs-json"

_QUERIES = Path(__file__).with_name("state")
_TABLES = (
    "members", "episodes", "evidence", "authorizations", "assignments", "providers", "counties", "clocks",
)  # fmt: skip
_PLACES_TOLD = 10


class ReportUnfit(ExchangeError):
    """The document is not what its schema asks for; nothing was written."""

    exit_code = ExitCode.BAD_DATA


@dataclass(frozen=True)
class Reported:
    """A report that was written."""

    month: Month
    path: Path
    members: int
    sha256: str
    due: date


def report_to_state(
    warehouse: Warehouse, config: ExchangeConfig, roster: Roster, month: Month, path: Path, *, today: date
) -> Reported:
    """Write the report on a month and note that it was written: the month is then due no more.

    Raises
    ------
    ExchangeError
        As `state_report` does.
    """
    content, members = state_report(warehouse, config, roster, month, today=today)
    write_report(path, content)
    sha256 = hashlib.sha256(content).hexdigest()
    with warehouse.transaction():
        if record_report(warehouse, NAME, month, sha256, members=members, on=today, file=path.name):
            last_night = warehouse.value("SELECT max(business_date) FROM ledger.runs")
            derive_work_items(warehouse, config.work_lists, config.reports, last_night)
    return Reported(month, path, members, sha256, month.due(config.reports.dhcs_due_day))


def usual_path(config: ExchangeConfig, month: Month) -> Path:
    """Say where the report on a month lies unless another place is named."""
    return config.home / "reports" / f"JI_ECM_{config.plan.id}_{month.first:%Y%m}.json"


def state_report(
    warehouse: Warehouse, config: ExchangeConfig, roster: Roster, month: Month, *, today: date
) -> tuple[bytes, int]:
    """Return the report on a month as JSON, and how many members are in it. The same month gives the same bytes.

    Raises
    ------
    MonthRefused
        When the month is not over, or nothing is known of it.
    ConfigurationError
        When template or schema cannot be followed.
    ReportUnfit
        When the document does not fit the schema.
    """
    template, schema = _read(config.reports.dhcs_template or TEMPLATE), _schema(config.reports)
    with as_it_stood(warehouse, config, roster, month, today=today) as night:
        tables = neutral_tables(warehouse, config, month, night)
    document = fill(template, tables, where=(config.reports.dhcs_template or TEMPLATE).name)
    if places := list(_unfit(document, schema)):
        told = "; ".join(places[:_PLACES_TOLD])
        more = f"; and {len(places) - _PLACES_TOLD} more" if len(places) > _PLACES_TOLD else ""
        raise ReportUnfit(
            "V04",
            f"the document does not fit its schema: {told}{more}",
            where=str(month),
            remedy="Mend what stands at these places, or correct template or schema.",
        )
    text = json.dumps(document, indent=1, ensure_ascii=False)
    return f"{text}\n".encode(), len(tables.rows["members"])


def neutral_tables(warehouse: Warehouse, config: ExchangeConfig, month: Month, night: date) -> Tables:
    """Read what a template can take its fields from, of the store as it stands; `night` is what knew it."""
    days = {"first_day": month.first, "last_day": month.last}
    warehouse.run_file(_QUERIES / "of_month.sql", **days)
    queries = {name: (_QUERIES / f"{name}.sql").read_text(encoding="utf-8") for name in _TABLES}
    rows = {name: warehouse.records(query) for name, query in queries.items()}
    report = {
        "month": str(month),
        **days,
        "known_on": night,
        "due_on": month.due(config.reports.dhcs_due_day),
        "plan_id": config.plan.id,
        "plan_name": config.plan.name,
        "hcp_codes": list(config.plan.hcp_codes),
        "plan_counties": list(config.plan.counties),
        **{f"count_of_{name}": len(rows[name]) for name in _TABLES},
    }
    return Tables(report, rows, {name: warehouse.columns(query) for name, query in queries.items()})


def _schema(policy: Reports) -> Any:
    """Read the schema that goes with the template, and see that it is one."""
    from jsonschema import Draft202012Validator, SchemaError  # noqa: PLC0415 - half a second of importing

    path = policy.dhcs_schema or SCHEMA
    schema = _read(path)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as mistake:
        raise ConfigurationError(
            "C09",
            f"not a JSON Schema of draft 2020-12: {mistake.json_path}",
            where=path.name,
            remedy="Correct that place, or leave out `dhcs_schema` in `[reports]` to use the one that comes along.",
        ) from None
    return schema


def _unfit(document: Any, schema: Any) -> Iterator[str]:
    """Say where the document does not fit, and by which keyword; never what stands there."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - as above

    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for error in checker.iter_errors(document):
        yield f"{error.json_path} ({error.validator})"


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as failure:
        raise ConfigurationError(
            "C08",
            f"the file cannot be read ({failure.strerror})",
            where=str(path),
            remedy="Correct its path in `[reports]`, or let this account read it.",
        ) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as mistake:
        place = f", line {mistake.lineno}" if isinstance(mistake, json.JSONDecodeError) else ""
        raise ConfigurationError(
            "C08", f"not JSON{place}", where=str(path), remedy="Correct that place, then type this again."
        ) from None
