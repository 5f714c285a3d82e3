"""Codes of files and their rows (F, R, W): why they come, what the plan does, an example. What each means and what its
sender does stand in `schemas.findings`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from pipelines.codes import effects
from pipelines.codes.explained import Effect, Explained
from pipelines.releases.inbound import FILE_CODES
from schemas.findings import CATALOGUE, Finding, Severity


class Why(NamedTuple):
    """What the catalogue of findings does not say of a code."""

    why: str
    example: str
    plan: str = ""
    """What the plan does, where it is not what it does with all codes of this kind."""
    sender: str = ""
    """What the sender does, where the catalogue says what the plan does."""


# fmt: off
WHYS: dict[str, Why] = {
    "F01": Why("It is empty, packed, encrypted, has a password, is a PDF or an old .xls, or is damaged; or it is beyond what any such file holds.", "a sender saved its list as a PDF and put that into the folder"),
    "F02": Why("Its headings, or the version its envelope names, are those of another kind of file; often it was put into the wrong folder, or a form was changed.", "a list of release notices lies in the folder for referrals", plan="If it lies in the wrong folder, have its sender move it. If its sender has changed its headings, add them to the layout of the source (in a plan's `layouts/`), and release the file, which is then read again: `ecm-exchange release ID --reason \"...\" --by NAME`, then `ecm-exchange run`."),
    "F03": Why("None of the first 30 rows names enough columns of the layout, or the headings were deleted.", "a list that begins with its first person", plan="If it lies in the wrong folder, have its sender move it. If its sender has changed its headings, add them to the layout of the source (in a plan's `layouts/`), and release the file, which is then read again: `ecm-exchange release ID --reason \"...\" --by NAME`, then `ecm-exchange run`."),
    "F04": Why("An upload broke off, or somebody edited the file by hand: an 834's trailers, or a list's last line or trailer, do not agree with what is there.", "SE01 announces 180 segments, and there are 122"),
    "F06": Why("An 834 was made again under the name of one that has been loaded. Both cannot be the file of that name.", "DHCS834-DA-20261103-SHP-010-001.dat comes a second time, one member shorter"),
    "F07": Why("The same bytes were sent before, under this name or another.", "a sender puts yesterday's list into the folder once more", "Nothing."),
    "F08": Why("Files count in the order of the dates in their names. A date still to come would outrank every file until then, and one further back than `stale_after_days` would bring old news.", "PROBATION_REFERRALS_20271103.csv comes in November 2026"),
    "F10": Why("It has its headings or its envelope, and nothing between.", "a list with headings alone, on a day without referrals", "Nothing if that was intended; ask its sender if it comes on several days."),
    "F11": Why("A sender's system repeats its numbers, or sends an interchange again within a new file. X12 knows an interchange by this number.", "ISA13 is 000000905, as it was yesterday"),
    "F12": Why("A full 834 has many fewer members than the one before, or leaves out many who are on the roster: more often a cut or a filter at its sender than a change in life. `[safety] max_full_shrink` is the share.", "yesterday 2,000 members, today 1,200", sender="Make sure that the full file is whole, and send it again, or tell the plan that it is right."),
    "F13": Why("The place of the 834 that the source's settings name for the CIN holds something else in most members.", "`cin` names REF*0F, where this sender puts its own number", plan="Look where this sender puts the CIN (`ecm-exchange quarantine show ID`), correct `cin` of the source in `exchange.toml`, and release the file: `ecm-exchange release ID --reason \"...\" --by NAME`, then `ecm-exchange run`.", sender="Nothing, unless the CIN is really not in the file."),
    "F14": Why("More rows than `[safety] max_rejected_share` broke the rules of the layout or the guide, or all of them for want of a column that every row needs: what is wrong is the file, or its layout, and not single people.", "a sender changed its date format, and every birth date is unreadable", sender="Correct the rows, or ask the plan to let the file through if they are right."),
    "R01": Why("The cell or segment is blank; where the layout allows that, last name, first name and birth date are not all there either.", "a referral with a name and no CIN, in a layout that requires one"),
    "R02": Why("It is cut, has a typing error, is another program's number, or was filled in to have something there.", "a CIN of seven characters, or one that is all nines"),
    "R03": Why("It is blank, of a form that cannot be read, a day that there is not, in the future or more than 120 years ago.", "13/05/1991, or 1891-07-30 for a person on parole"),
    "R04": Why("One of the two cells or elements is blank.", "a person entered as one word under Last Name"),
    "R05": Why("Neither the CIN nor name and birth date lead to a member: enrolment is not through yet, or it ended, or a digit is wrong.", "a referral of Monday for somebody whom the 834 names on Thursday", "Nothing by itself: the row is tried again every night for `[identity] retry_days`. `ecm-exchange identity list` shows whom it may mean."),
    "R07": Why("It has not ten digits, or its check digit says that one of them is wrong.", "2916482121, where the last digit should be 0"),
    "R09": Why("All of its cells are those of an earlier row of the same file.", "a person was copied twice into a list", "Nothing."),
    "R11": Why("A date cannot be read, is in the future where that cannot be, or an end stands before its beginning; or somebody is released and in custody at once.", "Actual Release Date is tomorrow"),
    "R12": Why("The layout lists what may stand there, and this is none of it.", "Parole Office where PROBATION_PAROLE is meant"),
    "R13": Why("Two values stand in a cell that is for one, or two columns of one meaning contradict each other.", "two CINs in one cell, apart by a slash"),
    "R14": Why("The layout requires it, or another cell of the row does.", "a release notice with neither an expected nor an actual date of release"),
    "R15": Why("A comma or line break within a cell was not quoted, or a line was cut.", "an address with a comma in it, without quotes"),
    "R16": Why("Text beyond the longest that the layout takes, or characters that only machines write.", "a whole letter in the column for a middle name"),
    "R17": Why("Segments stand where the 834 has no place for them, stand twice, or one that must be there is not.", "a member loop without NM1*IL, the member's name"),
    "R18": Why("An element or segment breaks the implementation guide 005010X220A1, and the source is set to `nonconforming = \"quarantine\"`. The column names the place and X12's code of the error.", "2100A DMG02 ELE:8: no date where the birth date stands"),
    "R19": Why("A provider's return names a member, or a provider, that is not its own by what was assigned, now or in the last `returns_after_end_days`. Neither its fields nor its text is kept.", "a clinic with two sites reports both sites' members in one account", "Look whether the provider has two accounts, or its member moved: `ecm-exchange explain CIN`."),
    "W01": Why("A part of the address is blank, or is no zip code, state or county of California. Whom nobody houses has none.", "a street and no city"),
    "W02": Why("Phone, e-mail and, where the layout has one, address are all blank.", "a person in custody, whose phone is not known"),
    "W03": Why("A heading is none of the layout's. It is often a new column, or an old one under a new name.", "a column Caseworker", "If it is one of the layout under another name, add the heading to the layout."),
    "W04": Why("A spreadsheet turned digits into a number: zeros in front, or digits behind the fifteenth, are gone or were put back.", "5.59E+09 as a phone"),
    "W05": Why("`[justice_involved.hcp_status]` does not list this status of the 834, and whoever has it counts as not covered.", "HCP status 06 in HD04", plan="Find out what the status means, add it to `[justice_involved.hcp_status]`, and see whom that concerns: `ecm-exchange rebuild`.", sender="Nothing, unless the status is a slip."),
    "W06": Why("It was written by an older program. Letters with accents were read as that program wrote them.", "a list saved by Excel as CSV, without UTF-8"),
    "W07": Why("One sheet of a workbook is read, or two where the layout has a further one; another one holds rows too.", "a second sheet with last month's people"),
    "W09": Why("An element or segment is not as the implementation guide 005010X220A1 says. The column names the place and X12's code of the error.", "2100A NM104 ELE:6: a first name with an accent"),
    "W10": Why("Two of them lead to one member and the third does not, or name and birth date alone lead to one.", "the CIN of one sister and the name of the other", "A person says who it is: `ecm-exchange identity list`, then `ecm-exchange identity accept` or `ecm-exchange identity reject`."),
    "W11": Why("An answer came back with a reference that was changed, or is another sender's.", "a spreadsheet counted the references up when a cell was dragged"),
}
# fmt: on

_OF_KIND = {
    Severity.HOLD: "It is never released. `ecm-exchange quarantine list` names file and sender: it has to be sent again.",
    Severity.REJECT: "`ecm-exchange quarantine show ID` shows the rows; the sender has them in its answer. Call it if they do not come "
    "again: somebody may be waiting.",
    Severity.WARN: "Nothing.",
}
_RELEASABLE = (
    "Ask its sender, look at it with `ecm-exchange quarantine show ID`, and if it is right: "
    '`ecm-exchange release ID --reason "..." --by NAME`, then `ecm-exchange run`.'
)
_EFFECTS: dict[Severity, Effect] = {
    Severity.HOLD: effects.FILE_HELD,
    Severity.REJECT: effects.ROW_REJECTED,
    Severity.WARN: effects.WARNED,
}

_OF_ITS_OWN = {
    "F07": effects.FILE_COUNTED_ONCE,
    "R05": effects.MEMBER_AWAITED,
    "W10": effects.MEMBER_AWAITED,
}
"""What a code does that is not what others of its severity do."""

OF_834S_ALONE = frozenset(("F06", "F11", "F12", "F13", "R17", "R18", "W05", "W09"))
OF_LISTS_ALONE = frozenset(("F03", "R05", "R07", "R09", "R13", "R15", "R19", "W03", "W04", "W07", "W10", "W11"))


def _effect(finding: Finding) -> Effect:
    effect = _OF_ITS_OWN.get(finding.code, _EFFECTS[finding.severity])
    answered = (
        effects.ANSWERED_TO_AN_834 if finding.code in OF_834S_ALONE
        else effects.ANSWERED_TO_A_LIST if finding.code in OF_LISTS_ALONE
        else effects.ANSWERED
    )  # fmt: skip
    return replace(effect, told=effect.told.replace(effects.ANSWERED, answered))


def explained(finding: Finding) -> Explained:
    """Tell a finding with its reason."""
    told = WHYS[finding.code]
    usual = _RELEASABLE if finding.code in FILE_CODES else _OF_KIND[finding.severity]
    sender, plan = told.sender or finding.remedy, told.plan or usual
    return Explained(
        finding.code,
        finding.meaning,
        told.why,
        (f"Its sender: {sender[0].lower()}{sender[1:]}", f"The plan: {plan[0].lower()}{plan[1:]}"),
        _effect(finding),
        told.example,
    )


FINDINGS = tuple(explained(finding) for finding in CATALOGUE.values())
