"""What stands in the files that are no table: keys and columns as the program writes them, each with what it means.

A key that the program writes and that has no meaning here cannot be shown; one that it writes no longer neither.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date

from pipelines.audit.chain import Entry, Rows, bind
from pipelines.audit.mark import Mark
from pipelines.backup.manifest import Manifest
from pipelines.delivery.render import render_manifest
from pipelines.responses.referral_status import COLUMNS as STATUS_COLUMNS
from schemas.layout import REFERENCE_COLUMN, RESPONSE_COLUMNS
from schemas.outbound import Occasion, load_outbound_layout
from tests.docs import answer

_MANIFEST = {
    "layout": "Layout of the table",
    "layout_version": "Its version: another one says that columns changed",
    "ecm_provider_npi": "The provider it is for",
    "business_date": "Night, as YYYY-MM-DD",
    "scope": "`DELTA` or `FULL`",
    "rows": "Rows of the table",
    "rows_per_action": "The same by `record_action`",
    "files": "Each file that it announces: `name`, `sha256`, `bytes`; if encrypted, `content` tells what is in it",
    "previous_file": "Name of the table before this one; null for the first. If you do not have that one, it was lost",
}

_RESPONSE = {
    "file_id": "The file in the plan's ledger: name it when you call",
    "file_name": "Name under which it came",
    "received_on": "Night that received it, as YYYY-MM-DD",
    "layout": "Layout it was read by",
    "status": "`ACCEPTED`, `ACCEPTED_WITH_ERRORS`, `REJECTED`, `STALE` or `DUPLICATE`",
    "rows_read": "Rows in it: accepted, rejected and duplicate add up to them",
    "rows_accepted": "Rows taken",
    "rows_rejected": "Rows not taken",
    "rows_duplicate": "Rows that came before",
    "rows_warned": "Rows taken in which something was found",
    "corrects": "Earlier files that it corrects: `file_name` and `rows`",
    "reason": "Why the file as a whole was not taken: `code`, `text`, `remedy`; null where it was",
    "detail": "Place and counts for that",
    "warnings": "What was found in the file as a whole: `code`, `column`, `text`",
    "what_to_do": "What its sender does now, in words",
    "send_back": "Where a correction goes: `folder`, `name`, `marker` if asked for; null if nothing is to correct",
}

_ADDED = {
    "error_code": "Codes, semicolons between; empty where nothing was found",
    "error_column": "The layout's name of each column",
    "error_severity": "`REJECT` or `WARN`: whether the row was taken",
    "error_text": "What to do, in words",
    "error_reference": "Which row of which file it was: leave it in, so that the correction is linked to it",
}

_LOG = {
    "number": "1, 2, 3, ... without a gap",
    "business_date": "Night, as YYYY-MM-DD",
    "event": "What happened, as in `ledger.audit`",
    "subject": "Id of the file, decision or record",
    "detail": "Codes, NPIs, counts and hashes",
    "rows": "Where the journal holds the rows that it tells of: `file`, `offset`, `size`, `sha256`; null if none",
    "previous": "Hash of the line before; of the first one a hash of the store's id",
    "hash": "SHA-256 of everything else in the line",
}

_MARK = {
    "store": "Id that the store got when it was made",
    "opening": "How often it had been opened for writing",
    "entries": "Entries of its audit log",
    "head": "Hash of the last of them",
    "check": "SHA-256 of the rest: a mark that was edited is told (D14)",
}

_BACKUP = {
    "store": "Id of the store",
    "opening": "How often it had been opened",
    "entries": "Entries of its audit log",
    "head": "Hash of the last of them",
    "business_date": "Last night that had been begun; null before the first",
    "rows": "Rows of every table, counted again in the copy",
    "files": "Each file: `path` below the backup, `size`, `sha256`",
    "check": "SHA-256 of the rest: a list that was edited is told (B01)",
}


def keys_of_the_manifest() -> list[tuple[str, str]]:
    """Tell the keys of a provider's manifest."""
    layout = load_outbound_layout("assignment")
    occasion = Occasion("SHP", "2916482120", date(2026, 11, 3), 1, "DELTA")
    return _told(json.loads(render_manifest([], [], layout, occasion, None)), _MANIFEST)


def keys_of_a_response() -> list[tuple[str, str]]:
    """Tell the keys of the answer to a file."""
    return _told(json.loads(answer.answer()[1]), _RESPONSE)


def columns_of_a_response() -> list[tuple[str, str]]:
    """Tell the columns that an answer adds to its sender's rows."""
    return _told((*RESPONSE_COLUMNS, REFERENCE_COLUMN), _ADDED)


def columns_of_referral_status() -> list[tuple[str, str]]:
    """Tell the columns of what a source is told of its referrals."""
    return _told(STATUS_COLUMNS, STATUS_COLUMNS)


def keys_of_the_audit_log() -> list[tuple[str, str]]:
    """Tell the keys of a line of the audit log."""
    link = bind(Entry(1, "2026-11-03", "RECEIVED", "", ""), Rows("2026-11-03.gz", 0, 0, ""), "")
    return _told(json.loads(link.line()), _LOG)


def keys_of_the_mark() -> list[tuple[str, str]]:
    """Tell the keys of the mark beside the store."""
    return _told([*asdict(Mark("", 0, 0, "")), "check"], _MARK)


def keys_of_a_backup() -> list[tuple[str, str]]:
    """Tell the keys of a backup's list of files."""
    return _told([*(field.name for field in fields(Manifest)), "check"], _BACKUP)


def _told(keys: Iterable[str], meanings: Mapping[str, str]) -> list[tuple[str, str]]:
    written = list(keys)
    if set(written) != set(meanings):
        raise ValueError(f"what is told here is not what is written: {sorted(set(written) ^ set(meanings))}")
    return [(f"`{key}`", meanings[key]) for key in written]
