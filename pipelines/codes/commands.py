"""Codes of commands that people type: what was asked cannot be done, told before anything is stored."""

from __future__ import annotations

from functools import partial

from pipelines.codes.effects import NOT_WRITTEN, REFUSED
from pipelines.codes.explained import Effect, Explained
from schemas.problems import ExitCode

_refused = partial(Explained, effect=REFUSED, exit_code=ExitCode.USAGE)
_asked = partial(Explained, effect=REFUSED, exit_code=ExitCode.PROBLEMS_FOUND)

_NO_MEMBER = "No 834 has named this CIN: a digit is wrong, or the person is not enrolled yet."
_CHECK_CIN = (
    "Check the nine characters: a 9, seven digits, a letter.",
    "`ecm-exchange explain CIN` shows what is known of one.",
)

ASSIGNING = (
    _refused(
        "A01", "no provider of the roster has this NPI",
        "A digit is wrong, or the provider has no line in the providers table for that day.",
        ("`ecm-exchange directory` lists the providers with their NPI.", "Correct the NPI, or give the provider a line in the table first."),
        example="two digits of 2916482120 are the wrong way round",
    ),
    _refused(
        "A02", "the provider is not active or not JI-capable",
        "Its line in the providers table says `active` or `ji_provider` no, on this day.",
        ("Choose another: `ecm-exchange directory`.", "If the table is wrong, correct it first; nobody is sent members against it."),
        example="a clinic that has closed its enrollment",
    ),
    _refused(
        "A03", "no member of the plan has this CIN", _NO_MEMBER,
        (*_CHECK_CIN, "Whoever is not on the 834 yet cannot be assigned: a referral is tried again every night."),
        example="a person whom the jail has announced and the 834 has not",
    ),
)  # fmt: skip

LOOKING = (
    _asked(
        "E01", "no fact speaks of this CIN",
        "No 834, referral, notice or return names it, under this CIN or one that was merged into it.",
        ("Check the nine characters: a 9, seven digits, a letter.", "A row with a name only: `ecm-exchange identity list`."),
        example="a letter O typed for a zero",
    ),
    _refused(
        "E02", "no work list has this name",
        "`status --list` takes the names that it prints itself.",
        ("`ecm-exchange status` names the lists; the message suggests the closest.",),
        example="`--list reviws`",
    ),
    _refused(
        "E03", "there is no code of this name", "It is misspelled, or is a word of a table and no code; the message suggests the closest.",
        ("`ecm-exchange explain-code` lists all of them.",), example="`ecm-exchange explain-code RO5`, with a letter O",
    ),
    _asked(
        "E04", "no night of that date was run",
        "Nights are run on business days, and only what was run can be shown.",
        ("`ecm-exchange status` shows the last night; the message names it.",),
        example="a Sunday",
    ),
)  # fmt: skip

