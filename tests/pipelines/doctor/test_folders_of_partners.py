"""What the doctor finds in folders on partners' real servers, and that nothing of it stays there."""

from __future__ import annotations

import os
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest

from pipelines.doctor.accounts import accounts_of
from pipelines.doctor.shared import suspects_among
from pipelines.doctor.visit import visit
from pipelines.transfer.jail import Answer, Jail
from pipelines.transfer.keys import ensure_keypair
from pipelines.transfer.protocol import Fields
from pipelines.transfer.server import EmbeddedServer
from tests.openssh import AS_ROOT
from tests.pipelines.doctor.conftest import PROVIDER, Ward, close, ills


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("x", encoding="ascii")
        (folder / name).chmod(0o644)


def test_what_is_as_it_should_be_is_fine_and_nothing_is_left_behind(ward: Ward) -> None:
    folders = [ward.folder("well", name) for name in ("in", "out", "answers", "done")]
    put(folders[0], "LIST_1.csv", "LIST_2.csv")
    ward.source("well", move_to="done", responses="answers")
    ward.provider("well-provider")
    folders.append(ward.folder("well-provider", "out"))
    found = ward.examine()
    assert ills(found) == set()
    assert {each.subject for each in found if each.group == "servers"} == {"source well", f"provider {PROVIDER}"}
    assert [sorted(path.name for path in folder.iterdir()) for folder in folders] == [
        ["LIST_1.csv", "LIST_2.csv"], [], [], [], [],
    ]  # fmt: skip


def test_what_a_look_that_was_killed_left_is_taken_away_by_the_next_one(ward: Ward) -> None:
    folders = [ward.folder("left-source", name) for name in ("in", "answers")]
    ward.source("left-source", responses="answers")
    folders.append(ward.folder("left-provider", "out"))
    ward.provider("left-provider")
    for folder in folders[1:]:
        put(folder, ".ECM_EXCHANGE_DOCTOR.part", ".ECM_EXCHANGE_DOCTOR.renamed.part", ".ECM_EXCHANGE_DOCTOR.0.part")
        for path in folder.iterdir():
            os.chown(path, folder.stat().st_uid, folder.stat().st_gid)
    assert ills(ward.examine()) == set()
    assert [list(folder.iterdir()) for folder in folders] == [[], [], []]


def test_each_folder_that_is_not_there_is_told_by_the_key_that_names_it(ward: Ward) -> None:
    ward.folder("bare", "in")
    ward.source("bare", "bare_source", move_to="done", responses="answers")
    ward.source("bare", "bare_inbox", folder="nowhere")
    ward.provider("bare-provider")
    found = [each for each in ward.examine() if each.name == "folder-missing"]
    assert {(each.subject, each.remedy.partition("`")[2].partition("`")[0]) for each in found} == {
        ("source bare_source", "move_to"), ("source bare_source", "responses"), ("source bare_inbox", "folder"),
        (f"provider {PROVIDER}", "folder"),
    }  # fmt: skip
    assert all("sftp -P" in each.command for each in found)


def test_a_provider_that_has_no_folder_to_return_into_is_worth_a_look_only(ward: Ward) -> None:
    ward.folder("returner", "out")
    ward.source("returner", "rtf", kind="rtf", layout="rtf", provider=PROVIDER, folder="returns", responses="answers")
    ward.provider("returner")
    assert ills(ward.examine()) == {("returns-folder-missing", f"provider {PROVIDER}")}


def test_folders_without_the_right_to_write_are_found_and_nothing_is_left(ward: Ward) -> None:
    shut = [close(ward.folder("shut", name)) for name in ("out", "answers")]
    ward.folder("shut", "in")
    ward.source("shut", responses="answers")
    ward.provider("shut")
    found = [each for each in ward.examine() if each.name == "folder-not-writable"]
    assert {each.subject for each in found} == {"source shut", f"provider {PROVIDER}"}
    assert all("[T11]" in each.what for each in found)
    assert [list(folder.iterdir()) for folder in shut] == [[], []]


@pytest.mark.skipif(not AS_ROOT, reason="the serving account owns its folders, and can always read them")
def test_a_folder_that_cannot_be_listed_is_told(ward: Ward) -> None:
    close(ward.folder("veiled", "in")).chmod(0o700)
    ward.source("veiled")
    assert ills(ward.examine()) == {("folder-denied", "source veiled")}


def test_a_source_from_whose_folder_nothing_can_be_moved_is_told(ward: Ward) -> None:
    close(ward.folder("stuck", "in"))
    ward.folder("stuck", "done")
    ward.source("stuck", move_to="done")
    assert ills(ward.examine()) == {("cannot-move", "source stuck")}


@pytest.mark.parametrize("strict_ward", ["rename,posix-rename"], indirect=True)
def test_a_server_that_lets_nothing_be_renamed_is_told_and_the_probe_is_removed(strict_ward: Ward) -> None:
    folder = strict_ward.folder("no-rename", "out")
    strict_ward.provider("no-rename")
    assert ills(strict_ward.examine()) == {("folder-no-rename", f"provider {PROVIDER}")}
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("strict_ward", ["remove"], indirect=True)
def test_a_probe_that_cannot_be_removed_is_told_is_there_once_and_goes_when_it_can(
    strict_ward: Ward, ward: Ward
) -> None:
    folder = strict_ward.folder("no-remove", "out")
    strict_ward.provider("no-remove")
    for _ in range(2):
        [told] = [each for each in strict_ward.examine() if each.state != "fine"]
        [left] = folder.iterdir()
        assert (told.name, told.state) == ("probe-left", "look")
        assert left.name in told.what
        assert left.name.startswith(".")
        assert left.name.endswith(".part")
    strict_ward.sshd.kill("no-remove")
    ward.provider("no-remove")
    assert ills(ward.examine()) == set()
    assert list(folder.iterdir()) == []


