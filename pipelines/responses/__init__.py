"""What a sender gets back for each tabular file: its own rows with what was found, and a summary a machine can read."""

from pipelines.responses.respond import prepare_responses

__all__ = ["prepare_responses"]
