"""A past night's files once more, from the facts as far as that night knew them, byte for byte."""

from pipelines.replay.marks import note_marks
from pipelines.replay.replay import Replayed, ReplayedFile, replay

__all__ = ["Replayed", "ReplayedFile", "note_marks", "replay"]
