"""The checked-in examples are what the generator writes today."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from sample_data.example_files import FOLDER, write_examples


def cells(file: Path) -> list[tuple[object, ...]]:
    return [row for sheet in openpyxl.load_workbook(file) for row in sheet.iter_rows(values_only=True)]


def test_the_examples_are_what_the_generator_writes(tmp_path: Path) -> None:
    written = write_examples(tmp_path)
    assert {file.name for file in written} == {file.name for file in FOLDER.iterdir()}
    for file in written:
        kept = FOLDER / file.name
        if file.suffix == ".xlsx":
            assert cells(file) == cells(kept)
        else:
            assert file.read_bytes() == kept.read_bytes()


def test_there_is_a_small_example_of_each_kind() -> None:
    sizes = {file.name: file.stat().st_size for file in FOLDER.iterdir()}
    assert max(sizes.values()) <= 20_000
    kinds = (
        "DHCS834-DA",
        "PROBATION_REFERRALS",
        "VRC_JI_REFERRAL",
        "ASHGROVE_ECM",
        "ORCHARD_MIF",
        "RELEASE_NOTICE",
        "CARE_PLAN_RECEIPTS",
    )
    assert all(any(name.startswith(kind) for name in sizes) for kind in kinds)
