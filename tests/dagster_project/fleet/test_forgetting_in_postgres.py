"""What a plan's old runs left behind in the PostgreSQL of a fleet with workers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import psycopg2
import pytest

from dagster_project.fleet.rehearsal.parts import Part
from dagster_project.forget import forget_old_runs
from dagster_project.partitions import PLAN_TAG
from pipelines.homes.database import of_driver
from tests.dagster_project.test_forgetting import is_there, nightly

pytestmark = pytest.mark.filterwarnings("ignore:Non-compliant tag keys")  # Dagster's own tag for a part of a partition

LATER = datetime.now(UTC) + timedelta(days=30)
OF_RUNS = ("event_logs", "asset_check_executions", "run_tags", "runs")


def rows(url: str, run_id: str) -> dict[str, int]:
    """Count what the tables hold of a run."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        counted = {}
        for table in OF_RUNS:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE run_id = %s", (run_id,))  # noqa: S608 - named above
            (counted[table],) = cursor.fetchone() or (0,)
    return counted


def test_nothing_stays_of_a_run_that_was_forgotten(database: Part, tmp_path: Path) -> None:
    settings = f"storage: {{postgres: {{postgres_url: '{of_driver(database.url)}'}}}}\ntelemetry: {{enabled: false}}\n"
    (tmp_path / "dagster.yaml").write_text(settings, encoding="utf-8")
    with dg.DagsterInstance.from_config(str(tmp_path)) as store:
        old, newest = (
            dg.materialize([nightly, is_there], instance=store, tags={PLAN_TAG: "VALLEY"}).run_id for _ in range(2)
        )
        assert min(rows(database.url, old).values()) > 0
        assert forget_old_runs(store, LATER, days=7, of={PLAN_TAG: "VALLEY"}) == 1
        assert set(rows(database.url, old).values()) == {0}
        assert min(rows(database.url, newest).values()) > 0
