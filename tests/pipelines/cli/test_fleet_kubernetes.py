"""Manifests of a fleet: a cluster takes them, no secret stands in them, and a queue's pods see only its own plans."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from typer.main import get_group

from dagster_project import ui
from pipelines.cli.app import app
from pipelines.fleet import read_fleet
from pipelines.fleet.kubernetes import Cluster, render
from pipelines.fleet.kubernetes.fleet_file import PLANS
from pipelines.fleet.kubernetes.pods import FLEET_FILE, GATHER
from schemas.problems import ConfigurationError, ExitCode
from tests.docs import manifests
from tests.docs.manifests import IMAGE
from tests.pipelines.cli.conftest import Command

FLEET = manifests.FLEET.read_text(encoding="utf-8")
Manifest = dict[str, Any]


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Three plans, one of which has a queue of its own. Of their folders nothing is there."""
    path = tmp_path / "fleet.toml"
    path.write_text(FLEET, encoding="utf-8")
    return path


def rendered(fleet: Path, **more: Any) -> list[Manifest]:
    return list(yaml.safe_load_all(render(read_fleet(fleet), Cluster(IMAGE, **more))))


def pods(objects: list[Manifest]) -> dict[str, Manifest]:
    """What describes pods, by the name of the object."""
    jobs = {m["metadata"]["name"]: m["spec"]["jobTemplate"]["spec"] for m in objects if m["kind"] == "CronJob"}
    deployed = {m["metadata"]["name"]: m["spec"] for m in objects if m["kind"] == "Deployment"}
    return {name: spec["template"] for name, spec in (deployed | jobs).items()}


def own_of_plans(pod: Manifest) -> set[str]:
    """What of plans a pod mounts: Secrets, and ConfigMaps but the fleet file."""
    named = {
        volume.get("secret", {}).get("secretName") or volume.get("configMap", {}).get("name")
        for volume in pod["spec"]["volumes"]
    }
    return {name for name in named if name} - {"fleet"}


@pytest.mark.parametrize("storage_class", [None, "encrypted"])
@pytest.mark.parametrize("version", ["1.29", "1.37"])
def test_a_cluster_takes_every_manifest(fleet: Path, version: str, storage_class: str | None) -> None:
    objects = rendered(fleet, storage_class=storage_class)
    for manifest in objects:
        assert kubernetes_validate.validate(manifest, version, strict=True) == version
    kinds = [manifest["kind"] for manifest in objects]
    assert kinds[0] == "Namespace"
    assert set(kinds[1:]) == {
        "ServiceAccount", "NetworkPolicy", "ConfigMap", "Deployment", "Service", "PodDisruptionBudget", "CronJob",
    }  # fmt: skip


