"""The number of the store's shape rises with its tables: an earlier version must be able to tell that it is too old."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipelines.warehouse import open_warehouse
from pipelines.warehouse.shape import SHAPE, columns_of

DECLARED = (4, "aba1dd46a534ef0b908641a624bac3bfc4fe20eaac747769a7d3287e901f8f91")
"""The number, and a hash of all tables and columns as they were declared when it was given."""


def test_a_store_of_another_shape_has_another_number(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "home") as warehouse:
        declared = repr(sorted(columns_of(warehouse.connection, "warehouse").items()))
    found = (SHAPE, hashlib.sha256(declared.encode()).hexdigest())
    assert found == DECLARED, "raise SHAPE in pipelines/warehouse/shape.py, and note its number and hash here"
