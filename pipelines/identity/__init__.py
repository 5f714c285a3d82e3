"""Whom a referral, release notice or MIF row speaks of: matched to the members anew every night, never guessed."""

from pipelines.identity.aliases import resolve_aliases
from pipelines.identity.match import match_identities

__all__ = ["match_identities", "resolve_aliases"]
