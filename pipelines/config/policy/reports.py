"""Reports that leave the plan by a day of the month: the one to the state."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from pipelines.config.table import Table


class Reports(Table):
    """The monthly report to DHCS (R35): when it is due, and by which template."""

    dhcs_json: bool = True
    """Whether it is waited for: due and overdue months are told."""
    dhcs_due_day: Annotated[int, Field(ge=1, le=28)] = 10
    """Day of the following month."""
    dhcs_from: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    """First month that is reported this way; that of the first night unless given."""
    dhcs_template: Path | None = None
    """Template of the plan's own, in JSON; the one the project brings unless given."""
    dhcs_schema: Path | None = None
    """JSON Schema of what that template makes."""

    @model_validator(mode="after")
    def _template_and_schema_go_together(self) -> Self:
        if (self.dhcs_template is None) != (self.dhcs_schema is None):
            raise ValueError("dhcs_template and dhcs_schema go together: what is written is held to its schema")
        return self
