"""Whatever the bytes: a table or a file fault, nothing else, and never a value in the message."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.tabular import TabularFile
from schemas.problems import FileFault

Write = Callable[..., Path]
Read = Callable[[Path], TabularFile]

bounded = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

edits = st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(max_size=6), st.integers(0, 6)), min_size=1, max_size=5)


def mutated(content: bytes, changes: list[tuple[int, bytes, int]]) -> bytes:
    """Put bytes in place of others, at places counted round."""
    for place, new, taken in changes:
        at = place % (len(content) + 1)
        content = content[:at] + new + content[at + taken :]
    return content


def assert_table_or_fault(read: Read, path: Path) -> None:
    held, file = None, None
    try:
        file = read(path)
    except FileFault as fault:
        held = fault
    if file is None:
        assert held is not None
        assert held.code in {"F01", "F02", "F03"}
        assert "CANARY" not in str(held).upper()
        assert held.__cause__ is None
    else:
        assert file.rows.index.equals(file.original.index)
        assert file.lines.index.equals(file.original.index)
        assert set(file.rows.dtypes.astype("str")) == {"str"}
        assert "CANARY" not in file.findings.to_csv().upper()


@bounded
@given(content=st.binary(max_size=300))
def test_random_bytes(tmp_path: Path, read: Read, content: bytes) -> None:
    path = tmp_path / "landed"
    path.write_bytes(content)
    assert_table_or_fault(read, path)


@bounded
@given(changes=edits, quoted=st.booleans())
def test_a_damaged_text_file(
    tmp_path: Path,
    read: Read,
    referral: Any,
    write_text: Write,
    changes: Any,
    quoted: bool,  # noqa: FBT001
) -> None:
    cells = referral({}, {"Notes": 'a "canary", quoted\nand broken'}, {"Last Name": "Cañary"})
    path = write_text(cells if quoted else "\n".join("|".join(row) for row in cells))
    path.write_bytes(mutated(path.read_bytes(), changes))
    assert_table_or_fault(read, path)


@few
@given(changes=edits)
def test_a_damaged_workbook(tmp_path: Path, read: Read, referral: Any, write_workbook: Write, changes: Any) -> None:
    path = write_workbook(referral({}, {}))
    path.write_bytes(mutated(path.read_bytes(), changes))
    assert_table_or_fault(read, path)


@few
@given(changes=edits, part=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"]))
def test_a_workbook_with_a_damaged_part(
    read: Read, referral: Any, write_workbook: Write, rewrite: Write, changes: Any, part: str
) -> None:
    path = rewrite(write_workbook(referral({}, {})), part, lambda xml: mutated(xml, changes))
    assert_table_or_fault(read, path)
