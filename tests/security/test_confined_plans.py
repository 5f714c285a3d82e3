"""Who runs a plan's night opens nothing of another plan, whatever it is made to do: the kernel sees to it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pysequoia import Tsk

from pipelines.backup.take import back_up
from pipelines.config import read_config, read_roster
from pipelines.fleet import read_fleet
from pipelines.homes import landlock
from pipelines.homes.reach import Place, reach_of
from pipelines.pgp import recipients_of
from pipelines.warehouse import open_warehouse
from tests.faults.conftest import TWO_PROVIDERS
from tests.pipelines.alerts.receivers import Mailbox
from tests.security.confined import looks, looks_at_process

ROOT = Path(__file__).parents[2]
SECRET = "correct-horse-GRUNDLE-battery"  # pragma: allowlist secret: it is planted here

FLEET = """
name = "A bureau"

[[plans]]
id = "ONE"
config = "{one}/exchange.toml"
environment = "{one}/secrets.env"

[[plans]]
id = "TWO"
config = "{two}/exchange.toml"
environment = "{two}/secrets.env"
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can confine a process")


@pytest.fixture(scope="module", autouse=True)
def _a_kernel_that_can() -> None:
    if landlock.version() < 3:
        pytest.fail("Landlock is missing: run this on Linux 6.2 or later, booted with it (`lsm=landlock,…`).")


@dataclass
class Fleet:
    """Two plans on one machine: ONE before its first night, and TWO after it."""

    file: Path
    one: Any
    two: Path
    """The folder in which all of TWO lies."""
    free: dict[str, bytes]
    """What a night of ONE delivers that nothing confines."""
    mailbox: Mailbox

    def process(self, *arguments: str, confined: str, given: object = None) -> subprocess.CompletedProcess[str]:
        """Let a process of ONE do something."""
        command = [sys.executable, "-m", "tests.security.confined", str(self.file), "ONE", confined]
        return subprocess.run(
            [*command, *arguments], cwd=ROOT, input=json.dumps(given), capture_output=True, text=True, check=False,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, timeout=120,
        )  # fmt: skip


