"""The nightly exchange as Dagster sees it: assets, checks, schedule, sensor. Thin: what a night does stands in `pipelines`."""