class Full(Jail):
    """An account whose storage has no room."""

    def write(self, fields: Fields) -> Answer:  # noqa: ARG002 - the jail's signature
        raise OSError(ENOSPC, "full")

    def room(self, path: Path) -> bytes:  # noqa: ARG002
        return bytes(11 * 8)


def embedded(tmp_path: Path, accounts: dict[str, str], jail: type[Jail] = Jail) -> EmbeddedServer:
    for name in ("host", "client"):
        ensure_keypair(tmp_path / "keys" / name)
    return EmbeddedServer(
        tmp_path / "accounts", accounts, tmp_path / "keys" / "host", tmp_path / "keys" / "client.pub", jail=jail
    )


def way_to(server: EmbeddedServer, tmp_path: Path, username: str) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": server.port, "username": username, "key_file": tmp_path / "keys" / "client",
            "host_key": server.host_key_line}  # fmt: skip


def test_a_server_without_room_is_told_as_full(ward: Ward, tmp_path: Path) -> None:
    with embedded(tmp_path, {"full": "full"}, Full) as server:
        for name in ("in", "answers"):
            (tmp_path / "accounts" / "full" / name).mkdir()
        ward.source("well-provider", "full", responses="answers", **way_to(server, tmp_path, "full"))
        assert ills(ward.examine()) == {("folder-full", "source full")}


def test_two_accounts_that_are_one_folder_on_the_server_are_found_and_others_are_not(
    ward: Ward, tmp_path: Path
) -> None:
    accounts = {"one": "same", "two": "same", "three": "own"}
    with embedded(tmp_path, accounts) as server:
        for folder in ("same", "own"):
            for name in ("in", "answers"):
                (tmp_path / "accounts" / folder / name).mkdir()
        for username in accounts:
            ward.source("well-provider", username, responses="answers", **way_to(server, tmp_path, username))
        found = [each for each in ward.examine() if each.state != "fine"]
    assert [(each.name, each.state) for each in found] == [("folder-shared", "wrong")]
    assert set(found[0].subject.split(", ")) == {"source one", "source two"}
    assert [path for path in (tmp_path / "accounts").rglob("*") if path.is_file()] == []


def test_folders_that_were_at_rest_are_told_apart_without_a_second_visit(ward: Ward, tmp_path: Path) -> None:
    with embedded(tmp_path, {"one": "one", "two": "two"}) as server:
        for username in ("one", "two"):
            for name in ("in", "answers"):
                (tmp_path / "accounts" / username / name).mkdir()
                os.utime(tmp_path / "accounts" / username / name, (1.7e9, 1.7e9))
            ward.source("well-provider", username, responses="answers", **way_to(server, tmp_path, username))
        config = ward.config.model_copy(update={"sources": tuple(ward.sources)})
        accounts, _ = accounts_of(config, type(ward.roster)(()))
        assert list(suspects_among([visit(account, lambda: 0.0) for account in accounts])) == []


def test_an_account_that_a_provider_shares_with_a_sender_is_a_breach(ward: Ward) -> None:
    ward.folder("crowd", "in")
    ward.folder("crowd", "out")
    ward.source("crowd")
    ward.provider("crowd")
    [told] = [each for each in ward.examine(servers=False) if each.state != "fine"]
    assert (told.name, told.state) == ("account-shared", "wrong")
    assert told.subject == f"source crowd, provider {PROVIDER}"


def test_files_that_nobody_takes_are_counted_and_not_named(ward: Ward) -> None:
    for name, files in {
        "other-case": ("list_1.csv", "list_2.csv"),
        "other-ending": ("LIST_1.txt",),
        "wrapped": ("LIST_1.csv.pgp",),
        "stranger": ("Crundelack_Ottil.pdf",),
        "both": ("LIST_1.csv", "LIST_A_2.csv"),
        "empty": (),
    }.items():
        put(ward.folder("files", name), *files)
        ward.source("files", name.replace("-", "_"), folder=name)
    ward.source("files", "narrower", folder="both", pattern="LIST_A_*.csv")
    found = [each for each in ward.examine() if each.state != "fine"]
    assert {(each.name, each.subject) for each in found} == {
        ("pattern-near", "source other_case"), ("pattern-near", "source other_ending"),
        ("files-wrapped", "source wrapped"), ("pattern-matches-nothing", "source stranger"),
        ("files-taken-twice", "source both"),
    }  # fmt: skip
    told = {each.subject: each for each in found}
    assert told["source other_case"].command == 'pattern = "list_*.csv"'
    assert told["source other_ending"].command == 'pattern = "LIST_*.txt"'
    assert told["source stranger"].what.startswith("1 file in `stranger`")
    assert "Crundelack" not in repr(found)


def test_returned_files_that_no_pattern_is_for_are_told(ward: Ward) -> None:
    put(ward.folder("unread", "returns"), "PRTF_1.csv", "notes.csv")
    ward.source("unread", kind="rtf", layout="rtf", provider=PROVIDER, folder="returns", pattern="PRTF_*")
    assert ills(ward.examine()) == {("files-unread", "source unread")}


def test_files_that_are_named_for_another_provider_are_told_by_its_npi(ward: Ward) -> None:
    other = "1234567893"
    put(
        ward.folder("mixed", "out"),
        f"ECM_ASSIGNMENT_{other}_20261103_01_DELTA.csv",
        f"ECM_RETURN_{PROVIDER}_20261103.xlsx",
    )
    ward.provider("mixed")
    [told] = [each for each in ward.examine() if each.state != "fine"]
    assert (told.name, told.state, other in told.what) == ("files-of-another", "wrong", True)
