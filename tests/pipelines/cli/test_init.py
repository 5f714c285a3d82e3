"""What a plan begins with: whole, for its eyes alone, never overwritten, and sensible before any partner is there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.beginning import begin
from pipelines.config import read_config
from schemas.kinds import LAID_OUT
from schemas.layout import load_layout
from schemas.problems import ConfigurationError
from tests.pipelines.cli.conftest import Command

SOURCE = """
[[sources]]
name = "probation"
kind = "mini_mif"
layout = "layouts/mini_mif.toml"
host = "files.county.test"
port = 2022
username = "plan"
key_file = "keys/plan_ed25519"
known_hosts = "keys/known_hosts"
folder = "/outgoing"
pattern = "REFERRALS_*.csv"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "plan"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_of_it_is_written_and_readable_by_its_owner_alone(command: Command, folder: Path) -> None:
    os.umask(before := os.umask(0))
    try:
        os.umask(0)
        told = command("init", "--dir", folder)
    finally:
        os.umask(before)
    assert told.code == 0
    assert set(files(folder)) == {
        "CHECKLIST.md", "exchange.toml", "providers.csv", "keys/plan_ed25519", "keys/plan_ed25519.pub",
        "keys/known_hosts", "layouts/README.md", *(f"layouts/{kind}.toml" for kind in LAID_OUT),
    }  # fmt: skip
    open_to_others = [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]
    assert open_to_others == []
    public = (folder / "keys" / "plan_ed25519.pub").read_text(encoding="ascii").strip()
    assert public in told.err
    assert public in (folder / "CHECKLIST.md").read_text(encoding="utf-8")


def test_each_kind_has_a_layout_that_says_nothing_yet(folder: Path) -> None:
    begin(folder)
    for kind in LAID_OUT:
        assert load_layout(folder / "layouts" / f"{kind}.toml") == load_layout(kind)


def test_a_second_time_nothing_is_written(command: Command, folder: Path) -> None:
    command("init", "--dir", folder)
    before = files(folder)
    told = command("init", "--dir", folder)
    assert (told.code, files(folder)) == (0, before)
    assert "Nothing is missing" in told.err


def test_what_is_there_stays_and_what_is_missing_is_written(command: Command, folder: Path) -> None:
    begin(folder)
    before = files(folder)
    for lost in ("exchange.toml", "layouts/mif.toml", "CHECKLIST.md"):
        (folder / lost).unlink()
    (folder / "providers.csv").write_bytes(kept := before["providers.csv"].replace(b"Name of the provider", b"Bridge"))
    assert command("init", "--dir", folder).code == 0
    assert files(folder) == before | {"providers.csv": kept}


def test_a_call_that_was_broken_off_anywhere_is_completed_by_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(folder)
    whole = set(files(folder))
    for step in range(len(whole) - 1):  # the public key is made of the other, whenever it is missing
        broken, done = folder.with_name(f"broken-{step}"), iter(range(step))
        replace = Path.replace

        def power_cut(self: Path, target: Any, done: Any = done, replace: Any = replace) -> Path:
            if next(done, None) is None:
                raise OSError("power cut")
            return replace(self, target)

        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", power_cut)
            with pytest.raises(OSError, match="power cut"):
                begin(broken)
        begin(broken)
        assert set(files(broken)) == whole


def test_partners_that_came_into_the_configuration_get_boxes_and_what_was_ticked_stays(folder: Path) -> None:
    begin(folder)
    path, config = folder / "CHECKLIST.md", folder / "exchange.toml"
    assert "example.org" not in path.read_text(encoding="utf-8"), "nobody calls an invented partner"
    ticked = path.read_text(encoding="utf-8").replace("- [ ] **The machine**", "- [x] **The machine**")
    path.write_text(ticked, encoding="utf-8")
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("\n[delivery]\n", f"{SOURCE}\n[delivery]\n"), encoding="utf-8")
    begin(folder)
    grown = path.read_text(encoding="utf-8")
    assert grown.startswith(ticked)
    added = [line.partition("**: ")[0] for line in grown.removeprefix(ticked).splitlines() if line.startswith("-")]
    assert added == ["- [ ] **server files.county.test:2022", "- [ ] **source probation"]
    begin(folder)
    assert path.read_text(encoding="utf-8") == grown


def test_a_checklist_that_is_made_late_has_the_boxes_in_their_sections(folder: Path) -> None:
    begin(folder)
    (folder / "CHECKLIST.md").unlink()
    roster = folder / "providers.csv"
    roster.write_text(roster.read_text(encoding="utf-8").replace("sftp.example.org", "files.clinic.test"), "utf-8")
    begin(folder)
    receives = (
        (folder / "CHECKLIST.md").read_text(encoding="utf-8").partition("## Who receives")[2].partition("\n## ")[0]
    )
    assert "**server files.clinic.test:22**" in receives
    assert "**provider 1234567893**" in receives


def test_a_configuration_with_a_mistake_is_told_and_all_else_is_written(folder: Path) -> None:
    folder.mkdir()
    (folder / "exchange.toml").write_text("[plan]\nnam = 1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="did you mean `name`"):
        begin(folder)
    assert (folder / "layouts" / "mini_mif.toml").exists()


def test_what_was_written_can_be_run_before_any_partner_is_there(command: Command, folder: Path) -> None:
    begin(folder)
    config = folder / "exchange.toml"
    assert read_config(config).sources[1].layout == str(folder / "layouts" / "mini_mif.toml")
    examined = command("doctor", "--config", config)
    assert (examined.code, "X01" in examined.err) == (1, False)
    assert "source dhcs" in examined.out
    for asked in ("status", "plan"):
        told = command(asked, "--config", config)
        assert "X01" not in told.err
