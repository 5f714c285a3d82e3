"""What a sender gets back: for a list its own rows with what was found, for an 834 its X12 acknowledgements,
for referrals what became of them.
"""

from pipelines.responses.acknowledge import prepare_acknowledgements
from pipelines.responses.referral_status import prepare_referral_status
from pipelines.responses.respond import prepare_responses

__all__ = ["prepare_acknowledgements", "prepare_referral_status", "prepare_responses"]
