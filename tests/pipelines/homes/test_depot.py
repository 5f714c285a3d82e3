"""The depot keeps what it is given, whatever it is: a folder, an account on a server, a bucket."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from pipelines.homes.depot import PIECE, Depot, DepotFault
from pipelines.transfer.keys import ensure_keypair, known_hosts_line
from schemas.problems import PartnerUnreachable
from tests.openssh import AS_ROOT, Sshd

OF_BUCKET = {"AWS_ACCESS_KEY_ID": "plan", "AWS_SECRET_ACCESS_KEY": "x" * 8, "AWS_REGION": "us-west-2"}


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, str]]:
    """A server of buckets that has one, and how to log in there."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    access = OF_BUCKET | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    boto3.client(
        "s3", endpoint_url=access["AWS_ENDPOINT_URL"], region_name="us-west-2",
        aws_access_key_id="plan", aws_secret_access_key=OF_BUCKET["AWS_SECRET_ACCESS_KEY"],
    ).create_bucket(Bucket="plans", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})  # fmt: skip
    yield access
    server.stop()


@pytest.fixture
def on_server(sshd: Sshd, tmp_path: Path) -> Callable[..., Depot]:
    """Function that names a folder of an account on OpenSSH's server, whose key is pinned."""

    def depot(account: str, **pinned: str) -> Depot:
        endpoint = sshd.endpoint(account)
        folder = sshd.folder(account, "kept")
        known_hosts = tmp_path / "known_hosts"
        key = pinned.get("key", str(endpoint.host_key))
        known_hosts.write_text(known_hosts_line("127.0.0.1", endpoint.port, key) + "\n", encoding="ascii")
        url = f"sftp://{endpoint.username}@127.0.0.1:{endpoint.port}{'/kept' if AS_ROOT else folder}/alpha"
        return Depot(url, {"ECM_DEPOT_KEY_FILE": str(endpoint.key_file)}, known_hosts)

    return depot


@pytest.fixture(params=["file", "sftp", "s3"])
def depot(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Depot]:
    if request.param == "file":
        made = Depot(f"file://{tmp_path}/disk/alpha", {})
    elif request.param == "sftp":
        made = request.getfixturevalue("on_server")(f"depot-{tmp_path.name[-20:]}")
    else:
        made = Depot(f"s3://plans/{tmp_path.name}", request.getfixturevalue("bucket"))
    with made:
        yield made


def test_objects_lie_under_their_hash_and_come_back_as_they_were(depot: Depot) -> None:
    contents = [b"", b"small", bytes(range(256)) * (PIECE // 256)]
    objects = depot.together(depot.put, contents)
    assert depot.together(depot.get, objects) == contents
    assert sorted(depot.objects()) == sorted(objects)
    depot.remove_objects(objects[1:])
    assert list(depot.objects()) == objects[:1]
    depot.remove_objects(objects[1:])  # gone already
    assert depot.get(depot.put(b"small")) == b"small"


def test_files_are_listed_written_over_and_missed(depot: Depot) -> None:
    assert depot.names("checkpoints") == []
    for content in (b"one", b"other"):
        depot.write("checkpoints/a.json", content)
    depot.write("checkpoints/b.json", b"")
    assert depot.names("checkpoints") == ["a.json", "b.json"]
    assert depot.read("checkpoints/a.json") == b"other"
    depot.remove(["checkpoints/a.json", "checkpoints/never.json"])
    assert depot.names("checkpoints") == ["b.json"]
    with pytest.raises(DepotFault, match="S23"):
        depot.read("checkpoints/a.json")


def test_an_object_that_was_changed_is_refused(depot: Depot) -> None:
    sha256 = depot.put(b"members")
    depot.write(f"objects/{sha256[:2]}/{sha256}", b"membars")
    with pytest.raises(DepotFault, match="S23"):
        depot.get(sha256)


def test_in_a_folder_everything_is_for_its_owner_alone_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with Depot(f"file://{tmp_path}/alpha", {}) as depot:
        depot.put(b"members")
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "alpha").rglob("*")}
    assert sorted(found.values()) == [0o600, 0o700, 0o700]


def test_a_file_that_cannot_be_proven_gets_no_name(tmp_path: Path) -> None:
    full = tmp_path / "alpha" / "objects"
    full.parent.mkdir()
    full.write_bytes(b"in the way")
    with Depot(f"file://{tmp_path}/alpha", {}) as depot:
        with pytest.raises(DepotFault, match="S22"):
            depot.put(b"members")
        full.unlink()
        assert depot.get(depot.put(b"members")) == b"members"


def test_a_server_whose_key_is_not_pinned_is_not_used(on_server: Callable[..., Depot], tmp_path: Path) -> None:
    with (
        on_server("stranger", key=ensure_keypair(tmp_path / "another")) as depot,
        pytest.raises(PartnerUnreachable, match="T02"),
    ):
        depot.put(b"members")


def test_a_connection_that_was_lost_is_made_anew(on_server: Callable[..., Depot]) -> None:
    with on_server("cut") as depot:
        sha256 = depot.put(b"members")
        depot._of_all.files.client.close()
        assert depot.get(sha256) == b"members"


def test_several_threads_may_put_at_once(depot: Depot) -> None:
    with ThreadPoolExecutor(4) as threads:
        objects = list(threads.map(depot.put, (f"{number}".encode() for number in range(12))))
    assert sorted(depot.objects()) == sorted(objects)
