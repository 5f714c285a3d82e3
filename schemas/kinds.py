"""Kinds of files that come, in one table: what each is called, what it holds, and where its rows are kept.

Whoever adds a list of people adds a line here; `docs/contributing/source-kind.md` says what else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes
    ----------
    name
        As `kind` of a source, and of the layout of its files.
    called
        What the page of a night calls such files.
    holds
        What they hold, in a line of the asset graph.
    """

    name: str
    called: str
    holds: str


@dataclass(frozen=True)
class ListKind(Kind):
    """A list of people; every column of its own layout is kept.

    Attributes
    ----------
    facts
        Table that its rows are kept in.
    key
        Column that is the same in every version of an entry.
    asks, row
        What that table answers, and what each of its rows is, as the asset graph and the dictionary say it.
    by_identity
        Whether a row may name a person by name and birth date where it has no CIN.
    """

    facts: str
    key: str
    asks: str
    row: str
    by_identity: bool = True


_LISTS = (
    ListKind(
        "mini_mif",
        called="referrals (mini-MIF)",
        holds="Referrals of people who are or were in custody (mini-MIF)",
        facts="facts.referrals",
        key="referral_id",
        asks="Whom were we asked to care for?",
        row="Each row of each referral file (mini-MIF): who refers whom, in custody or released (rules R3, R33).",
    ),
    ListKind(
        "mif",
        called="member list (MIF)",
        holds="Members that a delegating plan assigned (MIF)",
        facts="facts.mif_members",
        key="cin",
        asks="Whom do other plans delegate to us?",
        row="Each row of each Member Information File of a delegating plan.",
        by_identity=False,
    ),
    ListKind(
        "release_notice",
        called="release notices",
        holds="Release notices of a correctional facility",
        facts="facts.release_notices",
        key="notice_id",
        asks="Who is about to be released, or was?",
        row="Each release notice of a correctional facility: release dates, manager before the release (rule R31).",
    ),
    ListKind(
        "care_plan_receipt",
        called="receipts of reentry care plans",
        holds="Receipts: when a reentry care plan reached the plan or the provider",
        facts="facts.care_plan_receipts",
        key="receipt_id",
        asks="Whose reentry care plan has come?",
        row="Each receipt of a reentry care plan: when it reached the plan or the provider after release (rule R14).",
    ),
)
_ENROLLMENT = Kind("834", "834 enrollment", "Enrollment (834) from DHCS: daily changes and the monthly full file")
_RETURNED = (
    Kind("rtf", "provider return (RTF)", "What a provider reports of its members (RTF)"),
    Kind("otf", "outreach tracker (OTF)", "A provider's attempts to reach its members (OTF)"),
)

LISTS = {kind.name: kind for kind in _LISTS}
"""Lists of people by their kinds."""

RETURNED = tuple(kind.name for kind in _RETURNED)
"""Kinds of files that providers return, on the members assigned to them."""

LAID_OUT = (*LISTS, *RETURNED)
"""Kinds of files that have a layout."""

KINDS: dict[str, Kind] = {kind.name: kind for kind in (_ENROLLMENT, *_LISTS, *_RETURNED)}
"""Every kind by its name."""
