from __future__ import annotations

import re
from pathlib import Path

import pipelines.transfer
from pipelines.transfer.codes import TRANSFER_CODES, fault, unreachable

SOURCE = Path(pipelines.transfer.__file__).parent


def test_every_code_in_the_source_is_in_the_table_and_every_entry_is_used() -> None:
    used = {
        code
        for module in SOURCE.glob("*.py")
        if module.name != "codes.py"
        for code in re.findall(r'"(T\d\d)"', module.read_text(encoding="utf-8"))
    }
    used |= {"T11", "T14"}  # what a server's status means is told in the table's own module
    assert used == set(TRANSFER_CODES)


def test_an_error_says_code_place_meaning_and_remedy() -> None:
    assert str(fault("T10", "county: /in")) == (
        "[T10] county: /in: the folder does not exist. Check `folder`, or have the partner create it."
    )
    assert str(unreachable("T01", "county", "refused")).startswith(
        "[T01] county: the server cannot be reached or does not answer in time (refused)."
    )
