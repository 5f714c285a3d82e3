"""Files of partners that a person released: they wait to be loaded again, with the one check waived."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.config import Source
from pipelines.warehouse import Warehouse
from schemas.findings import CATALOGUE

READ_AGAIN = frozenset({"F02", "F03"})
"""Checks by which a file does not fit its layout: released, it is read by the layout that its source has now."""

FILE_CODES = frozenset({"F06", "F08", "F11", "F12", "F13", "F14"}) | READ_AGAIN
"""Checks that doubt whether a readable file is meant as it came, or is laid out as it was said. What the others hold
cannot or must not be loaded."""

_CONTENT_TAKEN = """
    SELECT count(*) > 0 FROM ledger.files
    WHERE source = $source AND sha256 = $sha256 AND status NOT IN ('HELD', 'DUPLICATE')
"""


def apply_file_releases(warehouse: Warehouse, sources: Iterable[Source]) -> int:
    """Let every file with a release that has not been acted on wait to be loaded; return how many.

    Nothing of it was loaded: it is read by the layout that its source has now, which may have been mended since.
    A file that is held again, by another check say, waits for another release. The same content may have been sent, and
    released, more than once: it is loaded once, and is a duplicate after that.
    """
    layouts = {source.name: source.layout for source in sources}
    with warehouse.transaction():
        released = warehouse.rows(
            """SELECT f.file_id, f.source, f.sha256, count(*) AS given
               FROM ledger.files AS f
               JOIN facts.releases AS r ON r.kind = 'FILE' AND r.subject = f.file_id AND r.content_hash = f.sha256
               WHERE f.status = 'HELD'
               GROUP BY ALL HAVING count(*) > any_value(f.releases)
               ORDER BY any_value(f.arrival)"""
        )
        for file_id, source, sha256, given in released:
            again = warehouse.value(_CONTENT_TAKEN, {"source": source, "sha256": sha256})
            _wait_again(warehouse, file_id, given, "DUPLICATE" if again else "LANDED", "F07" if again else "")
            if source in layouts:
                warehouse.run(
                    "UPDATE ledger.files SET layout = $layout WHERE file_id = $file_id",
                    {"layout": layouts[source], "file_id": file_id},
                )
    return len(released)


def _wait_again(warehouse: Warehouse, file_id: str, given: int, status: str, reason: str) -> None:
    """Forget what was found when the file was held, and that its sender was told so: it is answered anew."""
    warehouse.run(
        """UPDATE ledger.files SET status = $status, reason = $reason, detail = $detail, releases = $given,
               rows_in = 0, rows_loaded = 0, rows_rejected = 0, rows_duplicate = 0, rows_warned = 0
           WHERE file_id = $file_id""",
        {
            "file_id": file_id,
            "status": status,
            "reason": reason,
            "given": given,
            "detail": CATALOGUE[reason].meaning if reason else "",
        },
    )
    warehouse.run("DELETE FROM quarantine.rows WHERE file_id = $file_id", {"file_id": file_id})
    warehouse.run("DELETE FROM ledger.acknowledgements WHERE file_id = $file_id", {"file_id": file_id})
    warehouse.run(
        """UPDATE delivery.outbox SET scope = 'EARLIER_RESPONSE'
           WHERE recipient_kind = 'SOURCE' AND scope = 'RESPONSE'
             AND (recipient, sequence) IN (SELECT (source, arrival) FROM ledger.files WHERE file_id = $file_id)""",
        {"file_id": file_id},
    )
