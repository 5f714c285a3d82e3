"""Codes of the configuration (C): `exchange.toml`, the tables and files that it names, and what has to be installed."""

from __future__ import annotations

from functools import partial

from pipelines.codes.effects import NOT_READ, PARTNER_LEFT, REFUSED
from pipelines.codes.explained import Explained
from schemas.problems import ExitCode

_told = partial(Explained, exit_code=ExitCode.CONFIGURATION)

CONFIGURATION = (
    _told(
        "C01", "the configuration file cannot be read",
        "There is no `exchange.toml` where the command looks: in the folder in which it was typed, or where `--config` says; or this account may not read it.",
        ("Go to the plan's folder, or name the file: `ecm-exchange status --config /srv/plan/exchange.toml`.", "For a new plan: `ecm-exchange init --dir plan`."),
        NOT_READ, "a command is typed in the home folder of whoever logged in",
    ),
    _told(
        "C02", "the configuration is not valid TOML",
        "A quote, bracket or comma is missing; the message has line and column.",
        ("Correct that line, then `ecm-exchange doctor`.",),
        NOT_READ, 'name = "Sample Health Plan without the second quote',
    ),
    _told(
        "C03", "the configuration says something that cannot be followed",
        "A key is unknown or misspelled, a value is of the wrong type or out of range, or two settings contradict each other. Every mistake is told, each with its line.",
        ("Correct the lines that are named; a key that is close to a known one comes with a suggestion.", "Then `ecm-exchange doctor`."),
        NOT_READ, "`timezon` instead of `timezone` under [plan]",
    ),
    _told(
        "C04", "a table that the configuration names cannot be read",
        "The providers table or the table of other networks is not there, is not UTF-8, or its quotes do not match.",
        ("Check the path in `exchange.toml`; save the table as CSV in UTF-8.", "Then `ecm-exchange doctor`."),
        NOT_READ, "providers.csv was saved as a workbook",
    ),
    _told(
        "C05", "lines of a table say something that cannot be followed",
        "A column is missing or unknown, an NPI fails its check digit, a key file is not there, two lines of one provider overlap, two providers share an account. Every line is told.",
        ("Correct the lines that are named.", "Then `ecm-exchange doctor`."),
        NOT_READ, "an NPI of nine digits in line 12 of providers.csv",
    ),
    _told(
        "C06", "the password of a source is not in the environment",
        "The source names `password_env`, and the process that runs the night has no such variable: cron and systemd pass on only what they are told to.",
        ("Set it for the service (systemd: `EnvironmentFile=`), or use a `key_file`.", "`ecm-exchange doctor` tells whether it is seen."),
        PARTNER_LEFT, "the variable is set in the shell of the one who tried it, and not for the timer", exit_code=None,
    ),
    _told(
        "C07", "proposals are asked for, and what computes them is not installed",
        "`[identity] proposals = true` needs the extra `matching`.",
        ("`pip install 'ecm-exchange[matching]'`, or set `proposals = false`.",),
        NOT_READ, "a new machine was set up without the extra",
    ),
    _told(
        "C08", "template or schema of the report to the state cannot be used",
        "The file that `[reports]` names is not there, is no JSON, or names fields that there are not.",
        ("Correct the places that are named; `docs/reports.md` lists the fields.", "Then `ecm-exchange report dhcs-json --month 2026-10`."),
        REFUSED, "a template asks for `{{ members.cinn }}`",
    ),
    _told(
        "C09", "the schema of the report to the state is no JSON Schema",
        "The file is JSON, and draft 2020-12 does not allow what it says.",
        ("Correct the place that is named, or leave out `dhcs_schema` to use the one that comes along.",),
        REFUSED, '"type": "strng"',
    ),
    _told(
        "C10", "a layout cannot be used",
        "There is no layout of this name, or its TOML file has an unknown or contradictory setting.",
        ("Correct the setting that is named in the layout's file, or name a layout that comes along.", "`ecm-exchange validate FILE --layout my_layout.toml` tries it on a file."),
        NOT_READ, '`type = "dat"` for a column of dates',
    ),
    _told(
        "C11", "a profile of the 834 cannot be used",
        "There is no profile of this name, or its TOML file names a place that the 834 does not have.",
        ("Correct the key that is named in the profile's file, or use `dhcs` or `delegated`.", "`ecm-exchange validate FILE --layout my_profile.toml` tries it on a file."),
        NOT_READ, '`at = "2000/REF*1L/2"` instead of `/02`',
    ),
)  # fmt: skip
