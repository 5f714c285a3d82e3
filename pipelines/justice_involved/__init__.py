"""Evidence, coverage and statements of referrers and facilities -> one episode for each stretch of justice involvement."""

from pipelines.justice_involved.episodes import derive_episodes

__all__ = ["derive_episodes"]
