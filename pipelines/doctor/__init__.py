"""What could keep the next night from going well, and the command or edit that mends it."""

from pipelines.doctor.examine import Ailment, examine

__all__ = ["Ailment", "examine"]
