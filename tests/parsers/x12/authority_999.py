"""What pyx12, by its map of the 999, has against an acknowledgement, and ways to read one."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)


def errors_in(acknowledgement: bytes) -> list[str]:
    """Return every error pyx12 finds; none when it accepts all of it."""
    report = io.StringIO()
    # Control characters would make a text stream split or translate what is one segment.
    text = io.StringIO(acknowledgement.decode("ascii"), newline="")
    accepted = x12n_document(ParamsBase(), text, None, None, fd_json=report)
    found = list(_errors(json.loads(report.getvalue())))
    left = text.read()
    return [*found, *(["rejected"] if not accepted and not found else []), *(["not read to its end"] if left else [])]


def _errors(node: Any) -> Any:
    if isinstance(node, dict):
        yield from (f"{error['err_cde']} {error['err_str']}" for error in node.get("errors", ()))
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _errors(child)


def lines(acknowledgement: bytes) -> list[str]:
    """Split an acknowledgement with the standard delimiters into its segments."""
    text = acknowledgement.decode("ascii")
    assert text.endswith("~")
    return text[:-1].split("~")


def between(acknowledgement: bytes, first: str, last: str) -> list[str]:
    """Return the segments from the first with one id to the last with another one."""
    segments = lines(acknowledgement)
    ids = [segment.partition("*")[0] for segment in segments]
    return segments[ids.index(first) : len(ids) - ids[::-1].index(last)]
