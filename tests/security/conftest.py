"""The small plan over real servers that the tests of faults have."""

from tests.faults.conftest import make_plan

__all__ = ["make_plan"]
