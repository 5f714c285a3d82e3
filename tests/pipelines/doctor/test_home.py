"""What the doctor finds on the plan's own machine: room, rights, clock, store, Dagster's settings."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines import runs
from pipelines.backup.manifest import Manifest, write_manifest
from pipelines.config import ExchangeConfig, Roster
from pipelines.doctor import Ailment, disk, machine
from pipelines.doctor.dagster_home import examine_dagster
from pipelines.doctor.disk import Volume, examine_disk, examine_encryption, examine_room
from pipelines.doctor.examine import examine
from pipelines.doctor.modes import examine_modes
from pipelines.doctor.store import examine_files_of_store, examine_nights, examine_runs, last_night_of
from pipelines.warehouse import open_warehouse, run_lock
from pipelines.warehouse.door import STORAGE_NUMBER, publish, storage_number
from pipelines.warehouse.shape import SHAPE
from tests.copies import copy_folder
from tests.openssh import AS_ROOT
from tests.pipelines.doctor.conftest import ills

TODAY = date(2026, 11, 4)
LAST_NIGHT = date(2026, 11, 3)


def names(found: Iterable[Ailment]) -> list[str]:
    return [each.name for each in found if each.state != "fine"]


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which one night was begun and finished, and published."""
    home = tmp_path_factory.mktemp("finished") / "home"
    with open_warehouse(home) as warehouse:
        runs.begin(warehouse, date(2026, 11, 3))
        runs.finish(warehouse, date(2026, 11, 3), [])
        publish(warehouse)
    runs.unmark(home)
    return home


@pytest.fixture
def plan(run_once: Path, config: ExchangeConfig, tmp_path: Path) -> ExchangeConfig:
    """The plan with a copy of that home."""
    home = copy_folder(run_once, tmp_path / "home")
    home.chmod(0o700)
    return config.model_copy(update={"paths": config.paths.model_copy(update={"home": home})})


def with_paths(plan: ExchangeConfig, **paths: Path) -> ExchangeConfig:
    return plan.model_copy(update={"paths": plan.paths.model_copy(update=paths)})


