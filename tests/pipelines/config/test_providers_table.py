"""The providers table: a mistake in it could send members to the wrong folder, so all of it must be right."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysequoia import Tsk

from pipelines.config import read_roster
from schemas.codes import npi_is_valid
from schemas.outbound import SHELF
from schemas.problems import ConfigurationError

Rows = list[dict[str, str]]


def rewrite(path: Path, change: Callable[[Rows], object]) -> None:
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    header = list(rows[0])
    change(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, header)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


def refusal(path: Path) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as refused:
        read_roster(path)
    return refused.value


def test_the_sample_table_is_read_ordered_by_npi_with_key_files_made_absolute(roster: Path) -> None:
    providers = read_roster(roster).providers
    assert len(providers) == 13
    assert [p.npi for p in providers] == sorted(p.npi for p in providers)
    assert providers[0].languages == ("ENG", "SPA")
    assert providers[0].key_file == roster.parent / "keys" / "plan_ed25519"


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("npi", "2901373517", "not a valid NPI"),
        ("npi", "290137351", "not a valid NPI"),
        ("npi", "\uff12901373516", "not a valid NPI"),
        ("name", "", "name"),
        ("active", "maybe", "active"),
        ("service_scope", "ALL", "'PRE_RELEASE' or 'HANDOFF_ONLY'"),
        ("counties", "Fresno;Fresko", "a county California does not have"),
        ("populations", "ADULTS", "'ADULT' or 'YOUTH'"),
        ("populations", "", "populations"),
        ("capacity", "-1", "capacity"),
        ("capacity", "many", "capacity"),
        ("port", "0", "port"),
        ("username", "", "username"),
        ("folder", "", "folder"),
        ("formats", "pdf", "'csv', 'xlsx' or 'return_sheet'"),
        ("formats", "", "formats"),
        ("full_day", "SAT", "full_day"),
    ],
)
def test_a_wrong_cell_is_told_with_line_and_column_but_not_its_value(
    roster: Path, column: str, value: str, told: str
) -> None:
    rewrite(roster, lambda rows: rows[2].update({column: value}))
    message = refusal(roster).what
    assert f"line 4, {column}" in message
    assert told in message
    assert not value or value not in message


def test_all_wrong_rows_are_told_at_once(roster: Path) -> None:
    rewrite(roster, lambda rows: [row.update(capacity="-1") for row in rows])
    assert refusal(roster).what.count("capacity") == 13


@pytest.mark.parametrize("column", ["npi", "username"])
def test_two_providers_never_share_an_npi_or_an_account(roster: Path, column: str) -> None:
    rewrite(roster, lambda rows: rows[1].update({column: rows[0][column]}))
    assert f"share one {column}" in refusal(roster).what


def test_a_misspelt_column_is_told_once_with_a_suggestion(roster: Path) -> None:
    roster.write_text(roster.read_text(encoding="utf-8").replace("service_scope", "service_skope", 1))
    message = refusal(roster).what
    assert "line 1, service_skope: unknown column, did you mean `service_scope`?" in message
    assert message.count("service_scope") == 2, "missing once, suggested once"


def test_a_column_that_stands_twice_is_told(roster: Path) -> None:
    lines = roster.read_text(encoding="utf-8").splitlines()
    roster.write_text("\n".join([lines[0] + ",npi", *(line + ",1" for line in lines[1:])]))
    assert "npi: this column stands twice" in refusal(roster).what


def test_a_row_with_too_few_or_too_many_cells_is_told(roster: Path) -> None:
    lines = roster.read_text(encoding="utf-8").splitlines()
    roster.write_text("\n".join([lines[0], lines[1] + ",more", lines[2].rpartition(",")[0]]))
    message = refusal(roster).what
    assert "line 2, (too many cells)" in message
    assert "line 3, effective_to" in message


def with_layout(path: Path, layout: str) -> None:
    """Give the first provider of the table a layout."""
    header, first, *others = path.read_text(encoding="utf-8").splitlines()
    if not header.endswith(",layout"):
        header, others = f"{header},layout", [f"{line}," for line in others]
    else:
        first = first.rpartition(",")[0]
    path.write_text("\n".join([header, f"{first},{layout}", *others]))


def test_a_layout_of_the_plan_s_own_lies_beside_the_table(roster: Path) -> None:
    shutil.copy(SHELF.folder / "short_list.toml", roster.parent / "ours.toml")
    with_layout(roster, "ours.toml")
    layouts = {provider.layout for provider in read_roster(roster).providers}
    assert layouts == {None, str(roster.parent / "ours.toml")}


def test_a_layout_that_is_wrong_or_not_there_is_told_with_line_and_place(roster: Path) -> None:
    (roster.parent / "ours.toml").write_text('name = "ours"\nversio = "1"\n')
    with_layout(roster, "ours.toml")
    assert (
        "line 2, layout: ours.toml: versio: the setting is not known; did you mean `version`?" in refusal(roster).what
    )
    with_layout(roster, "theirs.toml")
    assert "theirs.toml: the layout cannot be opened" in refusal(roster).what


def test_a_key_that_nothing_can_be_encrypted_to_is_told_with_its_line_and_what_to_do(roster: Path) -> None:
    header, first, *others = roster.read_text(encoding="utf-8").splitlines()
    lines = [f"{header},pgp_key_file", f"{first},clinic.asc", *(f"{line}," for line in others)]
    roster.write_text("\n".join(lines), encoding="utf-8")
    assert "line 2, pgp_key_file: the key cannot be read" in refusal(roster).what
    key = roster.parent / "clinic.asc"
    key.write_bytes(bytes(Tsk.generate("Clinic")))
    assert "line 2, pgp_key_file: this is a private key: remove it" in refusal(roster).what
    key.write_bytes(bytes(Tsk.generate("Clinic").extract_certificate()))
    assert {provider.pgp_key_file for provider in read_roster(roster).providers} == {None, key}


@pytest.mark.parametrize("rows", [0, 1])
def test_a_table_without_providers_is_refused_since_every_assignment_would_end(roster: Path, rows: int) -> None:
    lines = roster.read_text(encoding="utf-8").splitlines()
    roster.write_text("".join(lines[:rows]))
    assert refusal(roster).what


@pytest.mark.parametrize(
    ("content", "told"), [(b"npi,name\n\xff", "not UTF-8"), (b'npi,name\n"1"x,2\n', "column"), (None, "no providers")]
)
def test_a_table_that_cannot_be_read_is_told(roster: Path, content: bytes | None, told: str) -> None:
    if content is None:
        roster.unlink()
    else:
        roster.write_bytes(content)
    assert told in refusal(roster).what


def test_broken_quotes_are_told(roster: Path) -> None:
    header = roster.read_text(encoding="utf-8").splitlines()[0]
    roster.write_text(f'{header}\n"1"x,2\n')
    assert "not a well-formed CSV" in refusal(roster).what


@given(st.text("0123456789", min_size=9, max_size=9))
def test_every_nine_digits_have_one_check_digit_and_no_swap_or_typo_of_a_digit_passes(nine: str) -> None:
    valid = [digit for digit in "0123456789" if npi_is_valid(nine + digit)]
    assert len(valid) == 1
    npi = nine + valid[0]
    for place in range(10):
        for other in "0123456789".replace(npi[place], ""):
            assert not npi_is_valid(npi[:place] + other + npi[place + 1 :])
