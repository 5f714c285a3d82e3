"""Evidence, coverage, and what others say -> events, the states they lead to, episodes, and what contradicts."""

from pipelines.justice_involved.episodes import derive_episodes

__all__ = ["derive_episodes"]
