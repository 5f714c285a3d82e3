"""From a station of the night to Dagster: its tables as assets, its standing questions as asset checks.

Every station is one step. Steps run one after the other in one process, in the order of `STATIONS`, and each holds the
run lock only while it works. Annotations are evaluated here (no `from __future__`): Dagster reads those of the step.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import dagster as dg

from dagster_project.columns import column_schema
from dagster_project.failures import safely
from dagster_project.partitions import BUSINESS_DATES
from dagster_project.resources import Exchange, ExchangeHome
from dagster_project.telling import Telling, in_words, table_facts
from pipelines.checks import CHECKS, Check, CheckFailed, CheckResult
from pipelines.nightly import STATIONS, Night, Station, StationResult, ask, perform, stop_on_the_page, tell_of_stop

_ORDER = {function.__name__: place for place, (_, function) in enumerate(STATIONS, start=1)}
_NAMES = {function.__name__: name for name, function in STATIONS}


@dataclass(frozen=True)
class Performed:
    """What one station left behind."""

    result: StationResult
    tables: Mapping[dg.AssetKey, Mapping[str, Any]]
    completed: Mapping[dg.AssetKey, Mapping[str, Any]]
    """What is known now of tables that an earlier station made."""
    answers: Sequence[CheckResult]
    problems: Sequence[str]
    """Lines for a person that this station added."""


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
        metadata={"dagster/table_name": f"warehouse.{name}", "dagster/column_schema": column_schema(name)},
    )


def station_assets(
    station: Station,
    *tables: dg.AssetSpec,
    tells: Mapping[str, Telling] | None = None,
    completes: Mapping[str, Telling] | None = None,
    sends: bool = False,
    ends: Callable[[dg.AssetExecutionContext, ExchangeHome, date], None] | None = None,
) -> dg.AssetsDefinition:
    """Make the tables of a station assets of one step.

    `tells` adds to what a table (`schema.name`) tells of itself, `completes` to what is told again of one that an
    earlier station made; `sends` marks a station that may talk to recipients, and `ends` is done after it.
    """
    tags = {"station": f"{_ORDER.get(station.__name__, 0):02}_{station.__name__}"}
    specs = [spec.replace_attributes(partitions_def=BUSINESS_DATES, tags={**spec.tags, **tags}) for spec in tables]
    keys = [spec.key for spec in specs]

    @dg.multi_asset(
        name=station.__name__,
        specs=[spec.replace_attributes(skippable=True) for spec in specs],
        check_specs=[_check_spec(check, keys) for check in CHECKS if check.after == station.__name__],
        description=station.__doc__,
        op_tags={"dagster/priority": str(-_ORDER.get(station.__name__, 0))},
        # Otherwise Dagster compares what a backfill asks of each table of a step and wrongly finds it unequal.
        can_subset=True,
    )
    def step(
        context: dg.AssetExecutionContext, exchange: Exchange
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        if not context.selected_asset_keys:
            of = context.partition_keys if context.has_partition_key else ()
            answers = safely(lambda: _asked(exchange.of(of), station))
            yield from (_told(answer, keys) for answer in _selected(context, answers, keys))
            return
        home, on = safely(lambda: exchange.at(context.partition_keys))
        performed = safely(lambda: _perform(home, on, station, keys, tells or {}, completes or {}, sends=sends))
        _log(context, performed)
        for key, metadata in performed.completed.items():
            context.log_event(_completed(key, context.partition_key, metadata, context.run.run_id))
        for key in keys:
            if key in context.selected_asset_keys:
                yield dg.MaterializeResult(
                    asset_key=key, metadata=performed.tables[key], data_version=dg.DataVersion(context.run.run_id)
                )
        told = tuple(_selected(context, performed.answers, keys))
        yield from (_told(answer, keys) for answer in told)
        safely(lambda: _stop_on_what_was_not_asked_for(performed.answers, told))
        if ends is not None:
            ends(context, home, on)
            safely(exchange.let_go)

    return step


def _perform(
    exchange: ExchangeHome,
    on: date,
    station: Station,
    keys: Sequence[dg.AssetKey],
    tells: Mapping[str, Telling],
    completes: Mapping[str, Telling],
    *,
    sends: bool,
) -> Performed:
    with exchange.night(on) as night:
        known, began = len(night.problems), time.perf_counter()
        with stop_on_the_page(night, station):
            if sends:
                exchange.refuse_partners(night)
            done, answers = perform(night, station)
        if blocking := [answer for answer in answers if answer.violations and answer.check.blocking]:
            tell_of_stop(night, station, CheckFailed(blocking[0]))
        name = _NAMES.get(station.__name__, station.__name__)
        exchange.done.append(result := StationResult(name, done, time.perf_counter() - began))
        return Performed(
            result,
            {key: _facts(tells, key, night, exchange.done) for key in keys},
            {key: _facts(completes, key, night, exchange.done) for key in map(_key, completes)},
            answers,
            night.problems[known:],
        )


def _asked(exchange: ExchangeHome, station: Station) -> Sequence[CheckResult]:
    """Ask the questions after a station once more, of the store as the last night left it: nothing is done or sent."""
    with exchange.last_night() as night:
        return ask(night, station)


def _selected(
    context: dg.AssetExecutionContext, answers: Sequence[CheckResult], keys: Sequence[dg.AssetKey]
) -> Iterator[CheckResult]:
    for answer in answers:
        if dg.AssetCheckKey(_asset_of(answer.check, keys), answer.check.name) in context.selected_asset_check_keys:
            yield answer


def _stop_on_what_was_not_asked_for(answers: Sequence[CheckResult], told: Sequence[CheckResult]) -> None:
    """Stop the run on a question that Dagster did not select: of a part of a station's tables it asks only theirs.

    Raises
    ------
    CheckFailed
        When such a question finds what must not go on.
    """
    for answer in answers:
        if answer.violations and answer.check.blocking and answer not in told:
            raise CheckFailed(answer)


def _facts(
    tells: Mapping[str, Telling], key: dg.AssetKey, night: Night, done: Sequence[StationResult]
) -> Mapping[str, Any]:
    telling = tells.get(".".join(key.path))
    return {**table_facts(night, key), **(telling(night, done) if telling else {})}


def _completed(key: dg.AssetKey, night: str, metadata: Mapping[str, Any], version: str) -> dg.AssetMaterialization:
    """Tell again of a table, of which more is known now: the same version of it, so that nothing counts as outdated."""
    return dg.AssetMaterialization(key, partition=night, metadata=metadata, tags={"dagster/data_version": version})


def _key(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


def _log(context: dg.AssetExecutionContext, performed: Performed) -> None:
    """Say on the run's own page what the station did, so that the night can be read there line by line."""
    result = performed.result
    context.log.info("%s: %s (%.1f s)", result.station, in_words(result.counts), result.seconds)
    for problem in performed.problems:
        context.log.warning("to look at: %s", problem)


def _check_spec(check: Check, keys: Sequence[dg.AssetKey]) -> dg.AssetCheckSpec:
    stops = "The night stops here before anything wrong goes on." if check.blocking else "The night goes on."
    return dg.AssetCheckSpec(
        check.name,
        asset=_asset_of(check, keys),
        blocking=check.blocking,
        description=f"Fails when {check.meaning} (`{check.table}`). {stops} What to do: {check.remedy}",
    )


def _told(answer: CheckResult, keys: Sequence[dg.AssetKey]) -> dg.AssetCheckResult:
    check = answer.check
    passed = answer.violations == 0
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=_asset_of(check, keys),
        check_name=check.name,
        severity=dg.AssetCheckSeverity.ERROR if check.blocking else dg.AssetCheckSeverity.WARN,
        description=None if passed else f"{check.meaning} ({answer.violations}). {check.remedy}",
        metadata={"violations": answer.violations, "remedy": check.remedy},
    )


def _asset_of(check: Check, keys: Sequence[dg.AssetKey]) -> dg.AssetKey:
    """The table a question speaks of or, where another station made it, the first one of the station that asks."""
    table_key = _key(check.table)
    return table_key if table_key in keys else keys[0]
