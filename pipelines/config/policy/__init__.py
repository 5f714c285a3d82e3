"""The plan's policies, one table of `exchange.toml` a module: what the rules leave to the plan."""

from pipelines.config.policy.assignment import Assignment
from pipelines.config.policy.authorization import Authorization
from pipelines.config.policy.clocks import Clocks
from pipelines.config.policy.directory import Directory
from pipelines.config.policy.identity import Identity
from pipelines.config.policy.justice_involved import JusticeInvolved
from pipelines.config.policy.needs import Needs
from pipelines.config.policy.reports import Reports
from pipelines.config.policy.retention import Retention
from pipelines.config.policy.safety import Safety
from pipelines.config.policy.work_lists import WorkLists

__all__ = [
    "Assignment",
    "Authorization",
    "Clocks",
    "Directory",
    "Identity",
    "JusticeInvolved",
    "Needs",
    "Reports",
    "Retention",
    "Safety",
    "WorkLists",
]
