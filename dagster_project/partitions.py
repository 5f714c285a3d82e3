"""Business dates, the partitions of every asset of a night, today's included; and months, of what is told of them."""

from __future__ import annotations

import dagster as dg

TIME_ZONE = "America/Los_Angeles"
"""Where all Medi-Cal plans keep their calendar; a schedule must know it before any configuration is read."""

BUSINESS_DATES = dg.DailyPartitionsDefinition(start_date="2026-10-01", timezone=TIME_ZONE, end_offset=1)

MONTHS = dg.MonthlyPartitionsDefinition(start_date="2026-10-01", timezone=TIME_ZONE)
"""Months that are over."""
