"""Codes of alerts (Y): why they come, an example. What each means and what to do stand in `pipelines.alerts.codes`."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.alerts.codes import ALERT_CODES
from pipelines.codes.explained import Effect, Explained
from schemas.problems import ExitCode


class Why(NamedTuple):
    """What the table of alerts does not say of a code."""

    effect: Effect
    why: str
    example: str
    exit_code: ExitCode | None = ExitCode.PROBLEMS_FOUND


_ON_RECORD = "What `run` says at its end, `ecm-exchange status` and the page of the night; `ecm-exchange alerts test` and `doctor`, too."
_NOT_TOLD = Effect(
    "The night is what it is and goes out as ever; this one address hears nothing, all others do. The night ends with 1. What was not told is told the next time.",
    _ON_RECORD,
)
_WOKEN = "Whoever is told of missed nights, once, when the hour of that address has come; and whoever reads what `alerts check` says."
_MISSED = Effect("Nothing is changed: this is a look from outside. Providers wait.", _WOKEN)

# fmt: off
WHYS: dict[str, Why] = {
    "Y01": Why(_NOT_TOLD, "The configuration names a variable, and the process that ran the night had none of this name, or an empty one.", "set in the shell of whoever tried it, and not in the crontab or the unit file"),
    "Y02": Why(_NOT_TOLD, "What stands in the variable is not an address of a service that the library knows: a piece is missing, or the scheme is misspelled.", "`slack:/...` with one slash"),
    "Y03": Why(_NOT_TOLD, "The service was reached and refused it: the token was withdrawn, the channel or workflow is gone, or it has trouble of its own (a status of 500 or more). It was tried twice.", "the colleague who made the webhook left, and it was removed with the account"),
    "Y04": Why(_NOT_TOLD, "Nobody answered there, in the time that a night waits for all of its messages; or a mail server refused account, sender or recipient. It was tried twice.", "a firewall that lets sFTP out and nothing else"),
    "Y05": Why(_NOT_TOLD, "Sending is an extra of the installation: a plan that tells nobody does without.", "an upgrade that was installed without `[alerts]`"),
    "Y06": Why(Effect("People are told as ever. What they were told is not remembered, so that they are told again the next time.", _ON_RECORD), "The home lets nobody write, or has no room left.", "a full disk"),
    "Y07": Why(Effect("The command does nothing: there is nobody to write to.", "Whoever typed the command."), "The configuration has no table of whom to tell.", "`ecm-exchange alerts test` after `init`", ExitCode.CONFIGURATION),
    "Y11": Why(_MISSED, "There is no run of this day's night: the scheduler was stopped, the machine was off, or the run was refused before it began.", "a machine that was updated at three and did not come back"),
    "Y12": Why(_MISSED, "A run holds the lock of the home and has not come to its end by the hour at which it should have.", "a night that waits for a disk of the network"),
    "Y13": Why(_MISSED, "It was stopped, killed or ended with the machine, and nobody has run it again.", "the machine ran out of memory at four"),
    "Y14": Why(Effect("Nothing is sent after it. What was done before stays, and the next run goes on from there.", "Whoever is told of stopped nights, where the night itself did not tell them why."), "Dagster ended the run, or lost its process, before the exchange itself could say what stopped it.", "a run of more than three hours, ended by the run monitoring", None),
}
# fmt: on

ALERTS = tuple(
    Explained(
        code,
        entry.meaning,
        WHYS[code].why,
        (entry.remedy,),
        WHYS[code].effect,
        WHYS[code].example,
        WHYS[code].exit_code,
    )
    for code, entry in ALERT_CODES.items()
)
