"""Why an authorization is closed: the whole list. An authorization that is open has no reason."""

from __future__ import annotations

CLOSURE_REASONS = {
    "DECEASED": "an 834 tells a date of death",
    "MOVED_PLAN": "an 834 shows the member with another plan",
    "TERMINATED": "an 834 ends the membership, or a month of it, without naming another plan",
    "NEW_EPISODE": "released again after a return to custody: the authorization of that release goes on from there",
    "WITHDRAWN": "whoever spoke for the member took it back, and no 834 flags the member",
    "EXPIRED": "the last day has passed and nobody renewed it",
}
"""What `exchange.ecm_authorizations.close_reason` can say. All but EXPIRED come from the episode."""
