"""A provider with a key finds nothing in its folder but what its key opens, and the same words as the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysequoia import Profile, Tsk, decrypt

from pipelines.audit.disclosures import of_file
from pipelines.config.providers import Provider
from pipelines.delivery.documents import data_documents, key_of, layout_for, sealer, with_manifest
from pipelines.delivery.prepare import compose, due_rows
from pipelines.delivery.recipient import misdirected
from pipelines.delivery.resend import ResendRefused, resend
from pipelines.delivery.vault import open_vault
from pipelines.delivery.workbook import Edition, Listed
from pipelines.doctor.roster import examine_key
from pipelines.pgp import KeyUnusable, read_public_key, recipients_of, seal
from schemas.outbound import Occasion

WEDNESDAY = date(2026, 10, 28)
THURSDAY = WEDNESDAY + timedelta(days=1)

MakeKey = Callable[..., Path]


@pytest.fixture
def keys() -> dict[Path, Tsk]:
    """Private keys of providers, by the file of the public one."""
    return {}


@pytest.fixture
def make_key(tmp_path: Path, keys: dict[Path, Tsk]) -> MakeKey:
    """Let a provider make a key, and keep the public part where the plan has it."""

    def make(name: str = "clinic.asc", **settings: Any) -> Path:
        path, own = tmp_path / name, Tsk.generate("Clinic <clinic@example.org>", **settings)
        path.write_text(str(own.extract_certificate()), encoding="ascii")
        keys[path] = own
        return path

    return make


def opened(content: bytes, own: Tsk) -> bytes:
    return decrypt(content, decryptor=own.decryptor()).bytes or b""


def waiting(world: Any, npi: str) -> dict[str, bytes]:
    """What would be put into a provider's folder: name -> bytes."""
    return {
        name: (world.warehouse.home / "outbox" / path).read_bytes()
        for name, path in world.warehouse.rows(
            """SELECT name, path FROM delivery.outbox
               WHERE recipient = $npi AND status = 'PREPARED' ORDER BY sequence, part""",
            {"npi": npi},
        )
    }


@pytest.mark.parametrize("profile", [Profile.RFC4880, Profile.RFC9580])
def test_every_document_leaves_encrypted_and_its_provider_reads_what_it_would_have_read_without(
    make_world: Any, make_provider: Any, npis: list[str], make_key: MakeKey, keys: dict[Path, Tsk], profile: Profile
) -> None:
    path = make_key(profile=profile)
    plain = make_world(make_provider(npis[0], formats=("csv", "xlsx")))
    plain.assign(1, npis[0])
    plain.prepare()
    usual = waiting(plain, npis[0])
    plain.drop(npis[0])
    plain.roster = replace(
        plain.roster, providers=(make_provider(npis[0], formats=("csv", "xlsx"), pgp_key_file=path),)
    )
    plain.prepare()
    sealed = waiting(plain, npis[0])
    # Under the next number: the first was on its way once, and might have been seen.
    assert [name.removesuffix(".pgp").replace("_02_", "_01_") for name in sealed] == list(usual)
    *data, manifest = [opened(content, keys[path]) for content in sealed.values()]
    assert data == list(usual.values())[:-1]
    assert not any(b"90000001B" in content or b"ADD" in content for content in sealed.values())
    assert json.loads(manifest)["files"] == [
        {
            "name": name, "sha256": hashlib.sha256(sealed[name]).hexdigest(), "bytes": len(sealed[name]),
            "content": {"sha256": hashlib.sha256(each).hexdigest(), "bytes": len(each)},
        }
        for name, each in zip(sealed, data, strict=False)
    ]  # fmt: skip


@pytest.fixture
def encrypted(make_world: Any, make_provider: Any, npis: list[str], make_key: MakeKey) -> Any:
    """Two providers, the first with a key and one member."""
    world = make_world(make_provider(npis[0], pgp_key_file=make_key()), make_provider(npis[1]))
    world.assign(1, npis[0])
    return world


def test_a_night_that_runs_again_has_the_very_files_of_before(encrypted: Any, npis: list[str]) -> None:
    encrypted.prepare()
    before = waiting(encrypted, npis[0])
    encrypted.drop(npis[0])
    encrypted.prepare()
    assert waiting(encrypted, npis[0]) == before


