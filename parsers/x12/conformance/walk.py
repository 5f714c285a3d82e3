"""Follow members through the guide, all at once, and tell which of them keep its structure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parsers.x12.arrays import Mask, Positions
from parsers.x12.conformance.grammar import Grammar, Loop
from parsers.x12.loops import MAX_STEPS, Members
from parsers.x12.symbols import key_number
from parsers.x12.tokens import Tokens

Nodes = NDArray[np.int16]

_NEXT_MEMBER = key_number("INS*Y")


def walk(tokens: Tokens, members: Members, grammar: Grammar) -> Nodes:
    """Return the node of every segment of the members: 0 outside of members and from one without a node on."""
    symbols = grammar.symbols_of(*tokens.heads)
    nodes = np.zeros(len(tokens), np.int16)
    longest_first = np.argsort(-members.count, kind="stable")
    first, count = members.first[longest_first], members.count[longest_first]
    nodes[first] = grammar.first
    node = np.full(len(first), grammar.first, np.int16)
    longest = int(count[0]) if len(count) else 0
    going_on = np.searchsorted(-count, -np.arange(min(longest, MAX_STEPS)))
    for step, following in enumerate(going_on[1:], start=1):
        at = first[:following] + step
        node = grammar.follow(node[:following], symbols[at])
        nodes[at] = node
    return nodes


def keeps_structure(tokens: Tokens, nodes: Nodes, members: Members, owner: Positions, grammar: Grammar) -> Mask:
    """Tell of which members pyx12's walker would say nothing.

    Every segment must have a place, nothing may stand more often than the guide allows or be missing, and no segment
    may be empty or end with a separator.
    """
    last = members.first + members.count - 1
    leaving = grammar.symbols(np.array([_NEXT_MEMBER], np.uint64)).repeat(len(last))
    sound: Mask = (nodes[last] > 0) & (grammar.follow(nodes[last], leaving) == grammar.first)
    ending = tokens.data[tokens.end - 1]
    empty = (ending == ord(tokens.delimiters.element)) | (ending == ord(tokens.delimiters.component))
    _blame(sound, owner, np.flatnonzero((tokens.count == 0) | empty))
    present = np.bincount(nodes, minlength=len(grammar.nodes)) > 0
    for loop in grammar.loops:
        if present[loop.opening]:
            _blame(sound, owner, _broken(nodes, loop, len(grammar.nodes)))
    return sound


def _blame(sound: Mask, owner: Positions, segments: Positions) -> None:
    owners = owner[segments]
    sound[owners[owners >= 0]] = False


def _broken(nodes: Nodes, loop: Loop, how_many: int) -> Positions:
    """Return the opening segments of the instances of a loop in which something is missing or stands too often."""
    column_of = np.full(how_many, -1, np.int8)
    column_of[[child.node for child in loop.children]] = np.arange(len(loop.children))
    of_all = column_of[nodes]
    some = np.flatnonzero(of_all >= 0)
    column = of_all[some].astype(np.int64)
    opens = column == next(number for number, child in enumerate(loop.children) if child.node == loop.opening)
    instance = np.cumsum(opens) - 1
    if instance[0] < 0:  # of a member that has lost its way, which is known
        inside = instance >= 0
        some, column, opens, instance = some[inside], column[inside], opens[inside], instance[inside]
    width = len(loop.children)
    counts = np.bincount(instance * width + column, minlength=(int(instance[-1]) + 1) * width).reshape(-1, width)
    most = np.array([child.most for child in loop.children])
    bad: Mask = np.any(counts > most, axis=1)
    for number, child in enumerate(loop.children):
        if child.required:
            bad |= counts[:, number] == 0
    bad[instance[_before_a_required_loop(column, instance, counts, loop)]] = True
    broken: Positions = some[opens][bad]
    return broken


def _before_a_required_loop(column: Positions, instance: Positions, counts: Positions, loop: Loop) -> Positions:
    """Return which rows open a loop while a required one at the same position is still to come.

    pyx12 calls the required loop missing then, also when it follows.
    """
    for number, child in enumerate(loop.children):
        if child.required and child.is_loop:
            is_other = np.array(
                [
                    sibling.is_loop and sibling.position == child.position and sibling is not child
                    for sibling in loop.children
                ]
            )
            others = np.flatnonzero(is_other[column])
            before = np.cumsum(column == number)
            already = np.cumsum(counts[:, number]) - counts[:, number]
            early: Positions = others[before[others] == already[instance[others]]]
            return early
    return np.empty(0, np.int64)
