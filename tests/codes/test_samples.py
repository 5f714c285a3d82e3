"""Each code is met in a sample, through the program itself, and what is told of it holds nothing of what went in."""

from __future__ import annotations

import pytest

from pipelines.codes import CODES
from tests.codes.registry import SAMPLES
from tests.codes.sample import Sample, Stage
from tests.security.canaries import people_in


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{sample.code}, {sample.says}" for sample in SAMPLES])
def test_a_sample_meets_its_code_and_tells_no_value(sample: Sample, stage: Stage) -> None:
    met = sample.scene(stage)
    assert set(met.codes) == {sample.code, *sample.beside}, met.text
    assert sample.told in " ".join(met.text.split())
    assert people_in(met.text) == 0
    assert [value for value in sample.offending if value in met.text] == []
    expected = CODES[sample.code].exit_code
    assert met.exit_code is None or expected is None or met.exit_code == expected


def test_what_a_page_shows_of_a_sample_is_small_and_holds_what_must_not_be_told() -> None:
    shown = [sample for sample in SAMPLES if sample.shown]
    assert [sample.says for sample in shown if len(sample.shown.splitlines()) > 40] == []
    assert [sample.says for sample in shown if any(value not in sample.shown for value in sample.offending)] == []


def test_every_code_has_a_sample() -> None:
    assert CODES.keys() - {sample.code for sample in SAMPLES} == set()


def test_samples_are_of_codes_that_there_are() -> None:
    assert {sample.code for sample in SAMPLES} <= CODES.keys()
