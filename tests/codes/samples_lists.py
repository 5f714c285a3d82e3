"""Codes of lists and their rows: a list of a few lines, looked at with `validate`."""

from __future__ import annotations

import xlsxwriter

from tests.codes.sample import Meeting, Sample, Stage

_NAME = "PROBATION_REFERRALS_20241103.csv"
_FIRST = "Referral ID,Record Action,Referral Date,Referral Source Type,"
_HEADINGS = f"{_FIRST}CIN Number,Last Name,First Name,DOB,Justice Involved,Phone"
_PERSON = "98450239B,Crundelack,Ottil,02/11/1988,Y,(559) 555-0142"
_BEGINNING = "P-101,ADD,11/02/2024,PROBATION_PAROLE,"
_SOUND = f"{_BEGINNING}{_PERSON}"


def _read(
    code: str, says: str, lines: tuple[str, ...], told: str, *offending: str, layout: str = "mini_mif",
    encoding: str = "utf-8", beside: tuple[str, ...] = (),
) -> Sample:  # fmt: skip
    """Make a sample of a list."""
    text = "".join(f"{line}\n" for line in lines)

    def scene(stage: Stage) -> Meeting:
        path = stage.folder / _NAME
        path.write_text(text, encoding=encoding)
        return stage.command("validate", path, "--layout", layout, "--json")

    return Sample(code, says, scene, offending, beside, told=told, shown=text, form="csv")


def _person(code: str, says: str, person: str, told: str, *offending: str) -> Sample:
    """Make a sample of a list with one referral that is sound but for the person in it."""
    return _read(code, says, (_HEADINGS, _BEGINNING + person), told, *offending)


def _with(code: str, says: str, headings: str, cells: str, told: str, *offending: str) -> Sample:
    """Make a sample of a list with one referral that is sound but for columns added at the end."""
    return _read(code, says, (f"{_HEADINGS},{headings}", f"{_SOUND},{cells}"), told, *offending)


def _second_sheet(stage: Stage) -> Meeting:
    path = stage.folder / "referrals.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for name, line in (("Referrals", _SOUND), ("October", _SOUND.replace("P-101", "P-077"))):
            sheet = workbook.add_worksheet(name)
            for row, text in enumerate((_HEADINGS, line)):
                sheet.write_row(row, 0, text.split(","))
    return stage.command("validate", path, "--layout", "mini_mif", "--json")


_RETURN = (
    "rtf_production_date,rtf_reporting_period,mcp_identifier,mcp_name,ecm_provider_npi,ecm_provider_name,cin,last_name,"
    "first_name,ecm_status"
)
_REPORTED = "2024-11-03,2024-10,SHP,Sample Health Plan,2916482120,Bridgelight"
_NOTICE = "Notice ID,Record Action,CIN,Last Name,First Name,DOB,Facility Name,Facility Type"

SAMPLES = (
    _read("F01", "a PDF under the name of a list", ("%PDF-1.7",), "the file cannot be read (it is a PDF)"),
    _read(
        "F02", "a release notice in the folder for referrals",
        (f"{_NOTICE},Expected Release Date", "N-7,ADD,98450239B,Crundelack,Ottil,02/11/1988,Brindlemoor Jail,JAIL,11/20/2024"),
        "4 of 5 required columns are missing", "Crundelack", "98450239B",
    ),
    _read("F03", "a list that begins with its first person", (_SOUND,), "no header row was found", "Crundelack", "98450239B"),
    _read("F10", "a list with headings alone", (_HEADINGS,), "the file, all of it: the file holds no rows"),
    _person("R01", "a referral that says of nobody who it is", ",,,,Y,(559) 555-0142", "line 2, cin: the CIN is missing", "555-0142"),
    _person(
        "R02", "a CIN that lacks two characters", "9845023,Crundelack,Ottil,02/11/1988,Y,(559) 555-0142",
        "line 2, cin: the CIN is malformed or a placeholder", "9845023", "Crundelack",
    ),
    _person(
        "R03", "a birth date with a thirteenth month", "98450239B,Crundelack,Ottil,11/13/19888,Y,(559) 555-0142",
        "line 2, dob: the birth date is missing or not a date in the past", "11/13/19888",
    ),
    _read(
        "R04", "a report on a person without a first name", (_RETURN, f"{_REPORTED},98450239B,Crundelack,,Enrolled"),
        "line 2, first_name: the last or first name is missing", "Crundelack", "98450239B", layout="rtf",
    ),
    _with(
        "R07", "an NPI whose last digit is wrong", "Preferred ECM Provider NPI", "2916482121",
        "line 2, preferred_ecm_provider_npi: the NPI is not valid", "2916482121",
    ),
    _read("R09", "a person who was copied twice", (_HEADINGS, _SOUND, _SOUND), "line 3, all of it: the row repeats another row", "Crundelack"),
    _with(
        "R11", "somebody who is in custody and released", "Incarceration Status,Actual Release Date", "IN_CUSTODY,10/30/2024",
        "line 2, actual_release_date: the dates contradict each other", "10/30/2024",
    ),
    _read(
        "R12", "a word that is none of the code list", (_HEADINGS, _SOUND.replace("PROBATION_PAROLE", "Parole Office")),
        "line 2, referral_source_type: the value is not in the code list", "Parole Office",
    ),
    _person(
        "R13", "two CINs in one cell", "98450239B/91660121B,Crundelack,Ottil,02/11/1988,Y,(559) 555-0142",
        "line 2, cin: the cell holds several values", "98450239B", "91660121B",
    ),
    _person(
        "R14", "nobody said whether the person is justice-involved", "98450239B,Crundelack,Ottil,02/11/1988,,(559) 555-0142",
        "line 2, pof_justice_involved: a required value is missing", "Crundelack",
    ),
    _with(
        "R15", "an address with a comma that is not quoted", "Address", "12 Canary St, Apt 3",
        "line 2, all of it: the row does not have as many cells as the header", "Canary",
    ),
    _person(
        "R16", "a bell in a name, as a terminal writes it", "98450239B,Crunde\alack,Ottil,02/11/1988,Y,(559) 555-0142",
        "line 2, last_name: the value is too long or holds control characters", "lack",
    ),
    _with(
        "W01", "a street and no city", "Address,City,State,Zip", "12 Canary St,,CA,93701",
        "line 2, city: the address is incomplete", "Canary",
    ),
    _person("W02", "a person without a phone", "98450239B,Crundelack,Ottil,02/11/1988,Y,", "line 2, phone: there is no phone", "Crundelack"),
    _with("W03", "a column that the layout does not know", "Caseworker", "M. Rivera", "the file, column 11: the file has a column the layout does not know", "Rivera"),
    _person(
        "W04", "a phone that a spreadsheet made a number with a fraction", "98450239B,Crundelack,Ottil,02/11/1988,Y,5595550142.0",
        "line 2, phone: an identifier looks damaged by a spreadsheet", "5595550142",
    ),
    _read("W06", "a name with an accent, saved without UTF-8", (_HEADINGS, _SOUND.replace("Ottil", "Ottíl")), "the file, all of it: the file is encoded as Windows-1252", "Ott", encoding="cp1252"),
    Sample("W07", "a second sheet with the people of October", _second_sheet, told="a workbook sheet was left unread"),
)  # fmt: skip
