"""From a station of the night to Dagster: its tables as assets, its standing questions as asset checks.

Every station is one step. Steps run one after the other in one process, in the order of `STATIONS`, and each holds the
run lock only while it works. Annotations are evaluated here (no `from __future__`): Dagster reads those of the step.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import dagster as dg

from dagster_project.failures import safely
from dagster_project.partitions import BUSINESS_DATES
from dagster_project.resources import ExchangeHome
from dagster_project.telling import problems_so_far, table_facts
from pipelines.checks import CHECKS, Check, CheckFailed, CheckResult
from pipelines.nightly import STATIONS, Night, Station, perform, stop_on_the_page, tell_of_stop

Telling = Callable[[Night], Mapping[str, Any]]

_ORDER = {function.__name__: place for place, (_, function) in enumerate(STATIONS)}


@dataclass(frozen=True)
class Performed:
    """What one station left behind."""

    counts: Mapping[str, Any]
    tables: Mapping[dg.AssetKey, Mapping[str, Any]]
    answers: Sequence[CheckResult]


def table(
    name: str, group: str, *, reads: Sequence[str], kinds: set[str], owner: str, description: str
) -> dg.AssetSpec:
    """Describe a table of the warehouse (`schema.name`) and the tables it follows from."""
    return dg.AssetSpec(
        key=name.split("."),
        deps=[read.split(".") for read in reads],
        group_name=group,
        kinds={"duckdb", *kinds},
        owners=[f"team:{owner}"],
        description=description,
        metadata={"dagster/table_name": f"warehouse.{name}"},
    )


def station_assets(
    station: Station, *tables: dg.AssetSpec, tells: Sequence[Telling] = (), sends: bool = False
) -> dg.AssetsDefinition:
    """Make the tables of a station assets of one step; `sends` marks a station that may talk to recipients."""
    specs = [spec.replace_attributes(partitions_def=BUSINESS_DATES) for spec in tables]
    keys = [spec.key for spec in specs]

    @dg.multi_asset(
        name=station.__name__,
        specs=specs,
        check_specs=[_check_spec(check, keys) for check in CHECKS if check.after == station.__name__],
        description=station.__doc__,
        op_tags={"dagster/priority": str(-_ORDER[station.__name__])},
    )
    def step(
        context: dg.AssetExecutionContext, exchange: ExchangeHome
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        on = date.fromisoformat(context.partition_key)
        performed = safely(lambda: _perform(exchange, on, station, keys, tells, sends=sends))
        for key in keys:
            yield dg.MaterializeResult(asset_key=key, metadata={**performed.counts, **performed.tables[key]})
        for answer in performed.answers:
            yield _told(answer, keys)

    return step


def _perform(
    exchange: ExchangeHome,
    on: date,
    station: Station,
    keys: Sequence[dg.AssetKey],
    tells: Sequence[Telling],
    *,
    sends: bool,
) -> Performed:
    with exchange.night(on) as night:
        with stop_on_the_page(night, station):
            if sends:
                exchange.refuse_partners(night)
            done, answers = perform(night, station)
        if blocking := [answer for answer in answers if answer.violations and answer.check.blocking]:
            tell_of_stop(night, station, CheckFailed(blocking[0]))
        counts: dict[str, Any] = dict(done)
        for tell in (problems_so_far, *tells):
            counts |= tell(night)
        return Performed(counts, {key: table_facts(night.warehouse, key) for key in keys}, answers)


def _check_spec(check: Check, keys: Sequence[dg.AssetKey]) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check.name,
        asset=_asset_of(check, keys),
        blocking=check.blocking,
        description=f"Fails when {check.meaning} (`{check.table}`). {check.remedy}",
    )


def _told(answer: CheckResult, keys: Sequence[dg.AssetKey]) -> dg.AssetCheckResult:
    check = answer.check
    return dg.AssetCheckResult(
        passed=answer.violations == 0,
        asset_key=_asset_of(check, keys),
        check_name=check.name,
        severity=dg.AssetCheckSeverity.ERROR if check.blocking else dg.AssetCheckSeverity.WARN,
        metadata={"violations": answer.violations, "remedy": check.remedy},
    )


def _asset_of(check: Check, keys: Sequence[dg.AssetKey]) -> dg.AssetKey:
    """The table a question speaks of or, where another station made it, the first one of the station that asks."""
    table_key = dg.AssetKey(check.table.split("."))
    return table_key if table_key in keys else keys[0]
