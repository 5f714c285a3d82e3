"""The nightly exchange from end to end: the stations in their order, for the orchestrator and the command line.

A station is a function of the open warehouse, the configuration, the roster and the business date. What it did is told
in counts, so that a summary can be shown anywhere without showing anybody's data.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from pipelines import alerts, derivation, runs
from pipelines.audit.purge import purge
from pipelines.checkpoints import Checkpoint, reached
from pipelines.checks import CheckFailed, CheckResult, run_checks
from pipelines.config import ExchangeConfig, Roster
from pipelines.delivery.holds import told_of_holds
from pipelines.delivery.outbox import out_of_reach
from pipelines.delivery.prepare import prepare
from pipelines.delivery.send import SendResult, provider_endpoints, send_waiting, settle_earlier, source_endpoints
from pipelines.homes.held import keeper_at
from pipelines.identity.proposals import require_splink
from pipelines.intake import ledger
from pipelines.intake.pull_sources import SourceResult, pull_sources
from pipelines.intake.put_aside import put_accepted_aside
from pipelines.intake.visits import note_visits
from pipelines.leftovers import sweep, sweep_parts
from pipelines.load.enrollment import Progress, load_834, tell_nobody
from pipelines.load.profiles import profile_of
from pipelines.load.returns import RETURNS, load_return
from pipelines.load.tabular import FACTS, load_list
from pipelines.releases import apply_file_releases
from pipelines.replay import note_marks
from pipelines.reporting.page import put_up_notice, report, report_stop, stop_by
from pipelines.responses import prepare_acknowledgements, prepare_referral_status, prepare_responses
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import publish
from pipelines.work_lists import write_workbook
from schemas.problems import ExchangeError

Sleep = Callable[[float], None]
Counts = dict[str, int]

_ON_SENDING = re.compile(r"\S+: \d+ files not delivered \(|source \S+: an accepted file was not moved \(")
"""What a delivery tells of itself, and the next one in its place."""

_NAMED = 5
"""Providers of whom a problem that many share names as many by their NPI."""


@dataclass
class Night:
    """One run of one business date."""

    warehouse: Warehouse
    config: ExchangeConfig
    roster: Roster
    business_date: date
    sleep: Sleep = time.sleep
    clock: Callable[[], float] = time.time
    """Seconds since 1970; only used to tell for how long files have rested."""
    problems: list[str] = field(default_factory=list)
    """What a person should look at: partner and code, one line each."""
    progress: Progress = tell_nobody
    """Told how much of the 834 that is being loaded is done, in bytes."""
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    """Where the addresses are of whom is told how the night went."""
    has_stopped: bool = False
    """Whether a station stopped it, and people were told."""

    def __post_init__(self) -> None:
        self.roster = self.roster.as_of(self.business_date)


Station = Callable[[Night], Counts]


def receive(night: Night) -> Counts:
    """Pull what is new from every source into landing and ledger; refuse before it what the night would stop at."""
    if night.config.identity.proposals:
        require_splink()
    broken_off = runs.begin(night.warehouse, night.business_date)
    night.problems[:] = [f"{run} was broken off; this run goes on from what it left" for run in broken_off]
    reached(Checkpoint.RUN_ENTERED)
    put_up_notice(night.warehouse, night.config, night.business_date)
    swept = sweep(night.warehouse, [run.business_date for run in broken_off])
    apply_file_releases(night.warehouse, night.config.sources)
    results = pull_sources(night.warehouse, night.config, night.business_date, sleep=night.sleep, clock=night.clock)
    note_visits(night.warehouse, night.business_date, results)
    night.problems += [f"source {r.source}: {r.problem}" for r in results if r.problem]
    night.problems += [f"source {r.source}: a file was left ({code})" for r in results for code in r.skipped]
    if absent := [r.source for r in results if r.is_absent]:
        night.problems.append(
            f"returns: {len(absent)} folders of providers for what they return do not exist (T10): have them created, "
            "or name in `[[returns]]` whom it is for; `ecm-exchange doctor` lists them"
        )
    if unread := {r.provider: r.unmatched for r in results if r.provider and r.unmatched}:
        night.problems.append(
            f"returns: {sum(unread.values())} of the files in providers' folders match no pattern and are not read "
            f"({', '.join(sorted(unread)[:_NAMED])})"
        )
    if not any(result.problem for result in results):
        swept += sweep_parts(night.config.home)
    return {**_totals(results), **({"leftovers": swept} if swept else {})}


def load_enrollment(night: Night) -> Counts:
    """Load the landed 834 files into the facts."""
    for file in ledger.waiting(night.warehouse, "834"):
        load_834(night.warehouse, night.config, file, profile_of(night.config, file), progress=night.progress)
        reached(Checkpoint.ENROLLMENT_LOADED)
    ledger.count_duplicates(night.warehouse)
    return _rows_of_the_night(night, ["834"])


def load_referrals(night: Night) -> Counts:
    """Load referrals, release notices, care plan receipts and MIFs into the facts."""
    for file in ledger.waiting(night.warehouse, *FACTS):
        load_list(night.warehouse, night.config, file)
        reached(Checkpoint.ROWS_LOADED)
    ledger.count_duplicates(night.warehouse)
    return _rows_of_the_night(night, list(FACTS))


def load_returns(night: Night) -> Counts:
    """Load what providers return on their members into the facts."""
    for file in ledger.waiting(night.warehouse, *RETURNS):
        load_return(night.warehouse, night.config, file)
        reached(Checkpoint.RETURN_LOADED)
    ledger.count_duplicates(night.warehouse)
    return _rows_of_the_night(night, list(RETURNS))


def list_work(night: Night) -> Counts:
    """List what waits for a person, and write the lists as a workbook into the plan's own folder."""
    counts = derivation.list_work(night)
    write_workbook(night.warehouse, night.config.home / "work_lists", night.business_date)
    return counts


