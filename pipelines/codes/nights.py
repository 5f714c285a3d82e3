"""Codes of nights (K) and of defects (X01, K99)."""

from __future__ import annotations

from functools import partial

from pipelines.checks import CHECKS
from pipelines.codes.effects import NIGHT_STOPPED, REFUSED
from pipelines.codes.explained import Effect, Explained
from schemas.problems import ExitCode

_told = partial(Explained, exit_code=ExitCode.PROBLEMS_FOUND)

_IN_DAGSTER = "Whoever looks at Dagster: the run, or the look for new files, fails with this code."

NIGHTS = (
    _told(
        "K01", "a check found what must not go on",
        f"After each station questions are asked of the store that must be answered with 0; {sum(check.blocking for check in CHECKS)} of them stop the night. The message says which, and how many.",
        ("Do what the message says of this check; most of them are defects: keep the store and report the check's name.", "Then `ecm-exchange run`: it goes on from what stands.", "`ecm-exchange status` tells what the night had done by then."),
        NIGHT_STOPPED, "a member is assigned to two providers (1)",
        parts=tuple((check.name, f"{check.meaning}. {check.remedy}") for check in CHECKS if check.blocking),
    ),
    _told(
        "K02", "this machine was not told to deliver to partners",
        "Dagster runs here without `ECM_EXCHANGE_DELIVER=1`, and files wait for servers other than this machine: it may be a test of the real configuration.",
        ("Where the exchange really runs: set `ECM_EXCHANGE_DELIVER=1` for the service, and run the night again.", "Anywhere else: this is right. Nothing was sent."),
        NIGHT_STOPPED, "somebody tries the plan's configuration on a laptop", exit_code=None,
    ),
    _told(
        "K03", "a later night has been run already",
        "A night before it would tell providers what is no longer so.",
        ("Run the last night, or today's: `ecm-exchange run`. What the earlier one left undone goes out with it.", "To see what it would have sent: `ecm-exchange replay --date 2026-11-03`."),
        REFUSED, "`ecm-exchange run --date` of the day before yesterday",
    ),
    _told(
        "K04", "files of a lost night stand with providers",
        "After a restore from a backup nobody here knows what that night told. Run under another date, its rows would be told twice.",
        ("Run that night first, by the date in the message: `ecm-exchange run --date 2026-11-03`. What stands there is found, equal, and not sent again.",),
        REFUSED, "the disk failed on Wednesday, and the backup is of Monday",
    ),
    _told(
        "K05", "a run is one night, and this one was asked for several",
        "In Dagster somebody chose several dates and one run for all of them. Each night is computed from what the one before it delivered, so they cannot be one run.",
        ("Launch the dates as a backfill, a run for each: the queue lets them go one after the other, the earliest first.", "Or run only the last of them, `ecm-exchange run`: it takes up all that the others left."),
        Effect("Nothing is done.", _IN_DAGSTER),
        "*Single run* chosen for a week of dates in the window that launches them", exit_code=None,
    ),
    _told(
        "K10", "the last night was broken off before its files were ready",
        "Something stopped it before its files stood in the outbox and were judged: what waits there may be what it was stopped for. Delivering again neither sends that nor makes a whole night of it.",
        ("The page of the night says what stopped it: mend that.", "Run that night again, by the date in the message: `ecm-exchange run --date 2026-11-03`. It sends all that is still owed, and nothing twice."),
        Effect("Nothing is sent, and the night stays as it is: broken off.", "Whoever started the delivery: in Dagster the run fails with this code."),
        "the job `redeliver` is started on the morning after a night that K01 stopped",
    ),
    _told(
        "K20", "the night lies ahead",
        "The day has not come, and it is more than a week after the last night. Run now, the night would end what has not ended, and no night before it could be run any more.",
        ("Correct `--date`; without it `ecm-exchange run` takes today.",),
        REFUSED, "`ecm-exchange run --date 2062-11-03` for 2026-11-03", exit_code=ExitCode.USAGE,
    ),
    _told(
        "K90", "runs for the same new files have failed",
        "The look for new files started them several times, and each run failed: it does not go on trying.",
        ("Look at the last run in Dagster and mend its cause.", "Then start `nightly_exchange` for today by hand, or `ecm-exchange run`."),
        Effect("No more runs are started for these files by themselves. The night of the schedule runs as ever.", _IN_DAGSTER),
        "a providers table with a mistake in it, edited during the day", exit_code=None,
    ),
    _told(
        "K99", "a defect in this software, met by Dagster",
        "Something happened that nobody foresaw. Its own message may quote people: only its kind and its place in the code are told.",
        ("Report kind and place.", "Run the night again: `ecm-exchange run`. Nothing half-done was kept."),
        Effect(NIGHT_STOPPED.does, _IN_DAGSTER), "KeyError in pipelines/assignment/flow.py:88", exit_code=None,
    ),
    _told(
        "X01", "a defect in this software",
        "Something happened that nobody foresaw. Its own message may quote people: only its kind and its place in the code are told.",
        ("Report kind and place.", "Type the same command again. Nothing half-done was kept."),
        Effect("The command ends; a night stops where it is, and goes on from there when it is run again.", "Whoever typed the command; the page of the night, where a night was stopped."),
        "KeyError in pipelines/assignment/flow.py:88",
    ),
)  # fmt: skip
