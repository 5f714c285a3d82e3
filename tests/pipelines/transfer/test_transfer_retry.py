from __future__ import annotations

import pytest

from pipelines.transfer.codes import TRANSFER_CODES, unreachable
from pipelines.transfer.retry import RECONNECT, Retry
from schemas.problems import PartnerUnreachable


def test_a_lost_connection_is_tried_again_with_growing_pauses() -> None:
    problems = [unreachable("T01", "county"), unreachable("T04", "county")]
    slept: list[float] = []

    def action() -> str:
        if problems:
            raise problems.pop(0)
        return "there"

    assert Retry(3, pause=2, jitter=lambda: 0.5).over_reconnects(action, slept.append) == "there"
    assert slept == [1.0, 2.0]


def test_the_last_attempt_speaks() -> None:
    attempts: list[int] = []

    def action() -> None:
        attempts.append(len(attempts))
        raise unreachable("T04", "county", f"attempt {len(attempts)}")

    with pytest.raises(PartnerUnreachable, match="attempt 2"):
        Retry(2).over_reconnects(action, lambda _: None)
    assert len(attempts) == 2


@pytest.mark.parametrize("code", sorted(set(TRANSFER_CODES) - RECONNECT))
def test_what_the_network_is_not_to_blame_for_is_never_retried(code: str) -> None:
    attempts: list[str] = []

    def action() -> None:
        attempts.append(code)
        raise unreachable(code, "county")

    with pytest.raises(PartnerUnreachable):
        Retry(5).over_reconnects(action, lambda _: pytest.fail("slept"))
    assert attempts == [code]


def test_pauses_are_of_any_length_up_to_the_full_one() -> None:
    shares = {Retry().jitter() for _ in range(50)}
    assert len(shares) > 40
    assert all(0 <= share < 1 for share in shares)
