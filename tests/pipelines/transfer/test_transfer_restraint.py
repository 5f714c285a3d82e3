from __future__ import annotations

import pytest

from pipelines.transfer.protocol import FSYNC, POSIX_RENAME
from pipelines.transfer.restraint import NO_RESTRAINT, Restraint
from pipelines.transfer.session import Offer

OFFER = Offer(read=65_536, write=32_768, open_files=40, extensions=frozenset({FSYNC, POSIX_RENAME}))


def test_without_restraint_all_of_an_offer_is_used() -> None:
    assert NO_RESTRAINT.of(OFFER) == OFFER


@pytest.mark.parametrize(
    ("restraint", "left"),
    [
        (Restraint(request_size=40_000), Offer(40_000, 32_768, 40, OFFER.extensions)),
        (Restraint(files_at_once=4), Offer(65_536, 32_768, 4, OFFER.extensions)),
        (Restraint(files_at_once=64), OFFER),
        (Restraint(without=frozenset({FSYNC})), Offer(65_536, 32_768, 40, frozenset({POSIX_RENAME}))),
    ],
)
def test_no_more_than_is_allowed_is_used_and_never_more_than_is_offered(restraint: Restraint, left: Offer) -> None:
    assert restraint.of(OFFER) == left
