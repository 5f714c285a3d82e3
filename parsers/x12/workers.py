"""Read the units of a large file in several processes. What comes of it is what one process makes of them.

The processes are started afresh (`spawn`) and import what they need, so that it does not matter what threads, locks or
connections this one holds. They hand back what they made of a unit and keep nothing.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import connection, get_context, parent_process
from threading import Thread

import pyarrow as pa

from parsers.x12.arrays import TEXT, Column, keep_memory
from parsers.x12.bulk import RawTables
from parsers.x12.cuts import Unreadable
from parsers.x12.unit import Reading, Settings, Unit, read_unit
from schemas.problems import ExchangeError

WORTHWHILE = 128 << 20
"""Bytes of a file. To start processes takes more than a second; of less than this, two do not make up for it."""

_WAITING = 2
"""Units read ahead, beside one for each process: what keeps processes busy while a chunk is made use of."""

_BUFFERS_APART = 5
"""The first version of pickle that does not copy arrays byte by byte."""


class ReaderDied(ExchangeError):
    """A process that was reading for this one is gone. What it read is lost, so the file is to be read again."""

    def __init__(self) -> None:
        super().__init__("O03", "a process that was reading an 834 ended before its time", remedy="Run it again.")


def read_units(units: Iterable[Unit], settings: Settings, processes: int) -> Iterator[tuple[Unit, Reading]]:
    """Read units, in order, in so many other processes, or with one in this process.

    Raises what taking the units raises, when those before are through, and an `ExchangeError` if a process dies.
    """
    if processes == 1:
        keep_memory()
        for unit in units:
            yield unit, read_unit(unit, settings)
        return
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield from _in_order(units, settings, pool, processes + _WAITING)
    except BrokenProcessPool:
        raise ReaderDied from None
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(
    units: Iterable[Unit], settings: Settings, pool: ProcessPoolExecutor, most: int
) -> Iterator[tuple[Unit, Reading]]:
    waiting: deque[tuple[Unit, Future[bytes]]] = deque()
    stop: Unreadable | None = None
    try:
        for unit in units:
            waiting.append((unit, pool.submit(_read, unit, settings)))
            if len(waiting) == most:
                yield _result(*waiting.popleft())
    except Unreadable as found:
        stop = found
    while waiting:
        yield _result(*waiting.popleft())
    if stop is not None:
        raise stop


def _result(unit: Unit, future: Future[bytes]) -> tuple[Unit, Reading]:
    reading: Reading = pickle.loads(future.result())  # noqa: S301  # written by a process of ours
    return unit, replace(reading, tables=RawTables(*map(_unpacked, reading.tables)))


def _read(unit: Unit, settings: Settings) -> bytes:
    reading = read_unit(unit, settings)
    return pickle.dumps(replace(reading, tables=RawTables(*map(_packed, reading.tables))), _BUFFERS_APART)


def _packed(table: pa.Table) -> pa.Table:
    """Halve what goes from process to process: positions in four bytes each, and nothing of columns without a value."""
    return pa.table([_short(column) for column in table.columns], names=table.column_names)


def _short(column: Column) -> Column:
    if column.type != TEXT:
        return column
    return pa.nulls(len(column)) if column.null_count == len(column) else column.cast(pa.string())


def _unpacked(table: pa.Table) -> pa.Table:
    types = [pa.int64() if column.type == pa.int64() else TEXT for column in table.columns]
    return table.cast(pa.schema(list(zip(table.column_names, types, strict=True))))


def _begin() -> None:
    """Prepare a process: it ends with the one that started it, and leaves an interruption to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_cpu_count(1)
    keep_memory()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
    os._exit(1)
