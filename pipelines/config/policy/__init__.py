"""The plan's policies, one table of `exchange.toml` a module: what the rules leave to the plan."""

from pipelines.config.policy.authorization import Authorization
from pipelines.config.policy.clocks import Clocks
from pipelines.config.policy.justice_involved import JusticeInvolved
from pipelines.config.policy.safety import Safety

__all__ = ["Authorization", "Clocks", "JusticeInvolved", "Safety"]
