"""Telling people by mail, Slack, Teams or PagerDuty how a night went: counts and codes alone."""

from pipelines.alerts.codes import ALERT_CODES
from pipelines.alerts.post import Outcome, look
from pipelines.alerts.tell import tell_of_night, tell_of_stop, try_addresses
from pipelines.alerts.watch import Seen, check, tell_of_lost_run

__all__ = [
    "ALERT_CODES",
    "Outcome",
    "Seen",
    "check",
    "look",
    "tell_of_lost_run",
    "tell_of_night",
    "tell_of_stop",
    "try_addresses",
]
