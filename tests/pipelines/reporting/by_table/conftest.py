"""The nights that the page of the night is tried on."""

from tests.pipelines.reporting.page.conftest import connection, nights

__all__ = ["connection", "nights"]
