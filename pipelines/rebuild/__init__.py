"""What is derived, made anew from the facts by the present configuration, and held against what stands."""

from pipelines.rebuild.rebuild import Rebuilt, rebuild

__all__ = ["Rebuilt", "rebuild"]