@pytest.mark.parametrize("change", ["rows", "key", "message"])
def test_another_file_than_the_one_that_may_have_been_seen_has_another_name(
    encrypted: Any, npis: list[str], make_key: MakeKey, change: str
) -> None:
    encrypted.prepare()
    before = waiting(encrypted, npis[0])
    encrypted.drop(npis[0])
    if change == "rows":
        encrypted.assign(2, npis[0])
    elif change == "key":
        make_key()
    else:  # what was kept here is damaged: it cannot be put there again
        (path,) = (encrypted.warehouse.home / "outbox").rglob("*_DELTA.csv.pgp")
        path.write_bytes(b"damaged")
    encrypted.prepare()
    assert before.keys().isdisjoint(waiting(encrypted, npis[0]))
    assert all("_02_DELTA" in name for name in waiting(encrypted, npis[0]))


def test_a_key_that_ran_out_holds_its_provider_s_files_and_nobody_else_s(
    encrypted: Any, npis: list[str], make_key: MakeKey
) -> None:
    path = make_key(validity_seconds=86400 * 40)
    after = read_public_key(path).until + timedelta(days=1)
    encrypted.assign(2, npis[1])
    encrypted.prepare(after)
    assert [entry[1:] for entry in encrypted.outbox(npis[0])] == [("HELD", "G07")]
    assert [entry[1:] for entry in encrypted.outbox(npis[1])] == [("PREPARED", "")]
    (detail,) = encrypted.warehouse.rows("SELECT detail FROM delivery.holds")
    assert f"ran out on {after - timedelta(days=1)}" in detail[0]
    make_key()
    encrypted.prepare(after)
    encrypted.post(after)
    assert [action for action, _ in encrypted.told(npis[0])] == ["ADD"]


def test_the_last_day_of_a_key_is_one_on_which_it_is_used(encrypted: Any, npis: list[str], make_key: MakeKey) -> None:
    encrypted.prepare(read_public_key(make_key(validity_seconds=86400 * 40)).until)
    assert [entry[1:] for entry in encrypted.outbox(npis[0])] == [("PREPARED", "")]


def test_what_is_not_for_its_provider_s_eyes_alone_does_not_go(
    encrypted: Any, npis: list[str], make_key: MakeKey
) -> None:
    provider = encrypted.roster.by_npi()[npis[0]]
    other = read_public_key(make_key("other.asc"))
    vault, key = open_vault(encrypted.warehouse, WEDNESDAY), key_of(provider, WEDNESDAY)
    found = due_rows(encrypted.warehouse, encrypted.config, encrypted.roster, WEDNESDAY)
    (rows,) = [due.delta for due in found if due.delta]
    layout, occasion = layout_for(provider, encrypted.config), Occasion("SHP", npis[0], WEDNESDAY, 1, "DELTA")
    edition = Edition(
        provider, WEDNESDAY, "DELTA", None, news=rows, before={}, members=rows, waiting={}, columns=layout.column_names
    )
    assigned = {("assignment-1-" + npis[0], "90000001B"): True}

    def judged(meant: Any) -> str:
        seals = sealer(meant, vault)
        data = data_documents(rows, edition, layout, occasion, seals, lambda _: False)
        documents = with_manifest(data, rows, layout, occasion, None, seals)
        return misdirected(documents, provider, assigned, 1, layout, occasion, Listed((), 1), key)

    assert judged(key) == ""
    assert judged(other) == "the encryption"
    assert judged(None) == "the encryption"


def test_a_file_is_traced_by_its_name_and_by_what_was_in_it(
    encrypted: Any, npis: list[str], keys: dict[Path, Tsk], tmp_path: Path
) -> None:
    encrypted.prepare()
    (name, content), *_ = waiting(encrypted, npis[0]).items()
    encrypted.post()
    copy = tmp_path / "found on a desk.csv"
    copy.write_bytes(opened(content, *keys.values()))
    for trace in (name, name.removesuffix(".pgp"), str(copy)):
        ((found,), rows) = of_file(encrypted.warehouse, trace)
        assert (found.npi, found.file, found.rows, len(rows)) == (npis[0], name, 1, 1)


def test_a_manifest_names_nobody_also_where_it_is_encrypted(encrypted: Any, npis: list[str]) -> None:
    encrypted.prepare()
    encrypted.post()
    told = encrypted.warehouse.rows("SELECT DISTINCT file FROM delivery.disclosures WHERE npi = $npi", {"npi": npis[0]})
    assert [file for (file,) in told] == [f"ECM_ASSIGNMENT_{npis[0]}_20261028_01_DELTA.csv.pgp"]