def fill_outbox(night: Night) -> Counts:
    """Settle what an interrupted night left, then prepare tonight's files and the answers to senders."""
    derivation.refuse_unfilled(night.warehouse)
    endpoints = provider_endpoints(night.roster, night.config)
    settled = settle_earlier(night.warehouse, endpoints, night.business_date, sleep=night.sleep)
    _tell_failures(night, settled)
    reached(Checkpoint.EARLIER_SETTLED)
    files = prepare(night.warehouse, night.config, night.roster, night.business_date)
    note_marks(night.warehouse, night.business_date)
    reached(Checkpoint.MARKS_NOTED)
    night.problems += told_of_holds(night.warehouse, night.business_date)
    night.problems += [
        f"provider {npi}: no longer in the roster, and {members} members it was told of have not been ended there; "
        "deactivate a provider instead of removing it"
        for npi, members in out_of_reach(night.warehouse, night.roster)
    ]
    reached(Checkpoint.PROVIDERS_PREPARED)
    responses = prepare_responses(night.warehouse, night.config, night.business_date)
    reached(Checkpoint.RESPONSES_PREPARED)
    referrals = prepare_referral_status(night.warehouse, night.config, night.business_date)
    reached(Checkpoint.REFERRALS_TOLD)
    acknowledged = prepare_acknowledgements(night.warehouse, night.config, night.business_date)
    reached(Checkpoint.ACKNOWLEDGEMENTS_PREPARED)
    night.problems += [
        f"source {source}: {count} files cannot be acknowledged, no interchange can be read in them"
        for source, count in acknowledged.unreadable.items()
    ]
    told = {"referral_statuses": referrals} if referrals else {}
    return {**files, "responses": responses, "acknowledgements": acknowledged.documents, **told}