def test_a_store_too_large_for_what_is_left_is_told_before_the_night_finds_out(plan: ExchangeConfig) -> None:
    assert {"disk-full", "disk-low"}.isdisjoint(names(examine_disk(plan)))
    free = shutil.disk_usage(plan.home).free
    for size, name in ((free, "disk-full"), (free // 4, "disk-low")):
        os.truncate(plan.home / "warehouse.duckdb", size)  # takes no room: a file of nothing but a hole
        assert name in names(examine_disk(plan))


def test_a_volume_for_few_more_files_is_told_and_one_that_does_not_count_them_is_not() -> None:
    for files, expected in ((9, ["inodes-low"]), (1_000_000, []), (None, [])):
        assert names(examine_room("home", Path("/"), Volume(10**12, files), 1)) == expected
    assert Volume.of(Path("/")).free > 0


@pytest.mark.parametrize(
    ("volumes", "expected"),
    [
        ({"8:1": ("", ())}, ["volume-not-encrypted"]),
        ({"8:1": ("CRYPT-LUKS2-abc-home", ())}, []),
        ({"8:1": ("LVM-abc", ("8:2",)), "8:2": ("CRYPT-LUKS2-abc-disk", ())}, []),
        ({"8:1": ("LVM-abc", ("8:2", "8:3")), "8:2": ("CRYPT-LUKS2-x", ()), "8:3": ("", ())}, ["volume-not-encrypted"]),
        ({}, []),
    ],
)
def test_a_volume_that_this_machine_does_not_encrypt_is_told_and_of_one_it_does_not_know_nothing_is_said(
    tmp_path: Path, volumes: dict[str, tuple[str, tuple[str, ...]]], expected: list[str]
) -> None:
    for number, (kind, below) in volumes.items():
        for folder in ("dm", "slaves"):
            (tmp_path / number / folder).mkdir(parents=True)
        if kind:
            (tmp_path / number / "dm" / "uuid").write_text(f"{kind}\n", encoding="ascii")
        for other in below:
            (tmp_path / number / "slaves" / other).symlink_to(tmp_path / other)
    assert names(examine_encryption(tmp_path, os.makedev(8, 1), tmp_path)) == expected


def test_backups_on_the_disk_of_the_store_are_told(plan: ExchangeConfig) -> None:
    assert names(disk.examine_backup_disk(plan)) == ["backups-same-disk"]
    assert names(disk.examine_backup_disk(with_paths(plan, backups=Path("/proc")))) == []


def test_what_others_can_read_or_change_is_told_and_mended_by_what_is_told(
    plan: ExchangeConfig, roster: Roster, tmp_path: Path
) -> None:
    file = tmp_path / "exchange.toml"
    file.touch(0o600)
    plan = with_paths(plan, backups=tmp_path / "backups", pages=tmp_path / "pages")
    for folder in ("backups", "pages"):
        (tmp_path / folder).mkdir(mode=0o700)

    def look() -> list[Ailment]:
        return [each for each in examine_modes(plan, roster, file) if each.state != "fine"]

    assert look() == []
    for path, mode in (
        (plan.home / "published.duckdb", 0o640), (tmp_path / "backups", 0o755), (tmp_path / "pages", 0o777),
        (file, 0o666),
    ):  # fmt: skip
        path.chmod(mode)
    found = look()
    assert ills(found) == {
        ("home-open", str(plan.home)), ("backups-open", str(tmp_path / "backups")),
        ("pages-writable", str(tmp_path / "pages")), ("config-writable", str(file)),
    }  # fmt: skip
    for each in found:
        subprocess.run(["/bin/sh", "-c", each.command], check=True)
    assert look() == []


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a file away")
def test_files_of_another_account_are_told(plan: ExchangeConfig, roster: Roster) -> None:
    os.chown(plan.home / "published.duckdb", 65534, 65534)
    assert names(examine_modes(plan, roster, None)) == ["owners-mixed"]
    os.chown(plan.home, 65534, 65534)
    assert names(examine_modes(plan, roster, None)) == ["another-account", "owners-mixed"]


def test_a_folder_that_cannot_be_written_to_is_told_and_what_was_tried_is_gone(plan: ExchangeConfig) -> None:
    assert names(machine.examine_writing(plan)) == []
    assert list(plan.home.glob(".ecm*")) == []
    found = [
        each for each in machine.examine_writing(with_paths(plan, pages=Path("/proc/self"))) if each.state != "fine"
    ]
    assert [(each.name, each.subject) for each in found] == [("not-writable", "/proc/self")]


def test_too_few_open_files_are_told() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (500, hard))
        assert names(machine.examine_limits()) == ["open-files-low"]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    ("today", "last_night", "expected"),
    [
        (date(2026, 11, 4), date(2026, 11, 3), []),
        (date(2026, 11, 9), date(2026, 11, 6), []),  # a Monday, after the weekend
        (date(2026, 11, 12), date(2026, 11, 10), []),  # the day after a holiday
        (date(2026, 11, 5), date(2026, 11, 3), ["night-missed"]),
        (date(2026, 11, 2), date(2026, 11, 3), ["night-ahead"]),
        (date(2026, 11, 4), None, []),
        (date(2027, 11, 26), None, ["holidays-end"]),
        (date(2028, 1, 3), None, ["holidays-over"]),
    ],
)
def test_days_without_a_night_and_a_table_of_holidays_that_ends_are_told(
    plan: ExchangeConfig, today: date, last_night: date | None, expected: list[str]
) -> None:
    assert names(machine.examine_calendar(plan, today, last_night)) == expected


def test_a_clock_behind_what_the_last_run_wrote_is_told(plan: ExchangeConfig) -> None:
    assert names(machine.examine_clock(plan, time.time(), {})) == []
    assert names(machine.examine_clock(plan, time.time() - 3600, {})) == ["clock-behind-store"]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", ":/etc/localtime", "PST8PDT", "UTC0", ""])
def test_a_time_zone_that_the_machine_knows_is_fine(plan: ExchangeConfig, zone: str) -> None:
    assert names(machine.examine_clock(plan, time.time(), {"TZ": zone})) == []


def test_a_time_zone_that_the_machine_does_not_know_is_told(plan: ExchangeConfig) -> None:
    assert names(machine.examine_clock(plan, time.time(), {"TZ": "America/Los_Angelos"})) == ["zone-unknown"]


def test_a_store_of_a_later_storage_version_is_told_by_its_head(plan: ExchangeConfig) -> None:
    assert names(examine_files_of_store(plan.home)) == []
    for name in ("warehouse.duckdb", "published.duckdb"):
        assert storage_number(plan.home / name) == STORAGE_NUMBER
        with (plan.home / name).open("r+b") as file:
            file.seek(12)
            file.write((STORAGE_NUMBER + 1).to_bytes(8, "little"))
    assert ills(examine_files_of_store(plan.home)) == {
        ("store-newer", "warehouse.duckdb"), ("store-newer", "published.duckdb"),
    }  # fmt: skip
    (plan.home / "published.duckdb").write_bytes(b"not a store")
    (plan.home / "warehouse.duckdb").unlink()
    assert names(examine_files_of_store(plan.home)) == ["store-damaged", "store-gone"]
    assert names(examine_nights(plan, TODAY, None)) == ["store-damaged"]


