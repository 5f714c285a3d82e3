"""The command `ecm-exchange`: data to stdout, talk to stderr, exit codes that a scheduler can act on."""

from pipelines.cli.app import main

__all__ = ["main"]
