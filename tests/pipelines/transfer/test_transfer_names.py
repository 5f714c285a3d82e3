from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.transfer.names import LONGEST_NAME, is_safe, join, lenient, placeholder, twins


@pytest.mark.parametrize(
    "name",
    [
        "834_20260105.txt",
        "MIF 2025.03.12.xlsx",
        "Peña_Núñez.csv",
        "a" * LONGEST_NAME,
        "名簿.csv",
        "(1) [x] {y}~#$%.csv",
    ],
)
def test_plain_names_are_safe(name: str) -> None:
    assert is_safe(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../roster.csv",
        "/etc/passwd",
        "a/b.csv",
        "a\\b.csv",
        "-rf",
        ".hidden",
        "two\nlines.csv",
        "bell\a.csv",
        "nul\0.csv",
        "roster\u202evsc.exe",
        "zero\u200bwidth.csv",
        "line\u2028separator.csv",
        unicodedata.normalize("NFD", "Peña.csv"),
        "a" * (LONGEST_NAME + 1),
        "ñ" * (LONGEST_NAME // 2 + 1),
        " leading.csv",
        "trailing.csv ",
        b"latin1-\xe9.csv".decode("utf-8", "surrogateescape"),
    ],
)
def test_names_that_fool_people_or_file_systems_are_unsafe(name: str) -> None:
    assert not is_safe(name)


@given(st.text(max_size=300))
def test_a_safe_name_is_one_path_component_that_prints_as_itself(name: str) -> None:
    if is_safe(name):
        assert all(letter.isprintable() or unicodedata.category(letter) == "Zs" for letter in name)
        assert name not in {".", ".."}
        assert not {"/", "\\", "\0"} & set(name)
        assert name.encode() == lenient(name.encode()).encode()
        assert len(f".{name}.part".encode()) < 255


@given(st.binary(max_size=40))
def test_any_bytes_have_a_lenient_reading_and_a_placeholder_that_does_not_show_them(raw: bytes) -> None:
    assert is_safe(placeholder(raw))
    lenient(raw)
    try:
        raw.decode()
    except UnicodeDecodeError:
        assert not is_safe(raw.decode("utf-8", "surrogateescape"))


def test_names_that_differ_in_case_or_accent_form_are_twins_and_others_are_not() -> None:
    nfc, nfd = "Peña.csv".encode(), unicodedata.normalize("NFD", "Peña.csv").encode()
    assert twins([nfc, nfd, b"A.csv", b"a.CSV", b"b.csv", b"\xff", b"\xfe"]) == {nfc, nfd, b"A.csv", b"a.CSV"}


def test_paths_join_with_one_slash() -> None:
    assert [join(folder, "x") for folder in ("", "/", "in", "in/", "/a/b")] == [
        b"x",
        b"/x",
        b"in/x",
        b"in/x",
        b"/a/b/x",
    ]
