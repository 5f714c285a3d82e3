"""The plan's configuration and its providers, as many as are asked for, no two quite alike."""

from __future__ import annotations

import argparse
import csv
from datetime import date
from pathlib import Path

from pipelines.config.providers import WEEKDAYS
from sample_data.configuration import SAMPLE_PLAN, SamplePlan, exchange_toml
from sample_data.geography import PLAN_COUNTIES
from sample_data.identifiers import npi, phone, tin
from sample_data.providers import networks_csv

_COUNTIES = (PLAN_COUNTIES[0], ";".join(PLAN_COUNTIES[:2]), PLAN_COUNTIES[1], ";".join(PLAN_COUNTIES), PLAN_COUNTIES[2])
_LANGUAGES = ("ENG;SPA", "ENG", "ENG;SPA;HMN", "ENG;SPA;ARM")
START = date(2026, 11, 2)
"""Business date of the first night."""

_PLACES_FOR = 0.04
"""Share of the members for whom all providers together have places."""
_FIRST_PHONE = 40_000


def write_plan(folder: Path, members: int, providers: int, port: int, plan: SamplePlan = SAMPLE_PLAN) -> None:
    """Write `exchange.toml` and the tables that it names; all partners are reached at one port of this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "exchange.toml").write_text(exchange_toml(START, port, plan=plan), encoding="utf-8")
    (folder / "networks.csv").write_text(networks_csv(), encoding="utf-8")
    places = 10 + int(members * _PLACES_FOR / providers)
    with (folder / "providers.csv").open("w", encoding="utf-8", newline="") as out:
        lines = [_provider(number, places, port) for number in range(1, providers + 1)]
        table = csv.DictWriter(out, lines[0], lineterminator="\n")
        table.writeheader()
        table.writerows(lines)


def _provider(number: int, places: int, port: int) -> dict[str, str | int]:
    return {
        "npi": npi(number), "name": f"Provider {number}", "tin": tin(number), "active": "Y", "ji_provider": "Y",
        "service_scope": "HANDOFF_ONLY" if number % 3 == 1 else "PRE_RELEASE",
        "counties": _COUNTIES[number % len(_COUNTIES)],
        "populations": "ADULT;YOUTH" if number % 4 == 0 else "ADULT",
        "languages": _LANGUAGES[number % len(_LANGUAGES)], "capacity": places // 2 + places * (number % 11) // 10,
        "host": "127.0.0.1", "port": port, "username": f"ecm_{npi(number)}", "key_file": "keys/plan_ed25519",
        "folder": "/assignments", "formats": "csv;xlsx" if number % 10 == 0 else "csv",
        "full_day": WEEKDAYS[number % len(WEEKDAYS)], "ffs_enrolled": "Y", "facility_contracts": "",
        "phone": phone(_FIRST_PHONE + number), "email": f"ecm{number}@example.org",
        "effective_from": "", "effective_to": "",
    }  # fmt: skip


def main() -> None:
    """Write the plan that is asked for."""
    parser = argparse.ArgumentParser(description="Write the configuration of a simulated plan.")
    parser.add_argument("folder", type=Path)
    for name in ("members", "providers", "port"):
        parser.add_argument(name, type=int)
    asked = parser.parse_args()
    write_plan(asked.folder, asked.members, asked.providers, asked.port)


if __name__ == "__main__":
    main()
