"""The codes by which acknowledgements speak of errors, and how pyx12's errors (`parsers.x12.conformance`) become them.

pyx12 mostly uses X12's own codes of each level; the tables name all that may be said, and the few that differ.
"""

from __future__ import annotations

from parsers.x12.guide import segment_ids

SEGMENT_CODES = {
    "1": "1",  # unrecognized segment id
    "2": "2",  # unexpected segment
    "3": "3",  # required segment missing
    "4": "4",  # loop occurs over maximum times
    "5": "5",  # segment exceeds maximum use
    "6": "6",  # segment not in the transaction set
    "7": "7",  # segment not in proper sequence
    "8": "8",  # segment has data element errors
    "I4": "I4",  # implementation: "not used" segment present
    "I6": "I6",  # implementation: dependent segment missing
    "I7": "I7",  # implementation: loop occurs under minimum times
    "I8": "I8",  # implementation: segment below minimum use
    "I9": "I9",  # implementation: dependent "not used" segment present
}
"""Code of a segment -> IK304."""

ELEMENT_CODES = {
    "1": "1",  # required element missing
    "2": "2",  # conditional required element missing
    "3": "3",  # too many elements
    "4": "4",  # too short
    "5": "5",  # too long
    "6": "6",  # invalid character
    "7": "7",  # invalid code value
    "8": "8",  # invalid date
    "9": "9",  # invalid time
    "10": "I10",  # pyx12 says 10 (exclusion condition violated) of an element the guide marks as not used
    "12": "12",  # too many repetitions
    "13": "13",  # too many components
    "I6": "I6",  # implementation: code value not used
    "I9": "I9",  # implementation: dependent element missing
    "I10": "I10",  # implementation: "not used" element present
    "I11": "I11",  # implementation: too few repetitions
    "I12": "I12",  # implementation: pattern match failure
    "I13": "I13",  # implementation: dependent "not used" element present
}
"""Code of an element -> IK403."""

IN_ELEMENTS = "8"
"""IK304 of a segment with IK4s."""

UNLISTED_SEGMENT = "2"
"""IK304 of a segment whose error has no code there, such as separators that trail (pyx12: SEG1) or a wrong LX count."""

UNLISTED_ELEMENT = "I12"
"""IK403 of an element whose error has no code there: it does not match what the guide wants."""

CONDITIONAL = "2"
"""IK403 of an element that is missing because of another one in the same segment, which the context (CTX) names."""

SET_CODES = ("1", "2", "3", "4", "5", "6", "7", "23", "I5", "I6")
"""IK502 to IK506: not supported; SE missing; SE02 is not ST02; SE01 wrong; segments in error; ST01 or ST02 wrong; ST02
not unique; by the implementation: segments in error, convention not supported."""

SEGMENTS_IN_ERROR, IMPLEMENTATION_ERROR = "5", "I5"

GROUP_CODES = ("1", "2", "3", "4", "5", "6", "19")
"""AK905 to AK909: group or version not supported; GE missing; GE02 is not GS06; GE01 wrong; GS06 wrong; not unique."""

SET_ELEMENTS = {("ST", "01"): "6", ("ST", "02"): "7", ("ST", "03"): "I6", ("SE", "01"): "4", ("SE", "02"): "3"}
"""An element error on ST or SE -> IK502."""

GROUP_ELEMENTS = {("GS", "01"): "1", ("GS", "06"): "6", ("GS", "08"): "2", ("GE", "01"): "5", ("GE", "02"): "4"}
"""An element error on GS or GE -> AK905."""

STRUCTURAL_NOTES = ("025", "023", "022", "001", "021", "024")
"""TA105 of an interchange that cannot be taken, the gravest first: its control number came before; the file ends within
it; its headers and trailers are out of order; IEA02 is not ISA13; IEA01 is wrong; its content is invalid."""

INTERCHANGE_ELEMENTS = {
    ("ISA", "01"): "010", ("ISA", "02"): "011", ("ISA", "03"): "012", ("ISA", "04"): "013", ("ISA", "05"): "005",
    ("ISA", "06"): "006", ("ISA", "07"): "007", ("ISA", "08"): "008", ("ISA", "09"): "014", ("ISA", "10"): "015",
    ("ISA", "11"): "016", ("ISA", "12"): "017", ("ISA", "13"): "018", ("ISA", "14"): "019", ("ISA", "15"): "020",
    ("ISA", "16"): "027", ("IEA", "01"): "021", ("IEA", "02"): "001",
}  # fmt: skip
"""An element error on ISA or IEA -> TA105."""

UNRECOGNIZED = "ZZZ"
"""IK301 of a segment whose id is none of the guide's: what stands there is whatever the file holds, maybe a name."""


def segment_id(name: str) -> str:
    """Return IK301 for a segment."""
    return name if name in segment_ids() else UNRECOGNIZED
