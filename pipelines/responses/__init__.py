"""What a sender gets back: for a list its own rows with what was found, for an 834 its X12 acknowledgements."""

from pipelines.responses.acknowledge import prepare_acknowledgements
from pipelines.responses.respond import prepare_responses

__all__ = ["prepare_acknowledgements", "prepare_responses"]