def edit(path: Path, *statements: str) -> None:
    with duckdb.connect(str(path)) as store:
        for statement in statements:
            store.execute(statement)


@pytest.mark.parametrize(("shape", "expected"), [(SHAPE + 1, "store-newer"), (SHAPE - 1, "copy-older")])
def test_a_copy_for_readers_of_another_version_is_told(plan: ExchangeConfig, shape: int, expected: str) -> None:
    edit(plan.home / "published.duckdb", f"UPDATE ledger.store SET shape = {shape}")  # noqa: S608 - a number
    assert names(examine_nights(plan, TODAY, None)) == [expected]
    assert last_night_of(plan.home) is None


WAITING = """INSERT INTO delivery.outbox BY NAME SELECT 'o' || i AS outbox_id, 'PROVIDER' AS recipient_kind,
    '1234567893' AS recipient, DATE '2026-11-03' AS business_date, 1 AS sequence, 'DELTA' AS scope, 1 AS part,
    'f' AS name, '/out' AS folder, 'f' AS path, '' AS sha256, 0 AS size, 0 AS rows, 'FAILED' AS status, 'T11' AS reason
    FROM range(2) AS r(i)"""


def test_what_the_last_night_left_is_told(plan: ExchangeConfig, tmp_path: Path) -> None:
    assert last_night_of(plan.home) == LAST_NIGHT
    assert names(examine_nights(plan, TODAY, LAST_NIGHT)) == ["backup-missing"]
    held = """INSERT INTO ledger.files BY NAME SELECT * FROM (SELECT 'x' AS file_id, 'jail' AS source, 'n' AS name,
        'release_notice' AS kind, 'release_notice' AS layout, 0 AS size, 0 AS modified, '' AS sha256,
        DATE '2026-11-03' AS business_date, 1 AS arrival, 'HELD' AS status, 'F04' AS reason, '' AS detail, 0 AS rows_in,
        0 AS rows_loaded, 0 AS rows_rejected, 0 AS rows_duplicate, 0 AS rows_warned, false AS applied)"""
    entered = "INSERT INTO facts.roster_entries VALUES ('e', 1, DATE '2026-11-03', '1234567893', true, '{}')"
    edit(plan.home / "published.duckdb", WAITING, held, entered)
    found = examine_nights(plan, date(2026, 12, 15), LAST_NIGHT)
    assert names(found) == ["report-due", "backup-missing", "files-held", "files-waiting"]
    assert "2 files for 1 recipient" in [each.what for each in found][-1]
    (plan.home / "warehouse.mark.json").unlink()
    assert names(examine_nights(plan, TODAY, LAST_NIGHT))[0] == "record-unfit"


def test_an_empty_home_and_none_are_worth_a_look(plan: ExchangeConfig, roster: Roster, tmp_path: Path) -> None:
    for path in plan.home.iterdir():
        path.unlink() if path.is_file() else shutil.rmtree(path)
    assert names(examine_nights(plan, TODAY, None)) == ["no-night-yet"]
    kept = with_paths(plan, backups=tmp_path / "kept")
    (tmp_path / "kept" / "BACKUP_20261103_000001").mkdir(parents=True)
    assert names(examine_nights(kept, TODAY, None)) == ["store-gone"], "a home with backups has had nights"
    plan.home.rmdir()
    found = names(examine(plan, roster, TODAY, servers=False))
    assert "home-missing" in found
    assert "cannot-look" not in found


def test_what_the_system_does_not_let_be_seen_is_told_and_the_rest_is_looked_at(
    plan: ExchangeConfig, roster: Roster
) -> None:
    (plan.home / "run.unfinished").mkdir()
    found = [each for each in examine(plan, roster, TODAY, servers=False) if each.state == "wrong"]
    assert ("cannot-look", str(plan.home / "run.unfinished")) in ills(found)
    assert "night-missed" not in names(found)


