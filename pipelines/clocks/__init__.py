"""Due dates of the rules that start when someone is released, in calendar and business days."""

from pipelines.clocks.clocks import derive_clocks

__all__ = ["derive_clocks"]
