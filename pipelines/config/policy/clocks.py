"""Days of the clocks that start when someone is released or told of."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipelines.config.table import Table


class Clocks(Table):
    """Days of the clocks of rules R9 to R14; the day of the trigger is not counted."""

    first_contact_days: Annotated[int, Field(ge=1, le=10)] = 2
    follow_up_days: Annotated[int, Field(ge=1, le=60)] = 7
    handoff_days_after: Annotated[int, Field(ge=1, le=60)] = 7
    handoff_days_before: Annotated[int, Field(ge=1, le=90)] = 14
    care_plan_business_days: Annotated[int, Field(ge=1, le=10)] = 1
    materials_days: Annotated[int, Field(ge=1, le=60)] = 7