def deliver(night: Night) -> Counts:
    """Send the outbox to providers and senders, record what arrived, and put accepted files aside at their senders."""
    derivation.refuse_unfilled(night.warehouse)
    runs.refuse_unready(night.warehouse)
    night.problems[:] = [line for line in night.problems if not _ON_SENDING.match(line)]  # it is told anew
    endpoints = provider_endpoints(night.roster, night.config)
    endpoints |= source_endpoints(night.config)
    results = send_waiting(night.warehouse, endpoints, night.business_date, sleep=night.sleep)
    _tell_failures(night, results)
    aside = put_accepted_aside(night.warehouse, night.config, sleep=night.sleep)
    night.problems += [f"source {a.source}: an accepted file was not moved ({code})" for a in aside for code in a.codes]
    counts = {"delivered": sum(r.delivered for r in results), "failed": sum(r.failed for r in results)}
    return {**counts, "moved": sum(a.moved for a in aside)} if aside else counts


def publish_copy(night: Night) -> Counts:
    """Close the run, report the night, replace the readers' copy, remove what was kept long enough, and tell people."""
    is_finished = runs.finish(night.warehouse, night.business_date, night.problems)
    reached(Checkpoint.RUN_FINISHED)
    _report(night)
    publish(night.warehouse)
    if is_finished:
        runs.unmark(night.config.home)
    removed = purge(night.warehouse, night.config.retention.years, night.business_date)
    if untold := _tell_people(night):
        night.problems += untold
        runs.finish(night.warehouse, night.business_date, night.problems)
        _report(night)
        publish(night.warehouse)
    return {"removed": removed} if removed else {}


STATIONS: tuple[tuple[str, Station], ...] = (
    ("receive files", receive),
    ("load enrollment", load_enrollment),
    ("update members", derivation.update_members),
    ("load referrals", load_referrals),
    ("match identities", derivation.match),
    ("load returns", load_returns),
    ("find episodes", derivation.find_episodes),
    ("authorize", derivation.authorize),
    ("assign", derivation.assign),
    ("gather reports", derivation.gather_reports),
    ("start clocks", derivation.start_clocks),
    ("find needs", derivation.find_needs),
    ("update the directory", derivation.update_directory),
    ("list work", list_work),
    ("fill the outbox", fill_outbox),
    ("deliver", deliver),
    ("publish", publish_copy),
)
"""The night in its order."""


def refuse_the_past(warehouse: Warehouse, business_date: date) -> None:
    """Stop before a night that a later one has overtaken, or that would overtake one whose files are out but unknown.

    Providers would be told what is no longer so, or anew what they were told.
    """
    latest = warehouse.value("SELECT max(business_date) FROM ledger.runs WHERE status <> 'LOST'")
    lost = warehouse.value(
        """SELECT min(business_date) FROM ledger.runs AS r
           WHERE status = 'LOST' AND business_date < $on AND NOT EXISTS (
               SELECT 1 FROM ledger.runs AS f WHERE f.business_date = r.business_date AND f.status = 'FINISHED')""",
        {"on": business_date},
    )
    if lost is not None:
        raise ExchangeError(
            "K04",
            f"files of the night of {lost} stand with providers, and what they say was lost here",
            remedy=f"Run that night first, `ecm-exchange run --date {lost}`: nothing that stands there is sent again.",
        )
    if latest is not None and business_date < latest:
        raise ExchangeError(
            "K03",
            f"the night of {latest} has been run already, and a night before it must not deliver again",
            remedy=f"Run `ecm-exchange run --date {latest}` or a later night: it sends what this one left undone.",
        )


@dataclass(frozen=True)
class StationResult:
    """What one station did and how long it took."""

    station: str
    counts: Counts
    seconds: float


