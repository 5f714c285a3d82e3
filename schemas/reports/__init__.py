"""The monthly report to the state as data: the template that a plan may replace, and the JSON Schema it is held to."""

from pathlib import Path

TEMPLATE = Path(__file__).with_name("ji_monthly.template.json")
SCHEMA = Path(__file__).with_name("ji_monthly.schema.json")
