"""Evidence, coverage, and what referrers and facilities say -> an episode for each stretch of justice involvement."""

from pipelines.justice_involved.episodes import derive_episodes

__all__ = ["derive_episodes"]
