"""Codes of workers (S): why a plan's home is not worked on by this machine, or no more."""

from __future__ import annotations

from pipelines.codes.effects import REFUSED
from pipelines.codes.explained import Effect, Explained
from schemas.problems import ExitCode

_OF_THE_HOME = Effect("Nothing is done on the home: nothing is received, changed or sent.", REFUSED.told)

WORKERS = (
    Explained(
        "S10", "the home of a plan is at work elsewhere",
        "Several machines may work on the home, one at a time, and another run or command holds it now; the message names it.",
        ("Wait for that to end, then type it again. Reading goes on meanwhile: `ecm-exchange fleet status`.", "If its machine is dead, nothing needs to be done: within half a minute the home is free."),
        Effect("The command does nothing, and a night waits; the one that is at work is not disturbed.", REFUSED.told),
        "a person releases quarantined rows of a plan whose night is under way", exit_code=ExitCode.ANOTHER_RUN_ACTIVE,
    ),
    Explained(
        "S11", "the home of a plan is held by this process no more",
        "The process could not say in time that it is still there: it was stopped, its machine slept, or the database was away for longer than the home is held. Another may hold the home since.",
        ("Nothing is lost: whoever holds the home goes on with the night.", "Where it comes again, look why the machine or the database is so slow: `ecm-exchange fleet status` tells how the plan stands."),
        Effect("The process stops before it sends or writes anything more; mostly it is ended by the system.", "Dagster: the run fails and is launched anew on another worker."),
        "a virtual machine was moved to other hardware and stood still for a minute", exit_code=ExitCode.ANOTHER_RUN_ACTIVE,
    ),
    Explained(
        "S12", "the database that says who works on a plan did not answer",
        "PostgreSQL is not there, refuses the account, or the network between is broken. Without it nobody can know that a home is free.",
        ("See that PostgreSQL runs, and that `ECM_EXCHANGE_DATABASE` leads to it.", "Then run again: a night goes on from what stands."),
        _OF_THE_HOME, "the database is moved to another machine", exit_code=ExitCode.INPUT_OUTPUT,
    ),
    Explained(
        "S13", "this system has no timer that ends a process which lost its plan's home",
        "Whoever holds a home that other machines may take is ended by a timer of Linux when it cannot renew that in time. Here there is none.",
        ("Let the nights of a fleet run on Linux.", "On one machine alone leave `ECM_EXCHANGE_DATABASE` unset: no such timer is needed there."),
        _OF_THE_HOME, "a worker is tried out on a Mac", exit_code=ExitCode.INPUT_OUTPUT,
    ),
    Explained(
        "S14", "the address of the fleet's database is none",
        "`ECM_EXCHANGE_DATABASE` cannot be read as the address of a PostgreSQL database.",
        ("Write it as `postgresql://USER@HOST:PORT/NAME`, the password behind the user and a colon, or in the `.pgpass` file of the account.",),
        _OF_THE_HOME, "the variable was set to the path of a file", exit_code=ExitCode.CONFIGURATION,
    ),
    Explained(
        "S15", "nights are to be run by workers, and it is not said where these are",
        "Workers, webserver and daemon of a fleet share a PostgreSQL database and a Redis broker, and need the address of both. One of them is missing in the environment.",
        ("Set `ECM_EXCHANGE_DATABASE` and `ECM_EXCHANGE_BROKER`, for each of the three.", "Where one machine runs all nights by itself, unset both."),
        _OF_THE_HOME, "a new worker got an environment file without the broker", exit_code=ExitCode.CONFIGURATION,
    ),
    Explained(
        "S19", "no worker serves the queue of a plan",
        "`queue` of the plan in the fleet file names a queue for which no worker was started, or all of its workers are gone: its nights wait in the queue.",
        ("Start one: `ecm-exchange fleet worker --queue nights`, with the name of the queue.", "Or correct `queue` of the plan in the fleet file."),
        Effect("Nights of the plan wait and do not begin as long as this lasts. One that is at work goes on.", "Whoever looks: `ecm-exchange fleet status` puts the plan first and ends with 1."),
        "a plan got a queue of its own, and nobody started a worker for it",
    ),
    Explained(
        "S60", "a program that a rehearsal of many machines needs is missing",
        "The rehearsal starts PostgreSQL and Redis of its own, on this machine only; one of them is not installed.",
        ("Install it: `apt-get install postgresql redis-server` on Debian and Ubuntu.",),
        REFUSED, "the rehearsal is tried on a new laptop", exit_code=ExitCode.PROBLEMS_FOUND,
    ),
    Explained(
        "S61", "a program that a rehearsal of many machines needs does not begin",
        "PostgreSQL or Redis was started for the rehearsal and ended, or did not answer within half a minute.",
        ("Read its log, which the message names, and mend that.", "Then begin anew."),
        REFUSED, "there is no room on the disk for a database", exit_code=ExitCode.PROBLEMS_FOUND,
    ),
    Explained(
        "S62", "a rehearsal of many machines waited in vain",
        "Something that must happen in the rehearsal did not: an undisturbed night failed, no night began or ended, or nobody noticed that a worker was gone.",
        ("Read the log that the message names, and mend what it says.", "Then begin anew, while the machine has little else to do."),
        REFUSED, "a laptop is busy with a backup while the rehearsal runs", exit_code=ExitCode.PROBLEMS_FOUND,
    ),
)  # fmt: skip
