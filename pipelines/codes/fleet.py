"""Codes of a fleet (S): why a plan that a fleet file names is not shown or not run."""

from __future__ import annotations

from functools import partial

from pipelines.codes.effects import REFUSED
from pipelines.codes.explained import Effect, Explained

_told = partial(
    Explained, effect=Effect("The plan is shown as unreadable; all others are shown as they stand.", REFUSED.told)
)
_not_begun = partial(
    Explained,
    effect=Effect(
        "The plan's night is not begun, and nothing of it was read or sent; nights of other plans go on.", REFUSED.told
    ),
)

_TICK = Effect(
    "The tick of this one sensor fails, and the next one tries again. Nights are not touched, of this plan or another.",
    "Whoever looks at the sensor in Dagster, where the tick fails with this code.",
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
    Explained(
        "S06", "the fleet file names no plan of this id",
        "A command or a run in Dagster names a plan that `fleet.toml` does not have: it was mistyped, or taken out of the file since.",
        ("Correct the id, or add the plan to the fleet file.",),
        REFUSED,
        "a plan left the bureau, and one of its nights is launched again",
    ),
    Explained(
        "S07", "a question about a fleet was asked without naming a plan",
        "In the graph of a fleet each table is one of every plan. A check that is executed by itself names none of them.",
        ("Launch the table for the plan and its last date: that asks again.",),
        Effect("Nothing is done.", "Whoever launched it: the run in Dagster fails with this code."),
        "*Execute* is chosen on the page of a check",
    ),
    Explained(
        "S08", "a plan could not be looked after between its nights",
        "In Dagster a look at the plan's partners or its store, or a word to people, did not end and was given up, or was ended by the system: its disk does not answer, partners are slow, or there is no memory left. No other plan waited for it.",
        ("See whether the disk of the plan is mounted and answers.", "See which partner is slow: `ecm-exchange doctor` for the plan.", "See what uses the memory of the machine that Dagster's daemon runs on."),
        _TICK,
        "a share that a plan's home lies on is gone, and whoever reads from it waits for ever",
    ),
    _not_begun(
        "S40", "a night cannot be confined to its plan on this machine",
        "A process that runs nights of several plans gives up, before it opens one, all files that are not that plan's. This takes Linux 5.19 or later with Landlock, and the machine has an older kernel, was booted without it, or is no Linux; or the service may not call it.",
        ("Run it on a machine whose kernel has it: `cat /sys/kernel/security/lsm` names `landlock` there.", "In a unit of systemd with `SystemCallFilter=@system-service` add `landlock_create_ruleset landlock_add_rule landlock_restrict_self` to that line.", "Or write `unconfined = true` at the top of the fleet file, best with an account of its own for each plan: `ecm-exchange fleet status` tells of it from then on."),
        example="a fleet is tried on a laptop that is not Linux",
    ),
    _not_begun(
        "S41", "something of a plan lies in a folder that every plan's nights can read",
        "Home, configuration, keys or secrets of the plan lie below the Python installation, the program, or Dagster's own folder. Those are open to the nights of all plans, and so would be what is the plan's.",
        ("Move the plan's files out of the folder that is named, and correct the paths.",),
        example="a plan was set up below the folder in which Dagster keeps its records",
    ),
    _not_begun(
        "S42", "files of two plans lie within one another",
        "Something that the plan's configuration names lies in the folder of another plan's `exchange.toml`, or another plan's `exchange.toml` or secrets lie in a folder that this plan's nights write into. The kernel opens a folder with all that is below it.",
        ("Give each plan a folder of its own, beside those of the others, and correct the paths.",),
        example="the home of a new plan was put beside the `exchange.toml` of an older one",
    ),
)  # fmt: skip
