"""What a plan decides for itself: `exchange.toml` and the providers table, typed and checked before anything runs."""

from pipelines.config.alerts import Addressees, Alert
from pipelines.config.model import ExchangeConfig
from pipelines.config.policy.locators import Locator
from pipelines.config.providers import Roster, read_roster
from pipelines.config.read import read_addressees, read_config
from pipelines.config.sources import Source

__all__ = [
    "Addressees",
    "Alert",
    "ExchangeConfig",
    "Locator",
    "Roster",
    "Source",
    "read_addressees",
    "read_config",
    "read_roster",
]
