"""Every way in which somebody could not be told, and what a look from outside says of a night: a code for each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AlertCode:
    """One entry of the table."""

    code: str
    meaning: str
    remedy: str


ALERT_CODES: dict[str, AlertCode] = {
    entry.code: entry
    for entry in (
        AlertCode(
            "Y01",
            "the environment variable that holds the address is not set",
            "Set it where the night is started, for the service account alone; `ecm-exchange doctor` looks for it.",
        ),
        AlertCode(
            "Y02",
            "the address is not one that can be written to",
            "Write it as docs/alerts.md shows for the service, and try it with `ecm-exchange alerts test`.",
        ),
        AlertCode(
            "Y03",
            "the service did not take the message",
            "Make a new token or key there, and try it with `ecm-exchange alerts test`.",
        ),
        AlertCode(
            "Y04",
            "the service was not reached, or did not answer in time",
            "Look at firewall, proxy and host, and try it with `ecm-exchange alerts test`; the next night tells again.",
        ),
        AlertCode(
            "Y05",
            "the library that sends messages is not installed",
            "Run `pip install 'ecm-exchange[alerts]'`.",
        ),
        AlertCode(
            "Y06",
            "who was told of what cannot be read or written",
            "Make room and rights for alerts.json in the home; until then things may be told twice.",
        ),
        AlertCode(
            "Y07",
            "nobody is told how nights go",
            "Add an [[alerts]] table: docs/alerts.md shows one for each service.",
        ),
        AlertCode(
            "Y11",
            "the night has not begun",
            "See why the scheduler did not start it, and run it.",
        ),
        AlertCode(
            "Y12",
            "the night is still at work",
            "See with `ecm-exchange status` whether it gets on. If it hangs, end its process and run it again.",
        ),
        AlertCode(
            "Y13",
            "the night was begun and has not come to its end",
            "Run it again: it goes on from what stands.",
        ),
        AlertCode(
            "Y14",
            "the orchestrator ended the run, or it failed before the exchange could say why",
            "See the run's page in Dagster for what ended it, and run the night again.",
        ),
    )
}
"""Codes below `Y11` are lines for whoever reads the night; those from `Y11` on stand in messages."""
