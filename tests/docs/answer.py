"""The example on the page for senders: a list, and what answers it."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace

from parsers.tabular import read_tabular
from pipelines.config import read_config
from pipelines.responses.found import Found, Words, by_row
from pipelines.responses.rows import answered_rows
from pipelines.responses.summary import Verdict
from schemas.layout import load_layout

ON = date(2026, 11, 3)
_NAME = "PROBATION_REFERRALS_20261103"
_SENT = """\
Fresno County Probation
Referral ID,Record Action,Referral Date,Referral Source Type,CIN Number,Last Name,First Name,DOB,Justice Involved,Phone
P-101,ADD,11/02/2026,PROBATION_PAROLE,98450239B,Crundelack,Ottil,02/11/1988,Y,(559) 555-0142
P-102,ADD,11/02/2026,PROBATION_PAROLE,9166012,Ormzeldorn,Havi,07/30/1979,Y,(559) 555-0177
P-103,ADD,11/02/2026,Parole Office,90795914I,Quillonbrax,Beno,13/05/1991,Y,(559) 555-0121
"""
_FILE_ID = "5b1d-0c7e-9a42".replace("-", "").ljust(32, "0")


def sent() -> list[list[str]]:
    """Rows of the list, its title line first."""
    return list(csv.reader(io.StringIO(_SENT)))


def answer() -> tuple[list[list[str]], str]:
    """Return the rows of the answer and its summary."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "landed"
        path.write_text(_SENT, encoding="utf-8")
        table = read_tabular(path, load_layout("mini_mif"), name=f"{_NAME}.csv")
    found = [Found(*each) for each in table.examine(ON)[["row", "column", "code", "severity"]].itertuples(index=False)]
    told = by_row(found, table.headings, table.layout)
    config = read_config(Path(__file__).parents[2] / "sample_data" / "examples" / "exchange.toml")
    file = SimpleNamespace(
        file_id=_FILE_ID, name=f"{_NAME}.csv", business_date=ON, layout="mini_mif", status="ACCEPTED_WITH_ERRORS",
        reason="", detail="", rows_in=len(table.rows), rows_loaded=len(table.rows) - len(told),
        rows_rejected=len(told), rows_duplicate=0,
    )  # fmt: skip
    source = next(source for source in config.sources if source.name == "probation")
    words = Words.of(table.headings, table.layout)
    verdict = Verdict(file, source, found, 0, f"{_NAME}.response.csv", words, ())
    return list(answered_rows(table, told, _FILE_ID)), verdict.as_json().decode()
