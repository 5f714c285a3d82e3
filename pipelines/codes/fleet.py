"""Codes of a fleet (S): why a plan that a fleet file names is not shown or not run."""

from __future__ import annotations

from functools import partial

from pipelines.codes.effects import REFUSED
from pipelines.codes.explained import Effect, Explained

_told = partial(
    Explained, effect=Effect("The plan is shown as unreadable; all others are shown as they stand.", REFUSED.told)
)

FLEET = (
    _told(
        "S01", "the configuration is that of another plan",
        "The `config` of a plan in the fleet file leads to an `exchange.toml` whose `[plan] id` is another one's.",
        ("Correct `id` or `config` of the plan in the fleet file.",),
        example="a block was copied in fleet.toml, and only its `id` was changed",
    ),
    _told(
        "S02", "a plan has a folder in common with another plan of the fleet",
        "The home, the backups or the pages of one plan are those of another, or lie within them: people of one plan would be read by the other.",
        ("Give each plan a home, a folder of backups and one of pages of its own, none within another's.", "Then `ecm-exchange doctor` for each of them."),
        example="a new plan was set up from a copy of another one's `exchange.toml`",
    ),
    _told(
        "S03", "the home of a plan did not answer in time",
        "Its disk is not there or does not answer; a share of another machine is the usual case.",
        ("See whether the disk is mounted and answers.", "Then `ecm-exchange doctor` for the plan."),
        example="the file server of one plan is restarted",
    ),
    _told(
        "S04", "the fleet file names another time zone for a plan than its configuration does",
        "The schedule follows the fleet file, and business dates follow the plan's configuration: where they differ, a night may run under the wrong date.",
        ("Correct `timezone` of the plan in the fleet file, or `[plan] timezone` of its `exchange.toml`.",),
        example="a plan in another time zone was added, and only its `exchange.toml` says so",
    ),
    _told(
        "S05", "the file of a plan's secrets cannot be read, or others may read it",
        "`environment` of a plan in the fleet file names a file that is not there, cannot be read, or can be read by others than its owner.",
        ("Let it belong to the account that runs the plan's nights, and give it mode 0600.",),
        example="it was copied with the rights of the account that copied it",
    ),
)  # fmt: skip