HELD_THINGS = (
    _refused(
        "H01", "nothing has the id that was given",
        "Ids change when what is held changes: rows that are held anew have another id. Or a character is wrong.",
        ("`ecm-exchange quarantine list` shows the ids of now; the first six characters or more will do.",),
        example="an id of yesterday's list, after another row joined",
    ),
    _refused(
        "H02", "the id is too short to be sure", "Six characters or more tell one from all others.",
        ("Give more of it; `ecm-exchange quarantine list` shows it.",), example="`ecm-exchange release 3f --reason ... --by ...`",
    ),
    _refused(
        "H03", "nobody stands for the release", "`--by` or `--reason` is blank. Who let something through, and why, is kept for good.",
        ('`ecm-exchange release ID --reason "confirmed by phone" --by "M. Rivera"`.',), example='--by ""',
    ),
    _refused(
        "H04", "what holds it is never released",
        "The check speaks of something that no word of a person makes right: a file that cannot be read, a row in the wrong folder.",
        ("Mend what the message names, or have the file sent again; then `ecm-exchange run`.",), example="a release of a file with F04",
    ),
    _refused(
        "H05", "the file speaks of a day that has not come",
        "Released now it would outrank every file until that day.",
        ("Have it sent under its right date, or release it when the day has come.",), example="a list dated next Friday",
    ),
    _asked(
        "H06", "no row of this file was rejected by itself",
        "The file is held as a whole, or all of its rows were taken: there is nothing to write into a file of rejected rows.",
        ("`ecm-exchange quarantine show ID` says what was found in it.",), example="`quarantine export` of a file that is held for F06",
    ),
    _refused(
        "H07", "nothing was delivered to this provider on that day",
        "No file of that day, or of that night, is known to have arrived. The message names the last one before.",
        ("`ecm-exchange status --date 2026-11-03` tells what went out on a day.",), example="a Saturday",
    ),
    _refused(
        "H08", "the bytes that were delivered are gone or are not what they were",
        "The file in the outbox was removed or changed. Nothing is sent that is not byte for byte what was delivered.",
        ("Put the outbox back from a backup.", "Or tell the provider to wait for its full file: it names everyone it has."),
        example="the outbox was emptied to make room",
    ),
    _refused(
        "H09", "the file was delivered for another key than the provider has now",
        "It went unencrypted, or encrypted to a key that the providers table does not name any more.",
        ("A full file tells the provider everyone it has, encrypted to its key of now: wait for its `full_day`.",),
        example="the provider lost its old key, and its files with it",
    ),
    _refused(
        "H10", "several things have an id that begins so", "The characters that were given are the beginning of more than one id.",
        ("Give more of it; `ecm-exchange quarantine list` shows it.",), example="six characters in a ledger of many years",
    ),
    _asked(
        "H11", "no file of that night is known that could be made again",
        "Nothing was delivered that night, or it ran before this software kept what a night knew, or it was lost and entered again.",
        ("`ecm-exchange status --date 2026-11-03` tells what went out on a day; try the night before or after.",), example="a Sunday",
    ),
)  # fmt: skip

IDENTITIES = (
    _refused(
        "I01", "no row of this source has this key", "Source and key name a row together, as the list of proposals prints them.",
        ("`ecm-exchange identity list` shows both.",), example="the key of another source's list",
    ),
    _refused(
        "I02", "no member of the plan has this CIN", _NO_MEMBER, _CHECK_CIN,
        example="a row is accepted for a CIN with a wrong letter",
    ),
    _refused(
        "I03", "a CIN is not merged into itself", "Both CINs that were given are the same.",
        ("`ecm-exchange identity merge OLD NEW --reason ... --by ...`: the one that is given up, then the one that stays.",),
        example="the same CIN pasted twice",
    ),
    _refused(
        "I04", "no 834, referral, notice, receipt or MIF speaks of the first CIN",
        "What is to be given up is not known here at all: a digit is wrong, or the two were given the wrong way round.",
        ("Check the nine characters; the old CIN comes first.",), example="a typing error in the old CIN",
    ),
    _refused(
        "I05", "the merge would lead in a circle", "The second CIN has itself been merged into the first.",
        ("Undo that first: `ecm-exchange identity unmerge CIN --reason ... --by ...`.",), example="somebody merged them the other way round in spring",
    ),
    _refused(
        "I06", "this CIN has not been merged into another", "Neither a person nor an 834 has said that it belongs to another one.",
        ("`ecm-exchange identity list` shows what is merged.",), example="the CIN that stays was given, not the one that was given up",
    ),
    Explained(
        "I09", "proposals could not be computed",
        "The model that proposes members failed on the data of this night; its own message may quote people and is not told.",
        ("Set `[identity] proposals = false`, run the night, and report the kind of error: `ecm-exchange run`.",),
        Effect("The night stops at the matching; nothing is sent. What was received before stays.", "The plan: the end of `run`; in Dagster the run fails."),
        "a night with two members and three referrals, too few to learn from", exit_code=ExitCode.INPUT_OUTPUT,
    ),
)  # fmt: skip

TRYING_OUT = (
    _asked(
        "M01", "the folder of the demo is in use for something else",
        "It holds files and no demo, and a demo begins by emptying its folder.",
        ("Name another: `ecm-exchange demo --dir demo`.",), example="the home folder was named",
    ),
    _asked(
        "M03", "the night that Dagster ran has failed", "The lines above it are what Dagster said.",
        ("Mend what they name, then type the same command again.",), example="a Dagster home that is not writable",
    ),
)  # fmt: skip

