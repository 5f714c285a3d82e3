"""Write down that a person lets through what a check holds; the next run acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipelines.delivery.gates import GATES
from pipelines.releases.inbound import FILE_CODES
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note
from schemas.findings import CATALOGUE
from schemas.problems import ExchangeError, ExitCode

_SHORTEST = 6
"""Characters of an id that are enough to name it, where no other begins with them."""

_HELD = """
    SELECT 'FILE' AS kind, file_id AS id, reason AS code, sha256 AS content_hash, file_date
    FROM ledger.files WHERE status = 'HELD'
    UNION ALL
    SELECT 'DELIVERY', h.hold_id, h.code, h.content_hash, NULL
    FROM delivery.holds AS h
    SEMI JOIN delivery.outbox AS o ON o.recipient = h.npi AND o.business_date = h.business_date AND o.status = 'HELD'
"""
"""What is held: files of partners, and rows for providers as the last night left them."""


class ReleaseRefused(ExchangeError):
    """What was named is not held, or must not be let through; nothing was stored."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True)
class Held:
    """Something that a check holds."""

    kind: Literal["FILE", "DELIVERY"]
    id: str
    code: str
    content_hash: str
    file_date: date | None


@dataclass(frozen=True)
class Released:
    """What a person let through."""

    kind: Literal["FILE", "DELIVERY"]
    id: str
    code: str
    is_news: bool
    """False when it had been released before."""


def find_held(warehouse: Warehouse, beginning: str) -> Held:
    """Find what is held by the beginning of its id.

    Raises
    ------
    ReleaseRefused
        When nothing that is held, or more than one thing, begins so.
    """
    if len(beginning) < _SHORTEST:
        raise ReleaseRefused(
            "H02",
            "the id is too short to be sure",
            remedy=f"Give {_SHORTEST} characters or more, as `ecm-exchange quarantine list` shows them.",
        )
    found = warehouse.rows(f"SELECT DISTINCT * FROM ({_HELD}) WHERE starts_with(id, $id)", {"id": beginning.lower()})  # noqa: S608 - a constant
    if len(found) != 1:
        remedy = "`ecm-exchange quarantine list` shows the ids of now."
        if found:
            raise ReleaseRefused(
                "H10", "several things that are held have an id that begins so", remedy=f"Give more of it: {remedy}"
            )
        raise ReleaseRefused("H01", "nothing that is held has this id", remedy=remedy)
    return Held(*found[0])


def release(warehouse: Warehouse, beginning: str, *, on: date, reason: str, released_by: str) -> Released:
    """Store that what is held under an id may pass the check that holds it, and that one only.

    A file is loaded by the next run as if that check were not there. Rows for a provider pass the gate as they are now:
    when one of them has changed by then, they are held again. The same word twice is no news, unless it was acted on
    and the file did not fit its layout then either.

    Raises
    ------
    ReleaseRefused
        When nothing is held under the id, nobody stands for it, or what holds it is never let through.
    """
    if not released_by.strip() or not reason.strip():
        raise ReleaseRefused(
            "H03", "nobody stands for the release", remedy="Give --by, who releases it, and --reason, why."
        )
    with warehouse.transaction():
        held = find_held(warehouse, beginning)
        _refuse_what_never_passes(held, on)
        known = {"kind": held.kind, "subject": held.id, "code": held.code, "content_hash": held.content_hash}
        if warehouse.value(
            """SELECT count(*) > (SELECT coalesce(max(f.releases), 0) FROM ledger.files AS f
                                  WHERE $kind = 'FILE' AND f.file_id = $subject)
                      AND count(*) FILTER (r.code = $code) > 0
               FROM facts.releases AS r
               WHERE (r.kind, r.subject, r.content_hash) = ($kind, $subject, $content_hash)""",
            known,
        ):
            return Released(held.kind, held.id, held.code, is_news=False)
        warehouse.run(
            """INSERT INTO facts.releases BY NAME
               SELECT md5(concat_ws('|', 'release', $kind, $subject, $code, sequence)) AS release_id, sequence,
                      $on AS released_on, $kind AS kind, $subject AS subject, $code AS code,
                      $content_hash AS content_hash, $reason AS reason, $released_by AS released_by
               FROM (SELECT coalesce(max(sequence), 0) + 1 AS sequence FROM facts.releases)""",
            {**known, "on": on, "reason": reason, "released_by": released_by},
        )
        release_id = warehouse.value("SELECT arg_max(release_id, sequence) FROM facts.releases")
        note(
            warehouse, on, "RELEASED", release_id,
            f"{held.kind.lower()} {held.id}, {held.code}, sha256 {held.content_hash}",
        )  # fmt: skip
    return Released(held.kind, held.id, held.code, is_news=True)


def _refuse_what_never_passes(held: Held, on: date) -> None:
    if held.kind == "DELIVERY" and not GATES[held.code].releasable:
        gate = GATES[held.code]
        raise ReleaseRefused("H04", f"{held.code}, {gate.meaning}: that is never released", remedy=gate.remedy)
    if held.kind == "FILE" and held.code not in FILE_CODES:
        check = CATALOGUE[held.code]
        raise ReleaseRefused("H04", f"{held.code}, {check.meaning}: that is never released", remedy=check.remedy)
    if held.code == "F08" and held.file_date is not None and held.file_date > on + timedelta(days=1):
        raise ReleaseRefused(
            "H05",
            "the file speaks of a day that has not come: it would outrank every file until then",
            remedy="Have it sent with its right date, or release it when the day has come.",
        )
