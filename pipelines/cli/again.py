"""Commands that look back on what was sent: `resend` the very bytes, `replay` how they came about."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import date as day
from typing import Annotated

import typer

from pipelines.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    ReasonOption,
    business_date,
    day_option,
    print_json,
    print_table,
    talk,
)
from pipelines.cli.completion import provider_npis
from pipelines.cli.help import examples
from pipelines.cli.problems import tell
from pipelines.cli.progress import working
from pipelines.config import read_config, read_roster
from pipelines.delivery.resend import resend as send_again
from pipelines.replay import replay as make_again
from pipelines.transfer.codes import CODES_OF_SERVERS, TRANSFER_CODES
from pipelines.warehouse import open_warehouse
from schemas.problems import ExchangeError, ExitCode

NightOption = Annotated[day, day_option("--date", help="The night in question.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(epilog=examples("ecm-exchange resend --provider 2916482120 --date 2026-11-03"))(resend)
    app.command(epilog=examples("ecm-exchange replay --date 2026-11-03"))(replay)


def resend(
    provider: Annotated[str, typer.Option(metavar="NPI", help="The provider's NPI.", autocompletion=provider_npis)],
    date: NightOption,
    reason: ReasonOption = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Who asks for it, for the record.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Put a day's files into a provider's folder once more.

    The very bytes that were delivered, for a provider that lost them. A file that is there still is left as it is, and
    what the provider is sent next stays the same. Ends with 1 when a file could not be put there, with 69 when its
    server could not be reached.
    """
    settings = read_config(config)
    on = business_date(settings, None)
    roster = read_roster(settings.delivery.providers).as_of(on)
    with open_warehouse(settings.home, settings.backups) as warehouse, working(f"putting the files of {date} there"):
        results = send_again(
            warehouse, settings, roster, provider, date, on=on, reason=reason, resent_by=by, sleep=time.sleep
        )
    if json:
        print_json([asdict(result) for result in results])
    else:
        print_table(f"To {provider} again", ("file", "outcome", "code"), [(r.name, r.outcome, r.code) for r in results])
    failed = sorted({result.code for result in results if result.code})
    for code in failed:
        about = TRANSFER_CODES[code]
        tell(ExchangeError(code, about.meaning, where=f"provider {provider}", remedy=about.remedy))
    if failed:
        is_the_server = failed[0] in CODES_OF_SERVERS
        raise typer.Exit(ExitCode.PARTNER_UNREACHABLE if is_the_server else ExitCode.PROBLEMS_FOUND)


def replay(date: NightOption, config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Make a past night's files again; compare with what was sent.

    They are made from what that night knew. Nothing is sent or changed. Ends with 0 when every file comes out byte
    for byte, with 1 when one does not.
    """
    settings = read_config(config)
    roster = read_roster(settings.delivery.providers)
    with open_warehouse(settings.home, settings.backups) as warehouse, working(f"making the files of {date} again"):
        found = make_again(warehouse, settings, roster, date)
    if json:
        print_json(asdict(found))
    elif found.differs:
        print_table(
            f"Files of the night of {found.business_date} that come out otherwise",
            ("NPI", "file", "batch", "came out", "rows then", "rows now", "alike"),
            [
                (f.npi, f.name, f.batch, f.verdict, f.rows_then, f.rows_now, f.rows_alike)
                for f in found.files
                if f.verdict != "IDENTICAL"
            ],
        )
    identical = sum(file.verdict == "IDENTICAL" for file in found.files)
    talk.print(f"{identical} of {len(found.files)} files of the night of {found.business_date} came out byte for byte.")
    if not found.differs:
        return
    for cause in found.known_causes:
        talk.print(f"It may be because {cause}.")
    if not found.known_causes:
        talk.print(
            "Program, configuration and providers are those of then, and nothing else is known that would explain it: "
            "`ecm-exchange rebuild` tells whether what stands now follows from the facts. Report it."
        )
    raise typer.Exit(ExitCode.PROBLEMS_FOUND)
