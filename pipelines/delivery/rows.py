"""A row of the assignment file as the store keeps it, and as the files tell it."""

from __future__ import annotations

import json

from pipelines.delivery.render import Row
from schemas.assignment import COLUMN_NAMES


def row_of(record_action: str, change_reason: str | None, row_hash: str, content: str) -> Row:
    """Put together a row from what is said of it and its content; columns that its layout did not have are empty."""
    said = {"record_action": record_action, "change_reason": change_reason, "row_hash": row_hash, "content": content}
    told: dict[str, str | None] = json.loads(content)
    return dict.fromkeys(COLUMN_NAMES) | told | said
