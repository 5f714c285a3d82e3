from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest

from pipelines.transfer.lanes import Errand, lane_of, side_by_side

PATIENCE = 5


def errand(lane: str, run: Callable[[], str], at_once: int = 1) -> Errand[str]:
    return Errand(lane, run, is_gone="gone".__eq__, instead=lambda: "not tried", at_once=at_once)


def test_what_errands_brought_is_handed_over_in_their_order_by_the_thread_that_asked() -> None:
    second_done = threading.Event()
    slow = errand("slow", lambda: str(second_done.wait(PATIENCE)))
    fast = errand("fast", lambda: [second_done.set(), "fast"][1] or "")
    hearers = []
    results = side_by_side([slow, fast], lambda result: hearers.append(threading.current_thread()) or result)
    assert results == ["True", "fast"]
    assert set(hearers) == {threading.current_thread()}


def test_accounts_of_one_server_are_visited_one_after_another_unless_more_are_allowed() -> None:
    for allowed in (1, 3):
        together, inside = threading.Barrier(allowed), Counter[str]()
        most = []

        def visit(together: threading.Barrier = together, inside: Counter[str] = inside) -> str:
            inside["now"] += 1
            most.append(inside["now"])  # noqa: B023  # of this round
            together.wait(PATIENCE)
            inside["now"] -= 1
            return "done"

        assert side_by_side([errand("one", visit, allowed) for _ in range(3)], str) == ["done"] * 3
        assert max(most) <= allowed


def test_no_more_servers_are_visited_at_once_than_allowed() -> None:
    names = set()
    side_by_side([errand(str(n), lambda: names.add(threading.get_ident()) or "") for n in range(20)], str, at_once=2)
    assert len(names) <= 2


def test_a_server_that_two_in_a_row_found_gone_is_left_alone_and_the_others_are_visited() -> None:
    said = iter(["gone", "there", "gone", "gone"])
    lane = [errand("gone", lambda: next(said)) for _ in range(6)]
    results = side_by_side([*lane, errand("well", lambda: "well")], str)
    assert results == ["gone", "there", "gone", "gone", "not tried", "not tried", "well"]


def test_what_an_errand_raises_comes_after_what_was_before_it_and_ends_its_lane() -> None:
    handed: list[str] = []
    begun: list[str] = []

    def broken() -> str:
        raise ZeroDivisionError

    errands = [
        errand("a", lambda: "first"),
        errand("b", broken),
        errand("a", lambda: "third"),
        errand("b", lambda: begun.append("after the broken one") or ""),
    ]
    with pytest.raises(ZeroDivisionError):
        side_by_side(errands, handed.append)
    assert handed == ["first"]
    assert begun == []


def test_who_fails_at_recording_waits_for_what_is_under_way_and_begins_nothing_new() -> None:
    under_way, ended = threading.Event(), []

    def slow() -> str:
        under_way.set()
        ended.append(threading.Event().wait(0.05))
        return ""

    def refuse(_: str) -> None:
        under_way.wait(PATIENCE)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        side_by_side([errand("a", lambda: ""), errand("b", slow), errand("b", slow)], refuse)
    assert len(ended) == 1


def test_hosts_are_the_same_whatever_their_case_and_ports_are_not() -> None:
    assert lane_of("SFTP.example.org", 22) == lane_of("sftp.example.org", 22) != lane_of("sftp.example.org", 2222)
