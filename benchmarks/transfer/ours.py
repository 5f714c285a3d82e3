"""Our own transfer, as the nights use it: `python -m benchmarks.transfer.ours WHAT PORT USER KEY HOST_KEY FROM TO`.

Prints its seconds from before the connection is made to after the last result, and how many files it was.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.transfer.server import Access
from pipelines.transfer import receipts, sftp
from pipelines.transfer.connection import Endpoint, connect
from pipelines.transfer.protocol import FSYNC, Open
from pipelines.transfer.pull import pull
from pipelines.transfer.push import Outcome, Parcel, push
from pipelines.transfer.session import Offer, Steps

_CHUNK = 1024 * 1024


def receive(endpoint: Endpoint, source: Path, target: Path) -> int:
    """Land a file."""
    landed = pull(
        endpoint,
        str(source.parent),
        source.name,
        target,
        is_known=lambda _: False,
        stable_for=0,
        sleep=time.sleep,
    )
    return len(landed.files)


def send(endpoint: Endpoint, parcels: list[Parcel]) -> int:
    """Deliver files, each read back and renamed; their receipts are dropped, as a night does that entered them."""
    results = push(endpoint, parcels, sleep=time.sleep)
    for parcel in parcels:
        receipts.drop(parcel.local)
    return sum(result.outcome is Outcome.DELIVERED for result in results)


def write(endpoint: Endpoint, parcels: list[Parcel]) -> int:
    """Write files, hashed on the way, without reading them back: what the others do."""
    with connect(endpoint) as session:
        done = session.run_all(_write(parcel, session.offer) for parcel in parcels)
        return sum(stored == parcel.size for parcel, (_, stored) in zip(parcels, done, strict=True))


def _write(parcel: Parcel, offer: Offer) -> Steps[int | None]:
    path = f"{parcel.folder}/{parcel.name}".encode()
    handle = yield from sftp.open_file(path, Open.WRITE | Open.CREATE | Open.EXCLUSIVE, 0o640)
    digest = hashlib.sha256()
    with parcel.local.open("rb") as file:

        def chunk() -> bytes:
            data = file.read(offer.write)
            digest.update(data)
            return data

        yield from sftp.write(handle, iter(chunk, b""))
    if FSYNC in offer.extensions:
        yield from sftp.fsync(handle)
    stored = yield from sftp.fstat(handle)
    yield from sftp.close(handle)
    return stored.size


def names(endpoint: Endpoint, folder: Path) -> int:
    """List a folder."""
    with connect(endpoint) as session:
        return len(session.run(sftp.listing(str(folder).encode())))


def _parcels(source: Path, target: Path) -> list[Parcel]:
    """Describe a file, or all files below a folder, as the outbox does: size and hash are known before."""
    files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
    root = source.parent if source.is_file() else source
    return [
        Parcel(
            path,
            str(target / path.parent.relative_to(root)),
            path.name,
            _sha256(path),
            path.stat().st_size,
            str(path.relative_to(root)),
        )
        for path in files
    ]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            digest.update(data)
    return digest.hexdigest()


def main() -> None:
    """Move what the command line asks for."""
    parser = argparse.ArgumentParser(description="Move files by our own transfer.")
    parser.add_argument("what", choices=("receive", "send", "write", "names"))
    for name in ("port", "user", "key", "host_key", "source", "target"):
        parser.add_argument(name)
    asked = parser.parse_args()
    source, target = Path(asked.source), Path(asked.target)
    access = Access(int(asked.port), asked.user, Path(asked.key), asked.host_key)
    endpoint = Endpoint("partner", access.host, access.port, access.user, key_file=access.key, host_key=access.host_key)
    parcels = _parcels(source, target) if asked.what in {"send", "write"} else []
    ways: dict[str, Callable[[], int]] = {
        "receive": lambda: receive(endpoint, source, target),
        "send": lambda: send(endpoint, parcels),
        "write": lambda: write(endpoint, parcels),
        "names": lambda: names(endpoint, source),
    }
    started = time.perf_counter()
    moved = ways[asked.what]()
    print(json.dumps({"seconds": time.perf_counter() - started, "moved": moved}))


if __name__ == "__main__":
    main()
