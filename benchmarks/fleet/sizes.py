"""How large the plans of a fleet are: a few hold most members, as in life, and most plans are small.

The plan of rank k has k ** -SKEW times the members of the largest. Of 25 plans the largest holds a fifth of all
members and the ten smallest together hardly as many, which is about how Medi-Cal's managed care plans stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

SKEW = 0.8
_PROVIDERS_OF_A_MILLION = 300
"""As `docs/performance.md` measures it."""
_PROVIDERS_AT_LEAST = 5


def shares(plans: int) -> Sequence[float]:
    """Return what each plan has of the members of the largest, which comes first."""
    return [rank**-SKEW for rank in range(1, plans + 1)]


def sizes_below(largest: int, plans: int) -> Sequence[int]:
    """Return the members of each plan where the largest has so many: another plan makes the fleet larger."""
    return [max(1, round(largest * share)) for share in shares(plans)]


def sizes_of(total: int, plans: int) -> Sequence[int]:
    """Divide so many members among the plans."""
    largest = total / sum(shares(plans))
    return [max(1, round(largest * share)) for share in shares(plans)]


def providers_of(members: int) -> int:
    """Return how many providers a plan has: a hundred times the members see ten times the providers."""
    return max(_PROVIDERS_AT_LEAST, round(_PROVIDERS_OF_A_MILLION * sqrt(members / 1_000_000)))
