"""Keep what the envelopes of an 834 said and where it deviates from the guide, and refuse one that came before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from parsers.x12.interchanges import Interchange
from pipelines.intake.ledger import LedgerFile
from pipelines.load.quarantine import MOST_KEPT
from pipelines.warehouse import Warehouse
from schemas.findings import file_fault

MOST_OF_A_SET = 1_000
"""Deviations kept of one transaction set, so that the first one does not take the place of all others."""


def refuse_repeated(warehouse: Warehouse, file: LedgerFile, interchanges: Sequence[Interchange]) -> None:
    """Hold a file of which an interchange has the control number of an earlier one between the same partners.

    Raises
    ------
    FileFault
        F11 with the place of the ISA.
    """
    for interchange in interchanges:
        if came_before(warehouse, file.file_id, interchange):
            file.refuse(file_fault("F11", where=f"segment {interchange.first}"))


def came_before(warehouse: Warehouse, file_id: str, interchange: Interchange, *, on_arrival: bool = False) -> bool:
    """Tell whether another file that was taken holds an interchange of the same partners and number.

    `on_arrival` asks of files that came earlier: a sender may mend a file that was held and keep its number.
    """
    return bool(
        warehouse.value(
            """SELECT count(*) > 0 FROM ledger.interchanges AS i JOIN ledger.files AS f ON f.file_id = i.file_id
               WHERE i.partners = $partners AND i.control_number = $number AND f.status LIKE 'ACCEPTED%'
                 AND f.file_id <> $file_id
                 AND (NOT $on_arrival OR f.arrival < (SELECT arrival FROM ledger.files WHERE file_id = $file_id))""",
            {
                "partners": _partners(interchange),
                "number": interchange.control_number,
                "file_id": file_id,
                "on_arrival": on_arrival,
            },
        )
    )


def keep_interchanges(
    warehouse: Warehouse, file_id: str, interchanges: Sequence[Interchange], deviations: pd.DataFrame
) -> None:
    """Store the interchanges and transaction sets of a file and the first of its deviations, in place of earlier ones.

    `deviations` has the columns of `parsers.x12.conformance`; how many each set has is counted before any is left out.
    """
    for table in ("ledger.interchanges", "ledger.transaction_sets", "quarantine.deviations"):
        warehouse.run(f"DELETE FROM {table} WHERE file_id = $file_id", {"file_id": file_id})  # noqa: S608 - own names
    told = [(n, _partners(each), each.control_number) for n, each in enumerate(interchanges, start=1)]
    warehouse.insert(
        "ledger.interchanges",
        pd.DataFrame(told, columns=["interchange", "partners", "control_number"]),
        file_id=file_id,
    )
    bounds = [(s.first, s.last) for each in interchanges for group in each.groups for s in group.sets]
    sets = pd.DataFrame(bounds, columns=["first_segment", "last_segment"], dtype="int64")
    of_set = _sets_of(deviations, sets)
    counted = np.bincount(of_set[of_set >= 0], minlength=len(sets))
    warehouse.insert("ledger.transaction_sets", sets.assign(deviations=counted), file_id=file_id)
    warehouse.insert("quarantine.deviations", _first(deviations, of_set), file_id=file_id)


def _partners(interchange: Interchange) -> str:
    return "*".join(interchange.partners)


def _sets_of(deviations: pd.DataFrame, sets: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return, for each deviation, the number of the set in whose segments it stands; -1 for those of an envelope."""
    numbers = deviations["segment_no"].to_numpy("int64")
    found = np.searchsorted(sets["first_segment"].to_numpy("int64"), numbers, side="right") - 1
    last = np.append(sets["last_segment"].to_numpy("int64"), -1)[found]
    in_segments = deviations["code"].str.startswith(("SEG:", "ELE:")) & ~deviations["segment_id"].isin(["ST", "SE"])
    return np.where((found >= 0) & (numbers <= last) & in_segments.to_numpy(bool), found, -1)


def _first(deviations: pd.DataFrame, of_set: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pd.DataFrame:
    """Return those of the envelopes, on which verdicts rest, and then the first of each set, as many as are kept."""
    ordered = deviations.assign(of_set=of_set, is_set=of_set >= 0).sort_values(["is_set", "segment_no"], kind="stable")
    beyond = ordered["is_set"] & (ordered.groupby("of_set").cumcount() >= MOST_OF_A_SET)
    return ordered[~beyond].head(MOST_KEPT).drop(columns=["of_set", "is_set"])
