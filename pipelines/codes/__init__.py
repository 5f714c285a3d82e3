"""What every code means, why it comes, what to do now, what it does and who hears of it."""

from pipelines.codes.catalogue import CODES, FAMILIES
from pipelines.codes.explained import Effect, Explained

__all__ = ["CODES", "FAMILIES", "Effect", "Explained"]
