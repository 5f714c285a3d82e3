"""How a command ends, as cron and systemd report it."""

from __future__ import annotations

EXITS: dict[int, tuple[str, str]] = {
    0: ("fine", "Nothing."),
    1: ("problems were found; what could be done was done", "Read what the command said at its end, or `ecm-exchange status`."),
    2: ("the command cannot be followed as it was typed", "Read its last lines; `--help` behind a command lists what it takes."),
    65: ("a file cannot be used", "The F code in its message says why: `ecm-exchange explain-code F01`, say."),
    69: ("a partner's server cannot be reached or refuses", "The T code in its message says why; `ecm-exchange doctor` tries all partners."),
    74: ("the disk, the store or the machine refused", "The code in its message says what; run again once it is mended."),
    75: ("another run is active", "Wait for it to end: `ecm-exchange explain-code L01`."),
    78: ("the configuration cannot be followed", "The C code in its message says where; then `ecm-exchange doctor`."),
    130: ("stopped by Ctrl-C", "Type it again: nothing half-done was kept."),
    143: ("stopped by a signal, as systemd and cron send it", "Run it again: nothing half-done was kept, and it goes on from what stands."),
}  # fmt: skip
"""Meaning and what to do, by exit code."""
