"""A key or password that stands in a file is found; what only looks like one is said to be none."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.supply_chain.secret_scan import places

PRIVATE_KEY = (
    Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    .decode()
)
PASSWORD = "correct-horse-7"  # pragma: allowlist secret: it is planted here
TOKEN = "".join(("AK", "IA", "Q7ZPLM4XWT2VBNRC"))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (PRIVATE_KEY, 1),
        (f"# a note\n\naccess = '{TOKEN}'\n", 3),
        (f"username = 'plan'\npassword = '{PASSWORD}'\n", 2),
        (f"server = 'sftp://plan:{PASSWORD}@partner.example'\n", 1),  # pragma: allowlist secret
        (f"password_env = '{PASSWORD}'\n", 1),
    ],
    ids=["private key", "access key", "password", "password in an address", "password in place of its variable"],
)
def test_a_planted_secret_is_found_at_its_line_and_not_repeated(tmp_path: Path, content: str, line: int) -> None:
    (tmp_path / "planted.toml").write_text(content, encoding="utf-8")
    (told, *_) = places(tmp_path, ["planted.toml"])
    assert told.startswith(f"planted.toml:{line}: ")
    assert PASSWORD not in told


def test_what_is_invented_is_no_secret(tmp_path: Path) -> None:
    lines = [
        'cin = "91234567B"',
        'password_env = "DHCS_PASSWORD"',
        f"    --hash=sha256:{sha256(b'').hexdigest()}",
        f"password = '{PASSWORD}'  # pragma: allowlist secret",
    ]
    (tmp_path / "file.toml").write_text("\n".join(lines), encoding="utf-8")
    assert places(tmp_path, ["file.toml"]) == []
