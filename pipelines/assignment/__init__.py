"""Authorized members -> one ECM provider each, by the precedence of sources, with the reason kept."""

from pipelines.assignment.assign import assign_members, read_assignments
from pipelines.assignment.decisions import decide

__all__ = ["assign_members", "decide", "read_assignments"]
