"""The night: one job over all assets but those of a month, and its schedule, one run for each business date."""

from __future__ import annotations

from dagster_project.partitions import BUSINESS_DATES, TIME_ZONE
from dagster_project.schedules import job_of_nights, schedule_of

nightly_exchange = job_of_nights(BUSINESS_DATES)

nightly_schedule = schedule_of(
    nightly_exchange,
    name="nightly_exchange",
    cron="45 3 * * *",
    zone=TIME_ZONE,
    partition=lambda today: today.isoformat(),
    description="Every night at 03:45, weekends included: files arrive then too. The business date is that of the "
    "tick.",
)
