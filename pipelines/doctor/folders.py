"""What is wrong with one folder on a partner's server: not there, not to be written to, or with files amiss."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.doctor.accounts import Account, Place
from pipelines.doctor.ailment import Ailment, counted, found
from pipelines.doctor.patterns import is_wrapped
from pipelines.doctor.visit import Listed, Seen
from pipelines.transfer.probe import Probed

_USED_FOR = {
    "inbox": "files are read from it",
    "aside": "accepted files are moved there",
    "responses": "answers are put there",
    "assignments": "its files are put there",
}


def examine_place(account: Account, seen: Seen) -> Iterator[Ailment]:
    """Tell what one place of an account ails from."""
    place = seen.place
    if seen.code:
        yield _not_listed(account, place, seen.code)
        return
    if seen.probed is not None:
        yield from _not_written(account, place, seen.probed)
    if place.use == "inbox":
        yield from _inbox(place, seen.listed)
    if place.use == "assignments":
        yield from _of_others(place, seen.listed)


def _words(account: Account, place: Place) -> dict[str, object]:
    endpoint = account.endpoint
    login = f"-i '{endpoint.key_file}' " if endpoint.key_file is not None else ""
    return {
        "folder": place.folder,
        "key": place.key,
        "username": endpoint.username,
        "sftp": f"sftp -P {endpoint.port} {login}{endpoint.username}@{endpoint.host}",
    }


def _not_listed(account: Account, place: Place, code: str) -> Ailment:
    where = f"`{place.folder}` of {account.endpoint.username}"
    words = _words(account, place)
    if code != "T10":
        return found(
            "folder-denied", place.owner, f"{where} cannot be listed; {_USED_FOR[place.use]} [{code}]", **words
        )
    name = "folder-missing"
    if place.source is not None and place.source.provider is not None:
        name = "returns-folder-missing"
    return found(name, place.owner, f"{where} does not exist; {_USED_FOR[place.use]} [{code}]", **words)


def _not_written(account: Account, place: Place, probed: Probed) -> Iterator[Ailment]:
    words = _words(account, place) | {"left": probed.left}
    where = f"`{place.folder}` of {account.endpoint.username}"
    told = f" [{probed.code}]"
    if probed.left:
        yield found("probe-left", place.owner, f"a probe stays in {where}: `{probed.left}` cannot be removed", **words)
    if place.use == "aside" and place.source is not None and probed.step in ("create", "write"):
        inbox = f"`{place.source.folder}`"
        yield found("cannot-move", place.owner, f"{inbox} cannot be written to, so nothing is moved out{told}", **words)
    elif probed.code == "T25":
        yield found("folder-full", place.owner, f"the storage of {where} is full{told}", **words)
    elif probed.step in ("create", "write"):
        yield found("folder-not-writable", place.owner, f"nothing can be written to {where}{told}", **words)
    elif probed.step == "rename":
        yield found("folder-no-rename", place.owner, f"what is written to {where} cannot be renamed{told}", **words)


def _inbox(place: Place, listed: Listed) -> Iterator[Ailment]:
    source = place.source
    if source is None:
        return
    name = f"source {source.name}"
    for other, files in listed.twice:
        what = f"{counted(files, 'file')} in `{place.folder}` would be read for {other} too"
        yield found("files-taken-twice", name, what, other=other)
    if listed.matching or not listed.unmatched:
        if source.provider is not None and listed.unmatched:
            what = f"{counted(listed.unmatched, 'file')} in `{place.folder}` that no pattern is for"
            yield found("files-unread", name, what, folder=place.folder)
        return
    what = f"{counted(listed.unmatched, 'file')} in `{place.folder}`, and none matches `{source.pattern}`"
    if listed.idea is None:
        yield found("pattern-matches-nothing", name, what, idea=source.pattern)
    elif is_wrapped(listed.idea[0]):
        yield found("files-wrapped", name, f"{what}; {listed.idea[1]} of them would match `{listed.idea[0]}`")
    else:
        what = f"{what}; {listed.idea[1]} of them would match `{listed.idea[0]}`"
        yield found("pattern-near", name, what, idea=listed.idea[0])


def _of_others(place: Place, listed: Listed) -> Iterator[Ailment]:
    for npi, files in listed.of_providers:
        if npi != place.npi:
            what = f"{counted(files, 'file')} in its folder `{place.folder}` named for provider {npi}"
            yield found("files-of-another", place.owner, what, npi=npi)
