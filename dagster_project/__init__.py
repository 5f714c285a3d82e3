"""The nightly exchange as Dagster sees it: assets, checks, schedule, sensor. What a night does is in `pipelines`."""
