"""The table of states as the rules demand it, written down a second time and in another form than the program's own."""

from __future__ import annotations

import pytest

STATES = {
    "un": "UNSEEN", "aw": "AWAITED", "ai": "AWAITED_INSIDE", "en": "ENROLLED", "oh": "OTHER_HOLD", "le": "LEFT",
    "ra": "RETURN_AWAITED", "de": "DECEASED",
    "pe": "PENDING", "pw": "PENDING_BY_WORD", "pa": "PENDING_WHILE_ACTIVE",
    "re": "RELEASED", "rd": "RELEASED_DISPUTED", "rh": "RELEASED_ON_HOLD", "rw": "RELEASED_BY_WORD",
    "rx": "RELEASED_BY_WORD_ON_HOLD",
    "ba": "BACK_INSIDE", "bw": "BACK_INSIDE_BY_WORD", "bx": "BACK_INSIDE_WHILE_ACTIVE",
}  # fmt: skip
EVENTS = {
    "FA": "FLAGGED_ACTIVE", "FH": "FLAGGED_HOLD", "F": "FLAGGED", "A": "ACTIVE", "H": "HOLD", "-": "NO_NEWS",
    "T": "TERMINATED", "M": "MOVED_PLAN", "D": "DECEASED",
    "S": "SPOKEN_FOR", "C": "CUSTODY_TOLD", "R": "RELEASE_TOLD", "O": "OLD_RELEASE_TOLD", "W": "WITHDRAWN",
}  # fmt: skip

EXPECTED = """
     FA      FH      F       A       H       -    T     M     D     S       C       R       O       W
un   re:new  pe:new  .       en      oh      .    le    le    de    aw      ai      aw      aw      .
aw   re:new  pe:new  .       rw:new  pw:new  .    ra    ra    de    .       ai      .       .       un
ai   re:new  pe:new  .       pa:new  pw:new  .    ra    ra    de    .       .       aw      aw      un
en   re:new  pe:new  re:new  .       oh      .    le    le    de    rw:new  pa:new  rw:new  rw:new  .
oh   re:new  pe:new  pe:new  en      .       .    le    le    de    pw:new  pw:new  pw:new  pw:new  .
le   re:new  pe:new  .       en      oh      .    .     .     de    ra      ra      ra      ra      .
ra   re:new  pe:new  .       rw:new  pw:new  .    .     .     de    .       .       .       .       le
de   re:new  pe:new  .       en      oh      .    .     .     .     .       .       .       .       .
pe   re:out  .       .       re:out  .       .    le:x  le:x  de:x  .       .       .       .       .
pw   re:out  pe      pe      rw:out  .       .    le:x  le:x  de:x  .       .       .       .       oh:x
pa   re:out  pe      re:out  .       pw      .    le:x  le:x  de:x  .       .       rw:out  rw:out  en:x
re   .       ba:in   .       .       rh      .    le:x  le:x  de:x  .       rd      .       .       .
rd   .       ba:in   .       .       ba:in   .    le:x  le:x  de:x  .       .       re      .       re
rh   re      ba:in   ba:in   re      .       .    le:x  le:x  de:x  .       ba:in   .       .       .
rw   re      ba:in   re      .       rx      .    le:x  le:x  de:x  .       bx:in   .       .       en:x
rx   re      ba:in   ba:in   rw      .       .    le:x  le:x  de:x  .       bw:in   .       .       oh:x
ba   re:nxt  .       .       re:nxt  .       .    le:x  le:x  de:x  .       .       .       .       .
bw   re:nxt  ba      ba      rw:nxt  .       .    le:x  le:x  de:x  .       .       .       .       oh:x
bx   re:nxt  ba      re:nxt  .       bw      .    le:x  le:x  de:x  .       .       rw:nxt  .       en:x
"""
"""Rows: states; columns: events; cells: the next state (a dot: it stays) and, behind a colon, what becomes of the
episode: `new` opens (released where the next state is out), `out` is released, `in` is back inside, `nxt` is the next
one, `x` closes."""


@pytest.fixture(scope="session")
def decisions() -> dict[tuple[str, str], tuple[str, str]]:
    """State and event -> next state and effect, as expected."""
    effects = {"out": "RELEASE", "in": "BACK_INSIDE", "nxt": "RELEASE_AGAIN", "x": "CLOSE", "": "NONE"}
    header, *rows = [line.split() for line in EXPECTED.strip().splitlines()]
    expected = {}
    for name, *cells in rows:
        for column, cell in zip(header, cells, strict=True):
            following, _, mark = cell.partition(":")
            opening = "OPEN_RELEASED" if following.startswith("r") else "OPEN"
            state = name if following == "." else following
            expected[STATES[name], EVENTS[column]] = STATES[state], opening if mark == "new" else effects[mark]
    return expected
