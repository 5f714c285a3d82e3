"""Whether somebody would be told when a night stops: addresses that are there and can be written to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipelines.alerts import ALERT_CODES, look
from pipelines.config import ExchangeConfig
from pipelines.doctor.ailment import Ailment


def examine_alerts(config: ExchangeConfig, environment: Mapping[str, str]) -> Iterator[Ailment]:
    """Look at each address of `[[alerts]]`; nothing is sent."""
    if not any("stopped" in alert.on for alert in config.alerts):
        remedy = 'Add [[alerts]] with on = ["stopped", "missed"]: docs/alerts.md.'
        yield Ailment("alerts", "look", "nobody is told when a night stops", remedy)
    if not any("missed" in alert.on for alert in config.alerts):
        remedy = 'Add "missed" to `on` of [[alerts]], and run `ecm-exchange alerts check` by a timer of its own.'
        yield Ailment("alerts", "look", "nobody is told when a night does not begin", remedy)
    for outcome in look([alert.to for alert in config.alerts], environment):
        subject = f"alerts to {outcome.to}"
        if outcome.code:
            yield Ailment(subject, "wrong", outcome.finding, ALERT_CODES[outcome.code].remedy)
        else:
            yield Ailment(subject, "fine", "can be written to; `ecm-exchange alerts test` shows whether it arrives")