def test_the_same_fleet_gives_the_same_bytes_wherever_its_file_lies(fleet: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "fleet.toml"
    elsewhere.parent.mkdir()
    elsewhere.write_text(FLEET, encoding="utf-8")
    texts = {render(read_fleet(path), Cluster(IMAGE)) for path in (fleet, fleet, elsewhere)}
    assert len(texts) == 1
    assert str(tmp_path) not in texts.pop()


def test_the_page_shows_what_is_written() -> None:
    assert manifests.SHOWN.read_text(encoding="utf-8") == manifests.written(), "python -m tests.docs.generated"


def test_pods_of_a_queue_see_what_is_its_own_plans_and_nobody_else_does(fleet: Path) -> None:
    of = pods(rendered(fleet))
    own = {
        queue: {f"plan-{plan}-{what}" for plan in plans for what in ("config", "layouts", "keys")}
        for queue, plans in (("valley", ("valley",)), ("nights", ("delta", "sierra")))
    }
    assert {name: own_of_plans(pod) for name, pod in of.items() if own_of_plans(pod)} == {
        f"{what}-{queue}": own[queue] for queue in own for what in ("worker", "watch")
    }
    commands = {name: pod["spec"]["containers"][0]["command"] for name, pod in of.items()}
    told = {name: command[-1] for name, command in commands.items() if "--queue" in command}
    assert told == {f"{what}-{queue}": queue for queue in own for what in ("worker", "watch")}


def test_what_a_pod_runs_is_a_command_that_there_is(fleet: Path) -> None:
    for pod in pods(rendered(fleet)).values():
        program, *words = pod["spec"]["containers"][0]["command"]
        if program == "ecm-exchange":
            command: Any = get_group(app)
            while words[0] in getattr(command, "commands", ()):
                command = command.commands[words.pop(0)]
            assert not hasattr(command, "commands"), words
            command.make_context(program, words)
        else:
            assert (program, words.pop(0), words.pop(0)) == ("python", "-m", "dagster_project.ui")
            assert ui.options_of(words).fleet == Path(FLEET_FILE)


def test_secrets_are_named_and_never_written(fleet: Path) -> None:
    objects = rendered(fleet)
    assert [m for m in objects if m["kind"] == "Secret"] == []
    for pod in pods(objects).values():
        for container in pod["spec"]["containers"]:
            told = {each["name"]: each for each in container["env"]}
            for secret in ("ECM_EXCHANGE_DATABASE", "ECM_EXCHANGE_BROKER"):
                assert set(told[secret]) == {"name", "valueFrom"}
    text = render(read_fleet(fleet), Cluster(IMAGE))
    assert "://" not in text.replace("http://127.0.0.1", "")


def test_every_pod_is_shut_in(fleet: Path) -> None:
    for pod in pods(rendered(fleet)).values():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in [*spec["containers"], *spec.get("initContainers", [])]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["image"] == IMAGE
            assert {"requests", "limits"} == set(container["resources"])


def test_nobody_talks_to_anybody_but_for_what_is_needed(fleet: Path) -> None:
    objects = rendered(fleet)
    policies = {m["metadata"]["name"]: m["spec"] for m in objects if m["kind"] == "NetworkPolicy"}
    assert policies["nobody-to-anybody"] == {
        "podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": [], "egress": []
    }  # fmt: skip
    let_in = [name for name, spec in policies.items() if spec.get("ingress")]
    assert let_in == ["pages"], "and that is for the login alone"
    assert all(rule["from"] for rule in policies["pages"]["ingress"])
    (service,) = [m for m in objects if m["kind"] == "Service"]
    chosen = service["spec"]["selector"].items()
    shown = [pod for pod in pods(objects).values() if chosen <= pod["metadata"]["labels"].items()]
    assert ["--read-only" in pod["spec"]["containers"][0]["command"] for pod in shown] == [True]
    writing = [pod["spec"]["containers"][0]["command"] for pod in pods(objects).values() if pod not in shown]
    assert not any("--host" in command for command in writing), "which leaves them on loopback"


def test_what_chooses_pods_chooses_those_that_are_meant(fleet: Path) -> None:
    objects = rendered(fleet)
    of = pods(objects)
    for manifest in objects:
        if manifest["kind"] in {"Deployment", "PodDisruptionBudget"}:
            chosen = manifest["spec"]["selector"]["matchLabels"].items()
            found = [name for name, pod in of.items() if chosen <= pod["metadata"]["labels"].items()]
            assert found == [manifest["metadata"]["name"]]


def test_the_fleet_that_pods_read_is_the_fleet(fleet: Path, tmp_path: Path) -> None:
    (told,) = [m["data"]["fleet.toml"] for m in rendered(fleet) if m["kind"] == "ConfigMap"]
    path = tmp_path / "told.toml"
    path.write_text(told, encoding="utf-8")
    meant, seen = read_fleet(fleet), read_fleet(path)
    assert seen.name == meant.name
    for plan, in_a_pod in zip(meant.plans, seen.plans, strict=True):
        folder = Path(PLANS) / plan.id
        environment = folder / "keys" / "secrets.env" if plan.environment else None
        assert in_a_pod == plan.model_copy(update={"config": folder / "exchange.toml", "environment": environment})


def test_a_plan_s_folder_is_put_together_for_its_owner_alone(tmp_path: Path) -> None:
    """As a cluster gives it: each file by way of a link to a folder with the time in its name."""
    for what, name in (("config", "exchange.toml"), ("config", "providers.csv"), ("keys", "id_ed25519")):
        folder = tmp_path / "srv" / "given" / "VALLEY" / what
        (folder / "..2026").mkdir(parents=True, exist_ok=True)
        (folder / "..2026" / name).write_text(name, encoding="ascii")
        (folder / "..2026" / name).chmod(0o440)
        (folder / name).symlink_to(f"..2026/{name}")
    (tmp_path / "srv" / "given" / "VALLEY" / "layouts").mkdir()
    script = GATHER.replace("/srv/", f"{tmp_path}/srv/")
    for _ in range(2):  # a pod may be begun again with the volumes that it has
        subprocess.run(["/bin/sh", "-c", script, "gather", "VALLEY"], check=True)
    plan = tmp_path / "srv" / "plans" / "VALLEY"
    there = {str(path.relative_to(plan)): path for path in plan.rglob("*") if path.is_file()}
    assert {name: path.read_text("ascii") for name, path in there.items()} == {
        "exchange.toml": "exchange.toml", "providers.csv": "providers.csv", "keys/id_ed25519": "id_ed25519"
    }  # fmt: skip
    assert {stat.S_IMODE(path.lstat().st_mode) for path in there.values()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (plan, plan / "keys", plan / "layouts")} == {0o700}


def test_the_command_prints_them(fleet: Path, command: Command) -> None:
    told = command("fleet", "kubernetes", "--fleet", fleet, "--image", IMAGE, "--workers", "3")
    assert told.code == ExitCode.OK
    assert told.out == render(read_fleet(fleet), Cluster(IMAGE, workers=3))


@pytest.mark.parametrize("image", ["ecm-exchange", "registry.example/ecm-exchange:1.0", IMAGE[:-1]])
def test_an_image_that_may_be_another_one_tomorrow_is_refused(fleet: Path, command: Command, image: str) -> None:
    told = command("fleet", "kubernetes", "--fleet", fleet, "--image", image)
    assert (told.code, told.out) == (ExitCode.USAGE, "")
    assert "digest" in told.err


@pytest.mark.parametrize("queue", ["-nights", "nights-", "Nights", "n" * 41, ""])
def test_a_queue_that_no_pod_could_be_named_by_is_refused(fleet: Path, queue: str) -> None:
    fleet.write_text(FLEET.replace('queue = "valley"', f'queue = "{queue}"'), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="queue"):
        read_fleet(fleet)
