"""Whether a store, its mark and its audit log belong together: decided before anything is read or sent."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.audit.chain import Entry, Link
from pipelines.audit.mark import Mark
from schemas.problems import ExchangeError, ExitCode


@dataclass(frozen=True)
class Standing:
    """How far a store has come by what stands in it."""

    store: str
    opening: int
    entries: int


class StoreUnfit(ExchangeError):
    """The store is not the one that was left here; nothing was read from it and nothing sent."""

    exit_code = ExitCode.INPUT_OUTPUT


_MEND = (
    "Run `ecm-exchange restore BACKUP`, or `ecm-exchange restore` to go on with what is left and be told what is not."
)
_GONE = f"Mount the volume of the home, if it only is not mounted. Else: {_MEND[0].lower()}{_MEND[1:]}"
_PUT_BACK = "Put warehouse.mark.json back, or run `ecm-exchange restore`."

UNFIT = {
    "D11": ("the store is gone, and what it left or its backups say that there was one", _GONE),
    "D12": ("the store has lost what it was known to hold", _MEND),
    "D13": ("the mark beside the store is missing", _PUT_BACK),
    "D14": ("the mark beside the store is damaged", _PUT_BACK),
    "D15": ("the mark beside the store is another store's", _MEND),
    "D16": (
        "the audit log was cut, changed or taken away",
        "See `ecm-exchange verify-audit`, put its files back or restore.",
    ),
    "D17": ("a restore was broken off", "Run the same `ecm-exchange restore` again."),
}
"""What does not fit, by code, and what to do."""


def unfit(code: str) -> StoreUnfit:
    """Make the refusal of a code."""
    what, remedy = UNFIT[code]
    return StoreUnfit(code, what, where="warehouse.mark.json" if code in ("D13", "D14", "D15") else "", remedy=remedy)


def judge(mark: Mark | None, store: Standing | None, tail: Link | None, same: Entry | None, at_mark: str) -> str:
    """Return the code of what does not fit, or nothing.

    `store` is `None` for one that was just made or that an earlier version wrote, `tail` the last link of the log,
    `same` the store's entry of the tail's number, `at_mark` the hash that the log has where the mark stands.
    A store or a log that is further than the mark was killed before it could be set: that is no fault. A mark of no
    opening was set before its store got its name.
    """
    if store is None and (mark is None or mark.opening == 0):
        return "" if tail is None else "D11"
    if mark is None:
        return "D13"
    if store is None:
        return "D12"
    told = tail.entry.number if tail is not None else 0
    faults = (
        ("D15", store.store != mark.store),
        ("D12", store.opening < mark.opening or store.entries < max(mark.entries, told)),
        ("D16", told < mark.entries or at_mark != mark.head),
        ("D16", tail is not None and tail.entry != same),
    )
    return next((code for code, is_so in faults if is_so), "")
