"""Codes of homes that move (S): why a home did not come from its depot, or was not brought back."""

from __future__ import annotations

from functools import partial

from pipelines.codes.effects import NIGHT_STOPPED, REFUSED
from pipelines.codes.explained import Effect, Explained
from schemas.problems import ExitCode

_depot = partial(Explained, exit_code=ExitCode.INPUT_OUTPUT)
_typed = partial(Explained, exit_code=ExitCode.CONFIGURATION, effect=REFUSED)
_NOT_FETCHED = Effect(
    "The home is not worked on: nothing is received, changed or sent. The copy that this machine had stays as it was.",
    REFUSED.told,
)

HOMES = (
    _typed(
        "S20", "the home of a plan is kept in its depot, and this process does not hold it",
        "The plan's configuration has a `depot`: any machine of the fleet may work on the home, one at a time. A command that began on an empty folder of its own would tell every provider everything anew.",
        ("Put the command behind `ecm-exchange fleet do PLAN`: it takes the home, does it, and brings the home back.", "Only to look: `ecm-exchange fleet do --reading PLAN status`."),
        example="somebody types `ecm-exchange run --config valley/exchange.toml` out of habit",
    ),
    _typed(
        "S21", "only what the plan published last is here, and the command needs its whole home",
        "With `--reading` nothing but the readers' copy is fetched, and the home is left to whoever works on it. The command writes, or reads what is not in that copy.",
        ("Type it without `--reading`.",),
        example="`ecm-exchange fleet do --reading VALLEY backup`",
    ),
    _depot(
        "S22", "the depot cannot be read or written",
        "It is not reached, refuses the account, is full, or does not answer in time; the message names the kind of failure.",
        ("See that the depot is reached, has room, and lets the plan's account write: `environment` of the plan in the fleet file has its keys.", "Then run again: the night goes on from what stands."),
        Effect("What was committed stays on this machine; nothing is done on it before the depot has it. A night stops there, and providers wait.", NIGHT_STOPPED.told),
        "the key of the bucket was changed, and the plan's file of secrets was not",
    ),
    _depot(
        "S23", "something in the depot is gone or was changed",
        "Everything in a depot lies under the hash of its bytes, and the database of leases says which state is the last. An object is missing or is not what its name says, or the depot was set back to an earlier day.",
        ("Put the depot's files back, for a bucket an earlier version of the object.", "Where they are lost: `docs/homes.md` says how the home is begun again from a machine's copy or from a backup, without anything being sent twice."),
        _NOT_FETCHED, "a rule of the bucket removed what was older than 30 days",
    ),
    _depot(
        "S24", "no home was ever brought into the depot of a plan",
        "A plan with a `depot` never begins on an empty home by itself: everything would be told to every provider again.",
        ("`ecm-exchange fleet begin PLAN HOME` brings in the home that the plan had on one machine.", "`ecm-exchange fleet begin PLAN --new` begins a plan that never had one."),
        _NOT_FETCHED, "`depot` was added to the configuration of a plan, and its home was not brought in",
    ),
    _depot(
        "S25", "the depot holds a home of which the database of leases knows nothing",
        "The database was lost or is another one, or `depot` names the depot of another plan.",
        ("Correct `depot`, or `ECM_EXCHANGE_DATABASE`.", "Where the database was lost: `ecm-exchange fleet begin PLAN --from-depot` goes on from the newest state of the depot."),
        _NOT_FETCHED, "PostgreSQL was set up anew",
    ),
    _typed(
        "S26", "a home that is kept in a depot needs a database of leases",
        "Two machines that work on copies of one home would send everything twice. Who holds the home stands in a database that all machines reach.",
        ("Set `ECM_EXCHANGE_DATABASE` to the address of the fleet's PostgreSQL.",),
        example="the variable is set for the workers, and not in the shell of the person",
    ),
    _typed(
        "S27", "the home that was named, or a new one, is not the one that the plan has",
        "`fleet begin` brings in the home of a plan. This plan has another one, in its depot or at `[paths] home`, and what providers were told from there would be forgotten.",
        ("Use the home that is there: `ecm-exchange fleet do PLAN COMMAND`.", "Where the depot was lost, name a home that has everything the database of leases knows of: the copy of the machine that ran the last night."),
        example="the command of last week was found in the history of the shell",
    ),
    _typed(
        "S28", "the depot has no such checkpoint",
        "A checkpoint is named by its night and by how far the store had come; older ones are removed after a week of nights.",
        ("Name one of those that the message lists, or none: then it is the newest.",),
        example="the name was written down a month ago",
    ),
)  # fmt: skip
