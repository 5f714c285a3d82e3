"""Every code that a person can meet, in one table; its parts are the tables that give the codes.

Whoever adds a code adds it where it is given (`schemas.findings`, `pipelines.transfer.codes`, `pipelines.delivery.gates`,
`pipelines.audit.fits`, or just the place that raises it), its explanation in the module of its family here, and a sample
that meets it in `tests/codes/`; `python -m tests.docs.generated` then writes its page. Tests hold all four together.
"""

from __future__ import annotations

from pipelines.codes import (
    acknowledgements,
    alerts,
    commands,
    configuration,
    findings,
    fleet,
    gates,
    homes,
    nights,
    store,
    transfer,
    workers,
)
from pipelines.codes.explained import Explained

FAMILIES: dict[str, tuple[str, tuple[Explained, ...]]] = {
    "F": ("Files that came", tuple(each for each in findings.FINDINGS if each.family == "F")),
    "R": (
        "Rows that were not taken, or wait for their member",
        tuple(each for each in findings.FINDINGS if each.family == "R"),
    ),
    "W": ("Warnings on rows and files", tuple(each for each in findings.FINDINGS if each.family == "W")),
    "TA AK IK": ("What a TA1 or 999 says of an 834", acknowledgements.ACKNOWLEDGEMENTS),
    "T": ("Transfers from and to partners", transfer.TRANSFERS),
    "G": ("Gates: what is held before it leaves", gates.HELD),
    "K": ("Nights", tuple(each for each in nights.NIGHTS if each.family == "K")),
    "C": ("Configuration", configuration.CONFIGURATION),
    "D": ("The store", store.STORE),
    "B": ("Backups", store.BACKUPS),
    "L": ("Runs that meet", tuple(each for each in store.MACHINE if each.family == "L")),
    "O": ("The machine", tuple(each for each in store.MACHINE if each.family == "O")),
    "A": ("Assigning and sending to a provider", commands.ASSIGNING),
    "H": ("What is held, and files of past nights", commands.HELD_THINGS),
    "I": ("Who a row means", commands.IDENTITIES),
    "N": ("Records of the liaison", commands.RECORDS),
    "E": ("Looking something up", commands.LOOKING),
    "P": ("The provider directory", commands.PUBLISHING),
    "U": ("Who received what", commands.DISCLOSURES),
    "V": ("Reports", commands.REPORTS),
    "S": ("Several plans", (*fleet.FLEET, *workers.WORKERS, *homes.HOMES)),
    "M": ("Setting up and trying out", commands.TRYING_OUT),
    "Y": ("Telling people how a night went", alerts.ALERTS),
    "X": ("Defects", tuple(each for each in nights.NIGHTS if each.family == "X")),
}
"""Families in the order in which a person meets them, each by the letters that its codes begin with."""

CODES: dict[str, Explained] = {each.code: each for _, codes in FAMILIES.values() for each in codes}
