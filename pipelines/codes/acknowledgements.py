"""What a TA1 and a 999 say of an 834, element by element: X12's own codes, as a sender may ask about them.

The codes that are written are decided in `parsers.x12.acknowledgement`; a finding on an 834 names them by their level
(`SEG:3`, `ELE:8`).
"""

from __future__ import annotations

from pipelines.codes.explained import Effect, Explained

_DOES = "It is what the sender reads of its 834; nothing more happens by it. What became of the file stands beside it: accepted, or rejected."
_TOLD = "The sender, by the file in its responses folder, where its source has `acknowledge`. The plan: `ecm-exchange quarantine list`."
_SAID = Effect(_DOES, _TOLD)

_SENDER = "The sender corrects what is named and sends the file again under a new control number."
_PLAN = "The plan: `ecm-exchange quarantine show ID` tells the same by member; `ecm-exchange validate FILE` of any 834."

ACKNOWLEDGEMENTS = (
    Explained(
        "TA105", "the TA1's note on the interchange as a whole",
        "The ISA and IEA segments around an 834 are looked at before what is in them. 000 means that nothing was found; TA104 beside it says A (accepted), E (accepted with errors) or R (rejected).",
        (_SENDER, _PLAN), _SAID, "TA1*000000905*261103*0345*R*023: the file broke off before its IEA",
        parts=(
            ("000", "no error"),
            ("001", "the control numbers in ISA13 and IEA02 are not the same"),
            ("005", "ISA05, the qualifier of the sender, is not one"),
            ("006", "ISA06, the sender, is not one"),
            ("007", "ISA07, the qualifier of the receiver, is not one"),
            ("008", "ISA08, the receiver, is not one"),
            ("010", "ISA01 is not a qualifier"),
            ("011", "ISA02, the authorization information, is not as it must be"),
            ("012", "ISA03 is not a qualifier"),
            ("013", "ISA04, the security information, is not as it must be"),
            ("014", "ISA09 is not a date"),
            ("015", "ISA10 is not a time"),
            ("016", "ISA11 is not a repetition separator"),
            ("017", "ISA12 is not the version 00501"),
            ("018", "ISA13 is not a control number of nine digits"),
            ("019", "ISA14 is neither 0 nor 1"),
            ("020", "ISA15 is neither P nor T"),
            ("021", "IEA01 does not count the functional groups that are there"),
            ("022", "headers and trailers are out of their order"),
            ("023", "the file ends before its IEA"),
            ("024", "what is in the interchange cannot be taken"),
            ("025", "the control number came before"),
            ("027", "ISA16 is not a component separator"),
        ),
    ),
    Explained(
        "AK905", "the 999's errors of a functional group",
        "The GS and GE segments around the transaction sets are looked at. AK901 beside it says A (accepted), E (accepted with errors), P (partly) or R (rejected).",
        (_SENDER, _PLAN), _SAID, "AK9*R*1*1*0*5: GE01 counts two sets, and there is one",
        parts=(
            ("1", "the functional group is not one of 834s (GS01)"),
            ("2", "the version in GS08 is not 005010X220A1"),
            ("3", "the GE segment is missing"),
            ("4", "the control numbers in GS06 and GE02 are not the same"),
            ("5", "GE01 does not count the transaction sets that are there"),
            ("6", "GS06 is not a control number"),
            ("19", "the control number stands twice in the interchange"),
        ),
    ),
    Explained(
        "IK502", "the 999's errors of a transaction set",
        "The ST and SE segments are looked at, and whether anything between them is wrong. IK501 beside it says A (accepted), E (accepted with errors) or R (rejected).",
        (_SENDER, _PLAN), _SAID, "IK5*E*5: the set was taken, and a segment in it has an error",
        parts=(
            ("1", "the transaction set is not an 834"),
            ("2", "the SE segment is missing"),
            ("3", "the control numbers in ST02 and SE02 are not the same"),
            ("4", "SE01 does not count the segments that are there"),
            ("5", "segments of it have errors, which IK3 and IK4 name"),
            ("6", "ST01 is no transaction set that is known"),
            ("7", "ST02 is not a control number"),
            ("23", "the control number stands twice in the functional group"),
            ("I5", "members of it, or all of it, were not taken"),
            ("I6", "ST03 is not the guide 005010X220A1"),
        ),
    ),
    Explained(
        "IK304", "the 999's error of a segment",
        "A segment stands where the guide has no place for it, too often, or not at all. IK301 to IK303 beside it name the segment, its place in the set and its loop.",
        (_SENDER, _PLAN), _SAID, "IK3*NM1*5*2100A*3: the member's name is missing",
        parts=(
            ("1", "the segment is none that is known"),
            ("2", "the segment is not expected at this place"),
            ("3", "a segment that must be there is missing"),
            ("4", "the loop stands more often than it may"),
            ("5", "the segment stands more often than it may"),
            ("6", "the segment is not one of this transaction set"),
            ("7", "the segment stands out of its order"),
            ("8", "elements of it have errors, which IK4 names"),
            ("I4", "the guide does not use the segment"),
            ("I6", "a segment is missing that another one asks for"),
            ("I7", "the loop stands fewer times than it must"),
            ("I8", "the segment stands fewer times than it must"),
            ("I9", "the segment must not be there beside another one"),
        ),
    ),
    Explained(
        "IK403", "the 999's error of an element",
        "A value is missing, has another form than the guide says, or must not be there. IK401 beside it is the place of the element in its segment. The value itself is never repeated.",
        (_SENDER, _PLAN), _SAID, "IK4*2*1251*8: the second element of DMG is not a date",
        parts=(
            ("1", "an element that must be there is missing"),
            ("2", "an element is missing that another one in its segment asks for"),
            ("3", "the segment has more elements than it may"),
            ("4", "the value is too short"),
            ("5", "the value is too long"),
            ("6", "the value has a character that it may not have"),
            ("7", "the value is not in the code list"),
            ("8", "the value is not a date"),
            ("9", "the value is not a time"),
            ("12", "the element is repeated more often than it may be"),
            ("13", "the element has more components than it may"),
            ("I6", "the guide does not use the code"),
            ("I9", "an element is missing that the guide asks for beside another one"),
            ("I10", "the guide does not use the element"),
            ("I11", "the element is repeated fewer times than it must be"),
            ("I12", "the value does not have the form that the guide asks for"),
            ("I13", "the guide does not use the element beside another one"),
        ),
    ),
)  # fmt: skip

LEVELS = {"ISA": "TA105", "GS": "AK905", "ST": "IK502", "SEG": "IK304", "ELE": "IK403"}
"""The element of an acknowledgement that speaks of a level of the findings on an 834."""
