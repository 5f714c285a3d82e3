"""Whom a referral, release notice, receipt or MIF row speaks of: matched to members anew every night, never guessed."""

from pipelines.identity.aliases import resolve_aliases
from pipelines.identity.match import lend_standing_rows, match_identities

__all__ = ["lend_standing_rows", "match_identities", "resolve_aliases"]
