"""Why a member stands where the member stands: facts, what follows from each, and the rule it follows by."""

from pipelines.explain.explain import Explanation, Section, explain

__all__ = ["Explanation", "Section", "explain"]
