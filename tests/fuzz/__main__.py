"""Fuzz one target, or one after another: `python -m tests.fuzz [TARGET] --seconds 60`, or `make fuzz`.

What was learned stays in `.fuzz/TARGET/corpus` and is where the next run begins; what broke something is
`.fuzz/TARGET/found-*`, and `python -m tests.fuzz TARGET FILE` tries it again.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

from tests.fuzz import guided

FOLDER = Path(__file__).parents[2] / ".fuzz"
NAMES = (
    "834",
    "834-load",
    "lists",
    "lists-load",
    "workbooks",
    "configuration",
    "tables",
    "layouts",
    "outbound",
    "profiles",
)
_STATISTICS = {
    "inputs": r"stat::number_of_executed_units:\s*(\d+)",
    "a second": r"stat::average_exec_per_sec:\s*(\d+)",
    "branches": r".*\bcov: (\d+)",
    "kept": r".*\bcorp: (\d+)",
    "peak MB": r"stat::peak_rss_mb:\s*(\d+)",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Try inputs that nobody thought of.")
    parser.add_argument("target", nargs="?", choices=NAMES, help="all of them unless one is named")
    parser.add_argument("file", nargs="?", type=Path, help="an input to try again, alone")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument("--seed", type=int, default=1, help="of chance (1)")
    parser.add_argument("--in-this-process", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    is_guided = importlib.util.find_spec("atheris") is not None
    if asked.in_this_process and is_guided:
        guided.fuzz(asked.target, FOLDER / asked.target, asked.seconds, asked.seed)
    if asked.in_this_process or asked.file:
        from tests.fuzz import unguided  # noqa: PLC0415 - it imports what atheris must be the first to see

        if asked.file:
            unguided.again(asked.target, asked.file)
        else:
            unguided.fuzz(asked.target, FOLDER / asked.target, asked.seconds, asked.seed)
        return 0
    print("guided by the branches that are reached" if is_guided else "by chance alone: atheris is not installed here")
    print(f"seed {asked.seed}, {asked.seconds} s for each target\n", flush=True)
    return max([_in_a_process(name, asked.seconds, asked.seed) for name in ([asked.target] if asked.target else NAMES)])


def _in_a_process(name: str, seconds: int, seed: int) -> int:
    """Fuzz one target in a process of its own, which it may end, and tell how it went."""
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(seconds), "--seed", str(seed)]
    with log.open("wb") as told:
        status = subprocess.run([*command, "--in-this-process"], stdout=told, stderr=told, check=False).returncode
    text = log.read_text(encoding="utf-8", errors="replace")
    said = {what: found[-1] for what, pattern in _STATISTICS.items() if (found := re.findall(pattern, text))}
    print(f"{name:14}", ", ".join(f"{value} {what}" for what, value in said.items()), end="", flush=True)
    print(f"; FOUND SOMETHING: {log}" if status else "; nothing found", flush=True)
    return min(status, 1)


if __name__ == "__main__":
    sys.exit(main())