def test_runs_at_work_hanging_and_broken_off_are_told_apart(plan: ExchangeConfig) -> None:
    home, now = plan.home, time.time()
    assert names(examine_runs(home, now)) == []
    (home / "run.unfinished").write_text("2026-11-04 1\n", encoding="ascii")
    assert names(examine_runs(home, now)) == ["run-broken-off"]
    with run_lock(home):
        [told] = examine_runs(home, now)
        assert (told.name, str(os.getpid()) in told.what) == ("run-at-work", True)
        os.utime(home / "run.lock", (now - 4 * 3600, now - 4 * 3600))
        [told] = examine_runs(home, now)
        assert (told.name, told.command.endswith(f"kill {os.getpid()}")) == ("run-hangs", True)


def backup(plan: ExchangeConfig, night: date | None) -> None:
    folder = plan.backups / "BACKUP_1"
    folder.mkdir(parents=True, exist_ok=True)
    write_manifest(folder, Manifest("s", 1, 0, "", night, {}, ()))


def test_a_backup_that_is_behind_is_told(plan: ExchangeConfig) -> None:
    backup(plan, date(2026, 11, 1))
    assert names(examine_nights(plan, TODAY, LAST_NIGHT)) == ["backup-old"]
    backup(plan, date(2026, 11, 3))
    assert names(examine_nights(plan, TODAY, LAST_NIGHT)) == []


Change = Callable[[dict[str, object]], object]
OURS = Path("dagster_project/dagster.yaml")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (dict, []),
        (lambda s: s["run_monitoring"].update(enabled=False), ["dagster-no-monitoring"]),
        (lambda s: s.pop("run_monitoring"), ["dagster-no-monitoring", "dagster-settings-older"]),
        (lambda s: s["concurrency"]["runs"].update(max_concurrent_runs=4), ["dagster-several-runs"]),
        (lambda s: s["telemetry"].update(enabled=True), ["dagster-telemetry"]),
        (lambda s: s.pop("retention"), ["dagster-settings-older"]),
    ],
)
def test_settings_of_dagster_that_harm_a_night_are_told(tmp_path: Path, change: Change, expected: list[str]) -> None:
    folder = tmp_path / "dagster"
    folder.mkdir(mode=0o700)
    settings = yaml.safe_load((Path(__file__).parents[3] / OURS).read_text(encoding="utf-8"))
    change(settings)
    (folder / "dagster.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    assert names(examine_dagster(tmp_path, {})) == expected


def test_each_setting_that_is_told_mends_it(tmp_path: Path) -> None:
    folder = tmp_path / "dagster"
    folder.mkdir(mode=0o700)
    (folder / "dagster.yaml").write_text("", encoding="utf-8")
    found = {each.name: each for each in examine_dagster(tmp_path, {})}
    lines = [found[name].command for name in ("dagster-no-monitoring", "dagster-several-runs", "dagster-telemetry")]
    (folder / "dagster.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert names(examine_dagster(tmp_path, {})) == ["dagster-settings-older"]
    assert names(examine_dagster(tmp_path, {"DAGSTER_DISABLE_TELEMETRY": "yes"})) == ["dagster-settings-older"]


def test_of_settings_that_are_missing_the_table_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "dagster"
    folder.mkdir(mode=0o700)
    settings = yaml.safe_load((Path(__file__).parents[3] / OURS).read_text(encoding="utf-8"))
    del settings["retention"], settings["run_monitoring"]["poll_interval_seconds"]
    (folder / "dagster.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    [told] = examine_dagster(tmp_path, {})
    assert told.what.endswith(": run_monitoring.poll_interval_seconds, retention")


def test_a_folder_of_dagster_elsewhere_is_looked_at_too(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    environment = {"DAGSTER_HOME": str(elsewhere)}
    assert names(examine_dagster(tmp_path, {})) == []
    assert names(examine_dagster(tmp_path, environment)) == ["dagster-home-missing"]
    elsewhere.mkdir()
    elsewhere.chmod(0o755)  # whatever umask a command before this test has left
    assert names(examine_dagster(tmp_path, environment)) == ["dagster-home-open", "dagster-settings-missing"]
    (elsewhere / "dagster.yaml").write_text("a: [", encoding="utf-8")
    elsewhere.chmod(0o700)
    assert names(examine_dagster(tmp_path, environment)) == ["dagster-settings-unreadable"]


def test_the_last_business_day_is_looked_for_as_far_as_need_be(plan: ExchangeConfig) -> None:
    closed = tuple(TODAY - timedelta(days=days) for days in range(1, 8))
    shut = plan.model_copy(update={"plan": plan.plan.model_copy(update={"holidays": closed})})
    assert "night-missed" not in names(machine.examine_calendar(shut, TODAY, date(2026, 10, 27)))
