"""Each code is met in a sample, through the program itself, and what is told of it holds nothing of what went in."""

from __future__ import annotations

import pytest

from pipelines.codes import CODES
from tests.codes.registry import SAMPLES
from tests.codes.sample import Sample, Stage

# Codes whose samples are being written. The list shrinks to nothing, and then goes.
OF_ALL_ELSE = """
    A01 A02 A03
    B01 B02 B03 B04 B05 B06 B07
    C01 C02 C03 C04 C05 C06 C07 C08 C09 C10 C11
    D01 D02 D03 D04 D05 D06 D07 D08 D11 D12 D13 D14 D15 D16 D17 D18
    E01 E02
    G01 G02 G03 G04 G05 G06 G07
    H01 H02 H03 H04 H05 H06 H07 H08 H09 H10 H11
    I01 I02 I03 I04 I05 I06 I09
    K01 K02 K03 K04 K10 K90 K99
    L01
    M01 M03
    N01 N02 N03 N04 N05 N06 N07
    O01 O02 O03
    P01 P02 P03
    T01 T02 T03 T04 T05 T06 T07 T08 T10 T11 T12 T13 T14 T15 T16 T17 T18 T19 T20 T21 T22 T23 T24 T25
    U01
    V01 V02 V03 V04
    X01
"""

WITHOUT_A_SAMPLE = {*OF_ALL_ELSE.split()}


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{sample.code}, {sample.says}" for sample in SAMPLES])
def test_a_sample_meets_its_code_and_tells_no_value(sample: Sample, stage: Stage) -> None:
    met = sample.scene(stage)
    assert set(met.codes) == {sample.code, *sample.beside}, met.text
    assert sample.told in " ".join(met.text.split())
    assert [value for value in sample.offending if value in met.text] == []
    expected = CODES[sample.code].exit_code
    assert met.exit_code is None or expected is None or met.exit_code == expected


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{sample.code}, {sample.says}" for sample in SAMPLES])
def test_what_a_page_shows_of_a_sample_is_invented_and_small(sample: Sample) -> None:
    assert len(sample.shown.splitlines()) <= 40
    assert all(value in sample.shown for value in sample.offending if sample.shown)


def test_every_code_has_a_sample() -> None:
    assert CODES.keys() - {sample.code for sample in SAMPLES} == WITHOUT_A_SAMPLE


def test_samples_are_of_codes_that_there_are() -> None:
    assert {sample.code for sample in SAMPLES} <= CODES.keys()
