"""The plan's store of facts and of what follows from them: one DuckDB file, one writer, one door."""

from pipelines.warehouse.door import open_published, open_warehouse
from pipelines.warehouse.lock import run_lock
from pipelines.warehouse.store import Warehouse

__all__ = ["Warehouse", "open_published", "open_warehouse", "run_lock"]
