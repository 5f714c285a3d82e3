"""The named places of a night at which a process may die, so that tests can let it die there.

Every commit, every file that gets its name and every word to a partner has a place before it and one after it. Reaching
a place does nothing unless somebody watches; nothing but code in the same process can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum


class Checkpoint(Enum):
    """A place of the night: the function of the station in which it lies, and what stands there and what does not."""

    COMMITTING = "", "everything a transaction does is done, and nothing of it is committed"
    COMMITTED = "", "a transaction is committed, and nobody has been told"

    STORE_OPENED = "", "the store is open and has its shape; no station has begun"
    JOURNAL_WRITTEN = "", "rows of audit entries are in the journal, and no line of the audit log names them"
    AUDIT_WRITTEN = "", "the audit log has come up to the store"
    MARK_WRITTEN = "", "the mark beside the store stands where store and audit log are"

    RUN_ENTERED = "receive", "the ledger says that a run has started"
    FILE_ARRIVING = "receive", "the first bytes of a partner's file are in its part, under no name"
    FILE_WHOLE = "receive", "all bytes of a partner's file are on the disk, in its part"
    FILE_LANDED = "receive", "the bytes lie under their hash, and the ledger does not know them"
    FILE_ENTERED = "receive", "a file is entered into the ledger, not committed"
    FILES_ENTERED = "receive", "the files of a source stand in the ledger, waiting to be loaded"

    MEMBERS_INSERTED = "load_enrollment", "some members of an 834 are inserted as facts, not committed"
    ENROLLMENT_SETTLED = "load_enrollment", "all of an 834 is inserted and settled, not committed"
    ENROLLMENT_LOADED = "load_enrollment", "an 834 is loaded; the next file is not"
    ENVELOPE_KEPT = "load_enrollment", "what the envelopes of an 834 said is kept, and the file is not held yet"
    FILE_HELD = "load_enrollment", "a file is held, not committed"

    POLICIES_NOTED = "update_members", "it is noted by which configuration everything is derived; nothing is yet"
    MEMBERS_FOLLOW = "update_members", "members and their evidence follow from the new files, not committed"
    MEMBERS_DERIVED = "update_members", "members follow from the new files; the step is not settled"
    MEMBERS_SETTLED = "update_members", "the step is settled; nothing after it has begun"

    ROWS_INSERTED = "load_referrals", "the rows of a list are inserted as facts, not committed"
    ROWS_SETTLED = "load_referrals", "a list is inserted and settled, not committed"
    ROWS_LOADED = "load_referrals", "a list is loaded; the next file is not"

    ALIASES_RESOLVED = "match", "it is known which CINs are one person; no row is matched"
    IDENTITIES_DERIVED = "match", "rows are matched to members; the step is not settled"
    IDENTITIES_SETTLED = "match", "the step is settled; nothing after it has begun"

    RETURN_INSERTED = "load_returns", "the rows that a provider returned are inserted as facts, not committed"
    RETURN_SETTLED = "load_returns", "a return is inserted and settled, not committed"
    RETURN_LOADED = "load_returns", "a return is loaded; the next file is not"

    EPISODES_DERIVED = "find_episodes", "episodes follow from the facts; the step is not settled"
    EPISODES_SETTLED = "find_episodes", "the step is settled; nothing after it has begun"

    AUTHORIZATIONS_DERIVED = "authorize", "authorizations follow from the episodes; the step is not settled"
    AUTHORIZATIONS_SETTLED = "authorize", "the step is settled; nothing after it has begun"

    DECISIONS_RECORDED = "assign", "the night's decisions are recorded as facts, not committed"
    ASSIGNMENTS_DERIVED = "assign", "assignments follow from the decisions; the step is not settled"
    ASSIGNMENTS_SETTLED = "assign", "the step is settled; nothing after it has begun"

    REPORTS_DERIVED = "gather_reports", "it is known what providers report; the step is not settled"
    REPORTS_SETTLED = "gather_reports", "the step is settled; nothing after it has begun"

    CLOCKS_DERIVED = "start_clocks", "clocks follow from episodes and assignments; the step is not settled"
    CLOCKS_SETTLED = "start_clocks", "the step is settled; nothing after it has begun"

    NEEDS_DERIVED = "find_needs", "it is known what is missing at releases; the step is not settled"
    NEEDS_SETTLED = "find_needs", "the step is settled; nothing after it has begun"

    ROSTER_RECORDED = "update_directory", "what changed in the roster is recorded as a fact, not committed"
    DIRECTORY_DERIVED = "update_directory", "the directory follows from the roster; the step is not settled"
    DIRECTORY_SETTLED = "update_directory", "the step is settled; nothing after it has begun"

    WORK_DERIVED = "list_work", "the work lists stand in the store; the step is not settled"
    WORK_SETTLED = "list_work", "the step is settled; no workbook is written"
    WORKBOOK_WRITTEN = "list_work", "the liaison's workbook is written, and not under its name"
    WORKBOOK_NAMED = "list_work", "the liaison's workbook has its name"

    EARLIER_SETTLED = "fill_outbox", "what an interrupted night left is settled; nothing new is prepared"
    OUTBOX_WRITTEN = "fill_outbox", "the bytes of a file are in the outbox, and no row names them"
    OUTBOX_ENTERED = "fill_outbox", "a file of the outbox has its row, not committed"
    PROVIDERS_PREPARED = "fill_outbox", "the files for all providers wait; there is no answer to a sender"
    RESPONSES_PREPARED = "fill_outbox", "the responses to senders' lists wait; no source is told of its referrals"
    REFERRALS_TOLD = "fill_outbox", "what became of referrals waits for their sources; no 834 is acknowledged"
    MARKS_NOTED = "fill_outbox", "it is noted what this run knew when it wrote its files"
    ACKNOWLEDGEMENTS_PREPARED = "fill_outbox", "everything that is to be sent waits"

    UPLOAD_OPENED = "deliver", "a file has its temporary name in the recipient's folder, and no byte"
    UPLOAD_BEGUN = "deliver", "the first bytes of a file are on their way to the recipient"
    UPLOAD_PROVEN = "deliver", "a file is read back whole under its temporary name"
    UPLOAD_NAMED = "deliver", "a file has its name in the recipient's folder, and nobody here knows"
    UPLOAD_NOTED = "deliver", "a file has its name in the recipient's folder, and a receipt here"
    DELIVERY_ENTERED = "deliver", "a delivery is entered, not committed"
    RECIPIENT_CONFIRMED = "deliver", "a recipient's deliveries stand; the next recipient's files wait"

    RUN_FINISHED = "publish_copy", "the ledger says that the run has finished; readers see the night before"
    COPY_MADE = "publish_copy", "the readers' copy is made, and not under its name"
    COPY_NAMED = "publish_copy", "readers see the night"

    def __init__(self, station: str, says: str) -> None:
        self.station = station
        """Name of the station's function, empty where any station passes."""
        self.says = says


Watcher = Callable[[Checkpoint], None]

_WATCHERS: list[Watcher] = []


def reached(place: Checkpoint) -> None:
    """Say that the night has come to a place."""
    for watcher in _WATCHERS:
        watcher(place)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Tell `watcher` of every place that the block comes to."""
    _WATCHERS.append(watcher)
    try:
        yield
    finally:
        _WATCHERS.remove(watcher)
