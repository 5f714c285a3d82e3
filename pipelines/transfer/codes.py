"""Every way a transfer can fail: a stable code, what it means and what to do now.

Codes below `T10` concern a partner's server as a whole, the others one folder or one file. A message names hosts,
folders and file names that passed `names.is_safe`; never anything a server said.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.transfer.protocol import Refused, Status
from schemas.problems import PartnerUnreachable, TransferFault


@dataclass(frozen=True)
class TransferCode:
    """One entry of the table."""

    code: str
    meaning: str
    remedy: str


TRANSFER_CODES: dict[str, TransferCode] = {
    entry.code: entry
    for entry in (
        TransferCode(
            "T01",
            "the server cannot be reached or does not answer in time",
            "Check host, port and firewall; it is tried again.",
        ),
        TransferCode(
            "T02",
            "the server's host key is not a pinned one",
            "Have the partner confirm the fingerprint by phone before you pin it.",
        ),
        TransferCode(
            "T03", "the server refuses the account", "Check username and key; have the partner install the public key."
        ),
        TransferCode("T04", "the connection was lost", "Nothing to do now: what is missing is moved by the next run."),
        TransferCode(
            "T05",
            "the private key cannot be used",
            "Point `key_file` at a readable private key and run `chmod 600` on it.",
        ),
        TransferCode(
            "T06",
            "the server does not speak sFTP version 3 as it should",
            "Ask the partner which server and settings these are.",
        ),
        TransferCode(
            "T07",
            "the server takes longer than a visit may take",
            "What is missing is moved by the next run; see why it is slow, or raise its `time_limit`.",
        ),
        TransferCode(
            "T08",
            "not tried, since nobody could reach the server a moment ago",
            "Nothing to do now: what is missing is moved by the next run.",
        ),
        TransferCode("T10", "the folder does not exist", "Check `folder`, or have the partner create it."),
        TransferCode("T11", "the server denies access", "Have the partner grant the account read and write access."),
        TransferCode(
            "T12", "the file changed or vanished while it was read", "Nothing to do: the next run reads it again."
        ),
        TransferCode(
            "T13",
            "what the server stored is not what was sent",
            "Have the partner check its storage; it is sent again.",
        ),
        TransferCode("T14", "the server failed without a reason", "Have the partner check space, quota and logs."),
        TransferCode(
            "T15",
            "the target exists with other content",
            "Compare the two files; remove or rename the one on the server.",
        ),
        TransferCode("T16", "not tried, since an earlier file of its group failed", "Mend the earlier file's problem."),
        TransferCode(
            "T17",
            "the file name is unsafe",
            "Have the sender rename it: plain characters, at most 200 bytes, no leading dash or dot.",
        ),
        TransferCode(
            "T18",
            "another file's name differs only in case or accents",
            "Have the sender rename or remove one of the two.",
        ),
        TransferCode("T19", "not a regular file", "Have the sender put the file itself there, no link."),
        TransferCode("T20", "the file is still changing", "Nothing to do: it is taken once it rests."),
        TransferCode(
            "T21",
            "the file cannot be written to the landing folder",
            "Check space and permissions of the plan's home, then `ecm-exchange run`.",
        ),
        TransferCode(
            "T22", "the local file is not the one announced", "Run `ecm-exchange run`: it is made anew and sent."
        ),
        TransferCode(
            "T23", "its marker is not there", "Nothing to do: it is taken once its sender has put the marker beside it."
        ),
        TransferCode(
            "T24",
            "the plan's disk has no room for the file",
            "Free space on the volume of the plan's home, then `ecm-exchange run`.",
        ),
        TransferCode(
            "T25", "the partner's storage is full", "Have the partner make room in its folder; it is sent again."
        ),
    )
}

CODES_OF_SERVERS = frozenset(code for code in TRANSFER_CODES if code < "T10")
"""Those that concern a partner's server as a whole."""


def unreachable(code: str, where: str, detail: str = "", *, remedy: str = "") -> PartnerUnreachable:
    """Build the error that ends a session, worded by the table; `remedy` replaces the table's where more is known."""
    entry = TRANSFER_CODES[code]
    return PartnerUnreachable(code, _sentence(entry, detail), where=where, remedy=remedy or entry.remedy)


def fault(code: str, where: str, detail: str = "") -> TransferFault:
    """Build the error that concerns one folder or file, worded by the table."""
    entry = TRANSFER_CODES[code]
    return TransferFault(code, _sentence(entry, detail), where=where, remedy=entry.remedy)


def refusal_code(refusal: Refused, *, missing: str) -> str:
    """Return the code of a server's no; `missing` is the code for what is not there."""
    return {int(Status.NO_SUCH_FILE): missing, int(Status.PERMISSION_DENIED): "T11"}.get(refusal.status, "T14")


def _sentence(entry: TransferCode, detail: str) -> str:
    return f"{entry.meaning}{f' ({detail})' if detail else ''}."
