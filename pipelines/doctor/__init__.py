"""What could keep the next night from going well, and the command or edit that mends it."""

from pipelines.doctor.ailment import Ailment, Kind, fine, found, kinds
from pipelines.doctor.examine import examine

__all__ = ["Ailment", "Kind", "examine", "fine", "found", "kinds"]
