"""What the JI liaison records of single people: contacts, hand-offs, care plans, materials. Records are facts."""

from pipelines.liaison.record import RecordRefused, lend_standing_records, record, void

__all__ = ["RecordRefused", "lend_standing_records", "record", "void"]