RECORDS = (
    _refused(
        "N01", "no such kind of record", "The kinds are a list of words; the message has all of them.",
        ("`ecm-exchange record --help` explains them.",), example="`ecm-exchange record CIN PHONECALL`",
    ),
    _refused("N02", "no member of the plan has this CIN", _NO_MEMBER, _CHECK_CIN, example="two digits the wrong way round"),
    _refused(
        "N03", "the day has not come yet", "A record says what has happened, and counts for the clocks from that day on.",
        ("Record it on the day it happens.",), example="an appointment of next week",
    ),
    _refused(
        "N04", "no record of this member that stands has this id", "It was taken back already, is another member's, or a character is wrong.",
        ("`ecm-exchange explain CIN` lists the member's records with their ids.",), example="a record is taken back twice",
    ),
    _refused(
        "N05", "no contact after hours waits for this answer", "An answer meets the clock of a contact, and none is open up to that day.",
        ("Record the contact first: `ecm-exchange record CIN AFTER_HOURS_CONTACT --on 2026-11-03 --by NAME`.",),
        example="the answer is entered, and the call of the night before was not",
    ),
    _refused(
        "N06", "nobody stands for the record", "`--by` is blank. Who said so is kept for good.",
        ("Give your name: `--by \"M. Rivera\"`.",), example='--by ""',
    ),
    _refused(
        "N07", "the day is missing", "Clocks count from the day on which it happened, which need not be today.",
        ("Give it: `--on 2026-11-03`.",), example="`ecm-exchange record CIN FIRST_CONTACT` without a day",
    ),
)  # fmt: skip

PUBLISHING = (
    _asked(
        "P01", "no night up to that day has recorded the roster",
        "An edition tells what a night found in the providers table, and none has run up to then.",
        ("`ecm-exchange run`, then again.",), example="a directory as of a day before the first night",
    ),
    _asked(
        "P02", "an edition of that day is out of date", "A later night has run: what it found is what the public must be told.",
        ("Publish as of the last night, or later; leave out `--public` to look at an earlier day.",), example="`directory --public --date` of last week",
    ),
    Explained(
        "P03", "the file of an edition cannot be written", "The folder is not there, belongs to another account, or has no room.",
        ("Mend folder, rights or room, and type it again: it counts as published only once it is written.",),
        NOT_WRITTEN, "the web server's folder is read-only", exit_code=ExitCode.INPUT_OUTPUT,
    ),
)  # fmt: skip

DISCLOSURES = (
    _asked(
        "U01", "no file of this name or content is known to have reached a provider",
        "Its name is that of no delivered file, and its bytes are those of none: it may have been renamed and edited.",
        ("Give the name as it stood in the folder, or the path of an unchanged copy.", "By person instead: `ecm-exchange incident --cin CIN`."),
        example="a copy that was opened and saved by a spreadsheet under another name",
    ),
)  # fmt: skip

REPORTS = (
    _refused("V01", "what was given is no month", "A month is written YYYY-MM.", ("`ecm-exchange report dhcs-json --month 2026-10`.",), example="`--month October`"),
    _refused(
        "V02", "the month is not over", "A report tells how a month ended.",
        ("Ask from the first of the next month on.",), example="the report of November on November 29",
    ),
    _refused(
        "V03", "no night of this month is known", "Nothing can be said of how a month ended in which no night ran.",
        ("Ask for a month in which nights ran; `ecm-exchange status --date 2026-10-30` tells of one.",), example="the month before the plan began",
    ),
    Explained(
        "V04", "the report does not fit its schema", "What the template makes of the month is not what the state's schema asks for. The places are named, never what stands there.",
        ("Mend what stands at these places in the providers table or the configuration, or correct template or schema.", "`docs/reports.md` lists the fields."),
        NOT_WRITTEN, "an hcp_code of two digits where the schema wants three", exit_code=ExitCode.BAD_DATA,
    ),
)  # fmt: skip
