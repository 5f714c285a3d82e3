"""Days of the clocks that start when someone is released, expected to be, or told of."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipelines.config.table import Table


class Clocks(Table):
    """Days of the clocks of rules R9 to R16 and R26; the day of the trigger is not counted."""

    first_contact_days: Annotated[int, Field(ge=1, le=10)] = 2
    """Read both as calendar and as business days (R10); the stricter reading is the target."""
    follow_up_days: Annotated[int, Field(ge=1, le=60)] = 7
    handoff_days_after: Annotated[int, Field(ge=1, le=60)] = 7
    handoff_days_before: Annotated[int, Field(ge=1, le=90)] = 14
    care_plan_business_days: Annotated[int, Field(ge=1, le=10)] = 1
    materials_days: Annotated[int, Field(ge=1, le=60)] = 7
    assignment_days_before: Annotated[int, Field(ge=1, le=365)] = 90
    """How long before the release a provider may be assigned (R16); it is due by the release."""
    assignment_business_days: Annotated[int, Field(ge=1, le=10)] = 1
    """Time to assign a provider to someone whom the plan heard of only after the release."""
    after_hours_business_days: Annotated[int, Field(ge=1, le=10)] = 1