@pytest.fixture(scope="module")
def fleet(make_plan: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    one = make_plan(sources=("dhcs", "probation"), providers=TWO_PROVIDERS, days=1)
    around = tmp_path_factory.mktemp("fleet")
    two = around / "two"
    with ExitStack() as stack:
        stack.enter_context(one.serving())
        mailbox = stack.enter_context(Mailbox())
        one.partners_leave_files(one.exchange.dates[0])
        settle(one, mailbox)
        one.config.home.mkdir()
        before = one.photograph(around / "before")
        one.run(one.exchange.dates[0])
        leave_more(one)
        shutil.copytree(one.root, two, ignore=shutil.ignore_patterns("sftp", "days"))
        name_it(two, "ONE", "TWO")
        free = one.found()
        one.set_back(before)
        (around / "fleet.toml").write_text(FLEET.format(one=one.root, two=two), encoding="utf-8")
        yield Fleet(around / "fleet.toml", one, two, free, mailbox)


def settle(plan: Any, mailbox: Mailbox) -> None:
    """Give a plan its id, pages elsewhere, somebody to tell, and a provider whose files are encrypted."""
    path = plan.root / "exchange.toml"
    text = path.read_text(encoding="utf-8").replace('home = "home"', 'home = "home"\npages = "pages"')
    path.write_text(f'{text}\n[[alerts]]\nto = "ECM_MAIL"\non = ["finished"]\n', encoding="utf-8")
    heading, first, *others = (plan.root / "providers.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{heading},pgp_key_file", f"{first},keys/clinic.asc", *(f"{each}," for each in others)]
    (plan.root / "providers.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    key = Tsk.generate("Clinic <clinic@example.org>").extract_certificate()
    (plan.root / "keys" / "clinic.asc").write_text(str(key), encoding="ascii")
    (plan.root / "secrets.env").write_text(f"ECM_MAIL='{mailbox.address}'\nOF_ONE={SECRET}\n", encoding="utf-8")
    (plan.root / "secrets.env").chmod(0o600)
    name_it(plan.root, "SHP", "ONE")
    plan.config, plan.roster = read_config(path), read_roster(plan.root / "providers.csv")


def name_it(folder: Path, old: str, new: str) -> None:
    for name in ("exchange.toml", "secrets.env"):
        text = (folder / name).read_text(encoding="utf-8")
        text = text.replace(f'\nid = "{old}"', f'\nid = "{new}"').replace(f"\nOF_{old}", f"\nOF_{new}")
        (folder / name).write_text(text, encoding="utf-8")


def leave_more(plan: Any) -> None:
    """Add what a night alone does not leave: a backup, and a record such as Dagster's."""
    with open_warehouse(plan.config.home) as warehouse:
        back_up(warehouse, plan.config.backups)
    with sqlite3.connect(plan.config.home / "record.db") as record:
        record.execute("CREATE TABLE t (i)")


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def told(fleet: Fleet, *, confined: str) -> dict[str, list[str]]:
    """Let a process of ONE try to come by what is TWO's, by its paths and by a link in its own home."""
    home = fleet.one.config.home
    home.mkdir(exist_ok=True)
    (home / "leads_to_two").unlink(missing_ok=True)
    (home / "leads_to_two").symlink_to(fleet.two.root)
    direct = [str(path) for path in files_below(fleet.two)]
    by_link = [str(home / "leads_to_two" / name) for name in ("secrets.env", "home/warehouse.duckdb")]
    with subprocess.Popen(["/bin/sleep", "60"], env={"SECRET": SECRET}, cwd=fleet.two) as process:
        given = {"files": [*direct, *by_link], "pid": process.pid, "own": None if confined == "no" else str(home)}
        ended = fleet.process("break-out", confined=confined, given=given)
        process.kill()
    (home / "leads_to_two").unlink()
    assert ended.returncode == 0, ended.stderr
    return {name: sorted(gained) for name, gained in json.loads(ended.stdout).items()}


@pytest.mark.parametrize(("confined", "secrets"), [("yes", ["OF_ONE"]), ("errand", [])], ids=["a night", "an errand"])
def test_a_confined_process_comes_by_nothing_of_another_plan_and_changes_nothing(
    fleet: Fleet, confined: str, secrets: list[str]
) -> None:
    before = {path: hashlib.sha256(path.read_bytes()).digest() for path in files_below(fleet.two)}
    parts = {part for path in before for part in path.parts}
    assert parts >= {"exchange.toml", "secrets.env", "plan_ed25519", "warehouse.duckdb", "backups", "pages", "outbox"}
    came_by = told(fleet, confined=confined)
    assert came_by.pop("environment", []) == secrets
    assert came_by == ({} if landlock.version() >= 6 else {"process": ["signal it"]})
    assert {path: hashlib.sha256(path.read_bytes()).digest() for path in files_below(fleet.two)} == before


def test_each_way_that_is_tried_leads_there_where_nothing_is_confined(fleet: Fleet) -> None:
    found = told(fleet, confined="no")
    process = found.pop("process")
    assert set(process) == {name for name, _ in looks_at_process(0)}
    assert {name for names in found.values() for name in names} == {name for name, _ in looks(Path("any"))}
    assert {str(path) for path in files_below(fleet.two)} <= set(found)


def test_a_confined_night_delivers_what_one_that_is_free_delivers(fleet: Fleet) -> None:
    one, on = fleet.one, fleet.one.exchange.dates[0]
    ended = fleet.process("run", "--config", f"{one.root}/exchange.toml", "--date", str(on), confined="yes")
    assert ended.returncode in {0, 1}, ended.stderr
    confined = one.found()
    assert confined.keys() == fleet.free.keys()
    sealed = {name for name in confined if name.endswith(".pgp")}
    assert {Path(name).suffixes[-2] for name in sealed} >= {".csv", ".xlsx"}
    assert all(recipients_of(confined[name]) == recipients_of(fleet.free[name]) != set() for name in sealed)
    same = confined.keys() - sealed - {name for name in confined if name.endswith(".manifest.json")}
    assert {name: confined[name] for name in same} == {name: fleet.free[name] for name in same}
    assert [*one.config.paths.pages.iterdir()]
    assert [subject for subject in fleet.mailbox.subjects if "ONE" in subject]


def test_every_version_of_landlock_that_is_good_enough_closes_what_is_not_named() -> None:
    program = f"""
import os
from pathlib import Path
from pipelines.homes import landlock
for version in range(2, {landlock.version()} + 1):
    if not os.fork():
        landlock.restrict({{Path("/usr"): landlock.Right.READ | landlock.Right.LIST}}, version)
        os.listdir("/usr")
        try:
            os.listdir("/etc")
        except PermissionError:
            os._exit(0)
        os._exit(1)
    print(version, os.wait()[1])
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == [word for each in range(2, landlock.version() + 1) for word in (str(each), "0")]


def test_where_a_folder_holds_more_than_one_plan_files_are_opened_one_by_one(fleet: Fleet) -> None:
    root, plans = fleet.one.root, read_fleet(fleet.file)
    beside = tuple(each.model_copy(update={"config": root / f"{each.id}.toml"}) for each in plans.plans)
    given: dict[str, Any] = {"place": Place(fleet.file), "secrets": {}, "environment": {}}

    def read(known: Any) -> set[Path]:
        return {*reach_of(known.plans[0], fleet.one.config, fleet.one.roster, fleet=known, **given).read}

    alone, together = read(plans), read(plans.model_copy(update={"plans": beside}))
    assert root in alone
    assert root not in together
    named = ("ONE.toml", "providers.csv", "networks.csv", "keys/clinic.asc", "keys/known_hosts", "keys/plan_ed25519")
    assert {root / name for name in named} <= together
