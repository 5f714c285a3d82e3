"""Passwords and keys are used and never shown: not by what holds them, not by errors, not on Dagster's pages.

That no process prints or keeps one is asked by `test_nothing_leaves`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, PublicFormat

from dagster_project.resources import ExchangeHome
from pipelines.config import read_config
from pipelines.intake.endpoints import endpoint_of
from pipelines.transfer.connection import Endpoint, connect
from sample_data import generate
from schemas.problems import ConfigurationError, ExchangeError

SECRET = "correct-horse-battery"  # pragma: allowlist secret: it is planted here


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    return generate(tmp_path, members=1, days=1).out / "exchange.toml"


def changed(config_file: Path, old: str, new: str) -> Path:
    text = config_file.read_text(encoding="utf-8")
    assert old in text
    config_file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return config_file


def test_what_holds_a_password_does_not_show_it(config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DHCS_PASSWORD", SECRET)
    key = next(line for line in config_file.read_text(encoding="utf-8").splitlines() if line.startswith("key_file"))
    config = read_config(changed(config_file, key, 'password_env = "DHCS_PASSWORD"'))
    endpoint = endpoint_of(config, config.sources[0])
    assert endpoint.password == SECRET
    shown = (repr(endpoint), f"{endpoint}", repr(config), config.model_dump_json())
    assert [text for text in shown if SECRET in text] == []


@pytest.mark.parametrize(
    "line",
    [f'password = "{SECRET}"', f'password_env = ["{SECRET}"]', f'password_env = "{SECRET}', f"host_key = {SECRET}"],
    ids=["a key that is none", "of another type", "not closed", "not quoted"],
)
def test_a_mistake_beside_a_password_is_told_without_it(config_file: Path, line: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_config(changed(config_file, "[[sources]]\n", f"[[sources]]\n{line}\n"))
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_key_that_does_not_open_is_told_by_its_path_alone(tmp_path: Path) -> None:
    key = tmp_path / "key"
    sealed = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.OpenSSH, BestAvailableEncryption(SECRET.encode())
    )
    key.touch(mode=0o600)
    key.write_bytes(sealed)
    endpoint = Endpoint("dhcs", "192.0.2.1", 22, "plan", key, "another-secret", host_key=_a_host_key())
    with pytest.raises(ExchangeError) as refused, connect(endpoint):
        pass
    assert refused.value.code == "T05"
    for secret in (SECRET, "another-secret", sealed.decode().splitlines()[1]):
        assert secret not in str(refused.value)


def _a_host_key() -> str:
    public = Ed25519PrivateKey.generate().public_key()
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def test_dagster_knows_where_the_configuration_is_and_not_what_it_says(config_file: Path) -> None:
    resource = ExchangeHome(config_file=str(config_file))
    told = json.loads(resource.model_dump_json())
    assert set(ExchangeHome.model_fields) == told.keys()
    assert told.keys() == {"config_file", "deliver_to_partners", "patience", "plan"}
    assert told["config_file"] == str(config_file)