def test_what_was_sent_before_the_key_is_not_put_there_unencrypted_again(
    world: Any, make_provider: Any, npis: list[str], make_key: MakeKey
) -> None:
    world.assign(1, npis[0])
    world.prepare()
    world.post()
    world.roster = replace(world.roster, providers=(make_provider(npis[0], pgp_key_file=make_key()),))
    with pytest.raises(ResendRefused, match="unencrypted") as refused:
        resend(
            world.warehouse, world.config, world.roster, npis[0], WEDNESDAY, on=THURSDAY, reason="lost",
            resent_by="operator", sleep=lambda _: None,
        )  # fmt: skip
    assert refused.value.code == "H09"


def test_a_look_at_a_past_night_finds_its_messages_whatever_key_the_provider_has_now(
    encrypted: Any, npis: list[str], make_key: MakeKey
) -> None:
    encrypted.prepare()
    before = waiting(encrypted, npis[0])
    vault = open_vault(encrypted.warehouse, WEDNESDAY, any_key=True)
    encrypted.drop(npis[0])
    make_key()
    encrypted.warehouse.run("DELETE FROM delivery.outbox")
    (due, _) = due_rows(encrypted.warehouse, encrypted.config, encrypted.roster, WEDNESDAY)
    composed, _ = compose(encrypted.warehouse, encrypted.config, encrypted.roster, due, vault)
    assert {each.file.name: each.file.content for each in composed} == before


KEY_TO_SPOIL = bytes(Tsk.generate("Clinic").extract_certificate())

NO_KEYS = {
    "a private key": (bytes, "private key"),
    "an armored private key": (lambda own: str(own).encode(), "private key"),
    "two keys": (
        lambda own: bytes(own.extract_certificate()) + bytes(Tsk.generate("b").extract_certificate()),
        "not one",
    ),
    "no key": (lambda _: b"hello", "not one"),
    "nothing": (lambda _: b"", "not one"),
    "half a key": (lambda own: bytes(own.extract_certificate())[:60], "not one|signing only"),
}


@pytest.mark.parametrize("what", NO_KEYS)
def test_what_is_not_one_public_key_is_refused_with_what_to_do(tmp_path: Path, what: str) -> None:
    make, told = NO_KEYS[what]
    (tmp_path / "key").write_bytes(make(Tsk.generate("Clinic")))
    with pytest.raises(KeyUnusable, match=told):
        read_public_key(tmp_path / "key")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_key_is_a_key_or_refused_and_nothing_else(data: st.DataObject) -> None:
    whole = bytearray(KEY_TO_SPOIL)
    for _ in range(data.draw(st.integers(1, 4))):
        place, many = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 9))
        whole[place : place + many] = data.draw(st.binary(max_size=9))
        whole = whole or bytearray(b"-")
    with TemporaryDirectory() as folder, suppress(KeyUnusable):
        (Path(folder) / "key").write_bytes(whole)
        assert recipients_of(seal(b"word", read_public_key(Path(folder) / "key"), WEDNESDAY).content)
    recipients_of(bytes(whole))


def test_a_key_may_be_binary_or_armored(make_key: MakeKey, keys: dict[Path, Tsk]) -> None:
    path = make_key()
    armored = read_public_key(path)
    path.write_bytes(bytes(keys[path].extract_certificate()))
    assert read_public_key(path).fingerprint == armored.fingerprint


def test_what_is_no_message_is_for_nobody() -> None:
    assert recipients_of(b"assignment_id,record_action\r\n") == set()


def test_the_doctor_tells_of_a_key_before_its_last_day_and_after(make_key: MakeKey) -> None:
    path = make_key(validity_seconds=86400 * 365)
    last = read_public_key(path).until
    names = [examine_key("provider", path, last + timedelta(days=days)).name for days in (-60, -20, 0, 1)]
    assert names == ["fine", "pgp-key-ends", "pgp-key-ends", "pgp-key-unusable"]
    assert examine_key("provider", path.parent / "none", last).state == "wrong"


def test_a_provider_without_a_key_gets_its_files_as_ever(world: Any, npis: list[str]) -> None:
    provider: Provider = world.roster.by_npi()[npis[0]]
    assert key_of(provider, WEDNESDAY) is None
