"""What a plan may say in `[assignment]`, and what it is told when it may not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.config.policy import Assignment


def test_unless_the_plan_says_otherwise_county_and_age_are_required_and_the_scope_goes_before_the_language() -> None:
    policy = Assignment()
    assert (policy.county, policy.population) == ("required", "required")
    assert policy.service_scope == 2 > policy.language == 1


@pytest.mark.parametrize("weight", [-1, 1001, 0.5, True, "2", "preferred"])
def test_a_weight_is_required_or_a_whole_number(weight: Any) -> None:
    assert Assignment(language="required", county=0, population=1000).language == "required"
    with pytest.raises(ValidationError):
        Assignment(language=weight)
