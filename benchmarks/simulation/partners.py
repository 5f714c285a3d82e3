"""All partners' servers, as one process that serves until its standard input ends."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipelines.cli.partners import serving_partners
from pipelines.config import read_config, read_roster


def main() -> None:
    """Serve the accounts of the plan in a folder; one line on stdout says that they can be reached."""
    parser = argparse.ArgumentParser(description="Serve the folders of a plan's partners.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    config = read_config(folder / "exchange.toml")
    with serving_partners(folder, config, read_roster(config.delivery.providers)):
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