def run_night(night: Night, *, clock: Callable[[], float] = time.perf_counter) -> Iterator[StationResult]:
    """Run the stations one after the other, telling of each as it ends. Running a night again changes nothing.

    Raises
    ------
    ExchangeError
        When a later night has been run.
    CheckFailed
        When a blocking check of a station fails; nothing after it runs.
    """
    refuse_the_past(night.warehouse, night.business_date)
    for name, station in STATIONS:
        started = clock()
        with stop_on_the_page(night, station):
            counts, answers = perform(night, station)
            for answer in answers:
                if answer.violations and answer.check.blocking:
                    raise CheckFailed(answer)
        yield StationResult(name, counts, clock() - started)


def perform(night: Night, station: Station) -> tuple[Counts, tuple[CheckResult, ...]]:
    """Let a station do its work, then ask the questions that belong after it; what they find is for a person."""
    keeper = keeper_at(night.warehouse.home)
    keeper.refuse_lost()
    counts = station(night)
    answers = ask(night, station)
    if station is fill_outbox and not any(answer.violations and answer.check.blocking for answer in answers):
        runs.make_ready(night.warehouse, night.business_date)
        keeper.make_ready(night.warehouse)
    night.problems += [answer.sentence() for answer in answers if answer.violations]
    return counts, answers


def ask(night: Night, station: Station) -> tuple[CheckResult, ...]:
    """Ask the questions that belong after a station, and change nothing."""
    night.warehouse.lend("roster", night.roster.table())
    return tuple(
        run_checks(
            night.warehouse,
            night.business_date,
            after=station.__name__,
            holidays=night.config.plan.holidays,
            enrollment_stale_days=night.config.safety.enrollment_stale_days,
            enrollment_sources=[source.name for source in night.config.sources if source.kind == "834"],
        )
    )


@contextmanager
def stop_on_the_page(night: Night, station: Station) -> Iterator[None]:
    """Let page and people be told when the block, a station's work, ends in an error, which then goes its way."""
    try:
        yield
    except Exception as failure:
        tell_of_stop(night, station, failure)
        raise


def tell_of_stop(night: Night, station: Station, failure: Exception) -> None:
    """Let the page of the night say at which station it stopped, and why, and tell people."""
    name = next((name for name, each in STATIONS if each is station), station.__name__)
    stopped = stop_by(name, failure)
    report_stop(night.warehouse, night.config, night.business_date, stopped, night.problems)
    night.has_stopped = True
    if untold := alerts.tell_of_stop(night.config.addressees, night.business_date, stopped, night.environment):
        night.problems += untold
        report_stop(night.warehouse, night.config, night.business_date, stopped, night.problems)


def _tell_people(night: Night) -> tuple[str, ...]:
    return alerts.tell_of_night(night.warehouse, night.config, night.roster, night.business_date, night.environment)


def _report(night: Night) -> None:
    """Write the page of the night; that it could not be written stands on record."""
    if (failure := report(night.warehouse, night.config, night.business_date)) is not None:
        night.problems.append(failure)
        runs.finish(night.warehouse, night.business_date, night.problems)


def _totals(results: tuple[SourceResult, ...]) -> Counts:
    return {
        "files": sum(r.received for r in results),
        "duplicates": sum(r.duplicates for r in results),
        "held": sum(r.held for r in results),
        "unreachable": sum(bool(r.problem) for r in results),
    }


def _tell_failures(night: Night, results: tuple[SendResult, ...]) -> None:
    night.problems += [f"{r.recipient}: {r.failed} files not delivered ({r.problem})" for r in results if r.failed]


def _rows_of_the_night(night: Night, kinds: list[str]) -> Counts:
    columns = ", ".join(f"coalesce(sum({c}), 0)::BIGINT" for c in ledger.COUNTS)
    found = night.warehouse.rows(
        f"""SELECT count(*), {columns} FROM ledger.files
            WHERE business_date = $on AND list_contains($kinds, kind)""",  # noqa: S608 - column names from code
        {"on": night.business_date, "kinds": kinds},
    )
    return dict(zip(("files", *ledger.COUNTS), found[0], strict=True))
