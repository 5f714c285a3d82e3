"""What the JI liaison records of single people: contacts, hand-offs, care plans, materials. Records are facts."""

from pipelines.liaison.record import RecordRefused, record, void

__all__ = ["RecordRefused", "record", "void"]
