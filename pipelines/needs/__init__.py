"""What somebody needs on the day of release, what of it is arranged, and what is still missing (rules R27 to R30)."""

from pipelines.needs.derive import derive_needs

__all__ = ["derive_needs"]
