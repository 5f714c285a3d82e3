"""Lists for plan operations, as the last night left the exchange: queries with what their columns mean."""

from pipelines.reporting.operations.listings import materials, moved_from, moves, referrals
from pipelines.reporting.operations.reconcile import reconciliation

__all__ = ["materials", "moved_from", "moves", "reconciliation", "referrals"]
