"""What every table of `exchange.toml` has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table whose unknown keys are refused; its mistakes are told without the value."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
