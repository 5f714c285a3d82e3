"""Whether somebody would be told when a night stops: addresses that are there and can be written to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipelines.alerts import ALERT_CODES, look
from pipelines.config import ExchangeConfig
from pipelines.doctor.ailment import Ailment, fine, found


def examine_alerts(config: ExchangeConfig, environment: Mapping[str, str]) -> Iterator[Ailment]:
    """Look at each address of `[[alerts]]`; nothing is sent."""
    if not any("stopped" in alert.on for alert in config.alerts):
        yield found("nobody-told-of-stops", "alerts", "nobody is told when a night stops")
    if not any("missed" in alert.on for alert in config.alerts):
        yield found("nobody-told-of-silence", "alerts", "nobody is told when a night does not begin")
    for outcome in look([alert.to for alert in config.alerts], environment):
        subject = f"alerts to {outcome.to}"
        if outcome.code:
            yield found("alert-unusable", subject, outcome.finding, mend=ALERT_CODES[outcome.code].remedy)
        else:
            yield fine("alerts", subject, "can be written to; `ecm-exchange alerts test` shows whether it arrives")
