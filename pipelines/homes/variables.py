"""Variables by which a process of a fleet is told where its parts are; each is named here and nowhere else."""

from __future__ import annotations

DATABASE_VARIABLE = "ECM_EXCHANGE_DATABASE"
"""Address of PostgreSQL; unset where one machine runs all nights."""

BROKER_VARIABLE = "ECM_EXCHANGE_BROKER"
"""Address of Redis."""

WORK_VARIABLE = "ECM_EXCHANGE_WORK"
"""A worker's folder, in which it works on homes that move."""

CONFINE_VARIABLE = "ECM_EXCHANGE_CONFINE"
"""Set to 1 where a process runs nights of several plans, one plan in each process."""
