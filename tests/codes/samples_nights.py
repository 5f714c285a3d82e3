"""Codes of nights, of Dagster, of setting up, and of what nobody foresaw."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType
from unittest.mock import patch

import dagster as dg
import duckdb

from dagster_project.defs.new_files import DIGEST_TAG, new_files
from dagster_project.failures import TickFailed, safely
from dagster_project.look import ATTEMPTS, look, recorded_files
from dagster_project.partitions import BUSINESS_DATES, one_night
from dagster_project.resources import ExchangeHome
from pipelines import runs
from pipelines.cli.demo import by_dagster
from pipelines.derivation import match
from pipelines.nightly import deliver, run_night
from tests.codes.after_a_night import CLINIC, FIRST, SECOND, Plan
from tests.codes.sample import Meeting, Sample, Stage, raised
from tests.codes.typed import typed


def failed(action: Callable[[], object]) -> Meeting:
    """Do something as Dagster does, and return what its event store is told."""
    try:
        safely(action)
    except dg.Failure as failure:
        return Meeting((str(failure.metadata["code"].value),), str(failure.description))
    raise AssertionError("nothing was told")


def a_row_is_not_accounted_for(stage: Stage) -> Meeting:
    plan = stage.make_plan()
    plan.run("UPDATE ledger.files SET rows_in = rows_in + 1 WHERE source = 'probation'")
    with plan.night(FIRST) as night:
        return raised(lambda: list(run_night(night)))


def the_real_plan_on_a_laptop(stage: Stage) -> Meeting:
    plan = stage.make_plan()
    plan.write("providers.csv", ",127.0.0.1,", ",192.0.2.1,")
    plan.run("UPDATE delivery.outbox SET status = 'PREPARED' WHERE recipient = $npi", npi=CLINIC)
    with plan.night(FIRST) as night:
        return raised(lambda: ExchangeHome(config_file=str(plan.file)).refuse_partners(night))


def a_night_of_monday_was_lost(plan: Plan) -> None:
    plan.run("INSERT INTO ledger.runs VALUES ('r', $on, 1, 'LOST', NULL)", on=SECOND)


def it_is_delivered_again_after_a_stop(stage: Stage) -> Meeting:
    with stage.make_plan().night(SECOND) as night:
        runs.begin(night.warehouse, SECOND)
        return raised(lambda: deliver(night))


def three_runs_have_failed(stage: Stage) -> Meeting:
    plan, today = stage.make_plan(), str(BUSINESS_DATES.get_last_partition_key())
    (plan.folder / "sftp" / "fresno_probation" / "outgoing" / "PROBATION_REFERRALS_20261029.csv").write_bytes(b"new")
    with plan.serving(), dg.DagsterInstance.ephemeral() as instance:
        config = plan.config
        digest = look(config, recorded_files(config), now=0).digest
        for _ in range(ATTEMPTS):
            tags = {DIGEST_TAG: digest, "dagster/partition": today}
            instance.add_run(dg.DagsterRun(job_name="nightly_exchange", status=dg.DagsterRunStatus.FAILURE, tags=tags))
        exchange = ExchangeHome(config_file=str(plan.file))
        seen = dg.build_sensor_context(instance=instance, cursor=digest, resources={"exchange": exchange})
        try:
            new_files(seen)
        except TickFailed as failure:
            return Meeting(tuple(re.findall(r"\[([A-Z]\d\d)\]", str(failure))), str(failure))
    raise AssertionError("nothing was told")


def a_broken_installation_of_splink(stage: Stage) -> Meeting:
    plan, splink = stage.make_plan(), ModuleType("splink")
    splink.__spec__ = ModuleSpec("splink", None)
    plan.write("exchange.toml", "proposals = false", "proposals = true")
    plan.run("UPDATE facts.referrals SET cin = NULL, last_name = 'Marriedname'")
    with patch.dict(sys.modules, {"splink": splink}), plan.night(FIRST) as night:
        return raised(lambda: match(night))


def it_holds_other_files(stage: Stage) -> Meeting:
    (stage.folder / "notes.txt").write_text("not a demo", encoding="utf-8")
    return stage.command("demo", "--dir", stage.folder)


def dagster_does_not_start(stage: Stage) -> Meeting:
    with (
        patch.object(sys, "executable", str(shutil.which("false"))),
        by_dagster(stage.folder / "exchange.toml") as run_by_dagster,
    ):
        return raised(lambda: run_by_dagster(FIRST))


def a_table_of_the_copy_is_missing(plan: Plan) -> None:
    with duckdb.connect(str(plan.home / "published.duckdb")) as connection:
        connection.execute("DROP TABLE exchange.work_items")


SAMPLES = (
    Sample("K01", "a row of a list is not accounted for", a_row_is_not_accounted_for, told="not all accounted for (1)"),
    Sample("K02", "the real plan is tried on a laptop", the_real_plan_on_a_laptop, told="Nothing was sent"),
    typed("K03", "the night before the last one", "ecm-exchange run --date 2026-10-27", "has been run already"),
    typed("K04", "the disk failed after a night that no backup has", "ecm-exchange run --date 2026-10-30",
          "files of the night of 2026-10-29 stand", first=a_night_of_monday_was_lost),
    Sample("K05", "one run for three nights",
           lambda _: raised(lambda: one_night(["2026-11-04", "2026-11-05", "2026-11-06"])),
           told="this one was asked for 3"),
    Sample("K10", "it is delivered again after the night was stopped", it_is_delivered_again_after_a_stop,
           told="`ecm-exchange run --date 2026-10-29`"),
    typed("K20", "a year that is mistyped", "ecm-exchange run --date 2062-10-29", "the last night was that of 2026-10-28"),
    Sample("K90", "three runs for the same new file have failed", three_runs_have_failed, told="3 runs for the same"),
    Sample("K99", "a value that is no number, in Dagster", lambda _: failed(lambda: int("Crundelack")), ("Crundelack",),
           told="ValueError in samples_nights.py"),
    Sample("O02", "more memory is asked for than there is", lambda _: failed(lambda: bytearray(1 << 62)),
           told="there is no memory left"),
    Sample("I09", "an installation of splink that is broken", a_broken_installation_of_splink, told="(ImportError)"),
    Sample("M01", "a folder with other files", it_holds_other_files, told="in use for something else",
           shown="ecm-exchange demo --dir notes", form="sh"),
    Sample("M03", "Dagster does not start", dagster_does_not_start, told="has failed"),
    typed("X01", "the readers' copy lacks a table", "ecm-exchange status", "a defect in this software",
          first=a_table_of_the_copy_is_missing),
)  # fmt: skip
