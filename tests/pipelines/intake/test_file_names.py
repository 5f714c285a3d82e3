"""The order of files is what their names say, not when they came."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.file_names import FileOrder, order_of

TONIGHT = date(2026, 10, 29)


@pytest.mark.parametrize(
    ("name", "file_date", "sequence", "scope"),
    [
        ("DHCS834-DA-20261028-SHP-010-001.dat", date(2026, 10, 28), 1, "DAILY"),
        ("DHCS834-DA-20261028-SHP-012.dat", date(2026, 10, 28), 12, "DAILY"),
        ("DHCS834-MO-20261001-SHP-010-001.dat", date(2026, 10, 1), 1, "FULL"),
        ("DHCS834-DA-20261028-SHP-010-001", date(2026, 10, 28), 1, "DAILY"),
        ("ILS_CS_MIF_20250312.xlsx", date(2025, 3, 12), 0, "DAILY"),
        ("MIF_2025.03.12.xlsx", date(2025, 3, 12), 0, "DAILY"),
        ("MIF_2025-03-12.xlsx", date(2025, 3, 12), 0, "DAILY"),
        ("PRTF_1234567893_022025_03102025.csv", date(2025, 3, 10), 0, "DAILY"),
        ("PRTF_1234567893_202502_03102025.csv", date(2025, 3, 10), 0, "DAILY"),
        ("PRTF_1234567893_2025_02_03102025.csv", date(2025, 3, 10), 0, "DAILY"),
        ("POTF_1234567893_02-2025_20250310_2.csv", date(2025, 3, 10), 2, "DAILY"),
        ("ACME_KHS_ECM_REF_P_20261028143000.txt", date(2026, 10, 28), 143000, "DAILY"),
        ("ACME_20261028_143000.txt", date(2026, 10, 28), 143000, "DAILY"),
        ("20261028143000.txt", date(2026, 10, 28), 143000, "DAILY"),
        ("list 03-12-2025.csv", date(2025, 3, 12), 0, "DAILY"),
        ("REFERRALS_2028-02-29_2.csv", date(2028, 2, 29), 2, "DAILY"),
    ],
)
def test_date_sequence_and_scope_are_read_from_the_names_partners_use(
    name: str, file_date: date, sequence: int, scope: str
) -> None:
    assert order_of(name, full_marker="MO", otherwise=TONIGHT) == FileOrder(file_date, sequence, scope)


@pytest.mark.parametrize(
    "name", ["referrals.csv", "", "LIST_20260230.csv", "LIST_1234567893.csv", "LIST_20261.csv", "LIST_20262028.csv"]
)
def test_a_name_without_a_day_of_the_calendar_is_of_tonight(name: str) -> None:
    assert order_of(name, full_marker="MO", otherwise=TONIGHT).file_date == TONIGHT


@pytest.mark.parametrize("name", ["ECM_RETURN_1234567893_20261026.xlsx", "ecm_return_1234567893_20261026 filled.xlsx"])
def test_a_return_sheet_is_of_the_night_it_comes_back_and_not_of_the_day_it_was_handed_out(name: str) -> None:
    assert order_of(name, full_marker="MO", otherwise=TONIGHT).file_date == TONIGHT


def test_the_marker_of_a_full_file_counts_only_as_a_token_of_its_own() -> None:
    assert order_of("DHCS834-DA-20261028-MOLINA-001.dat", full_marker="MO", otherwise=TONIGHT).scope == "DAILY"
    assert order_of("DHCS834-FULL-20261028-001.dat", full_marker="FULL", otherwise=TONIGHT).scope == "FULL"


DAYS = st.dates(date(2020, 1, 1), date(2039, 12, 31))
ORDERS = st.builds(FileOrder, DAYS, st.integers(0, 999_999), st.sampled_from(["DAILY", "FULL"]))


@given(ORDERS, ORDERS)
def test_rank_orders_by_date_then_full_before_daily_then_sequence(one: FileOrder, other: FileOrder) -> None:
    def place(order: FileOrder) -> tuple[date, bool, int]:
        return order.file_date, order.scope == "DAILY", order.sequence

    assert (one.rank < other.rank) == (place(one) < place(other))
    assert (one.rank == other.rank) == (place(one) == place(other))


@given(DAYS, st.integers(0, 999), st.sampled_from(["DA", "MO"]))
def test_the_name_of_an_834_is_read_back(day: date, sequence: int, token: str) -> None:
    found = order_of(f"DHCS834-{token}-{day:%Y%m%d}-SHP-010-{sequence:03d}.dat", full_marker="MO", otherwise=TONIGHT)
    assert found == FileOrder(day, sequence, "FULL" if token == "MO" else "DAILY")


@given(st.text(max_size=60))
def test_any_name_has_an_order(name: str) -> None:
    order = order_of(name, full_marker="MO", otherwise=TONIGHT)
    assert 0 <= order.sequence <= 999_999
    assert order.rank > 0


def test_a_file_sent_back_corrected_stands_behind_the_one_it_corrects() -> None:
    sent, corrected, again = (
        order_of(f"PROBATION_REFERRALS_20261103{end}.csv", full_marker="MO", otherwise=TONIGHT)
        for end in ("", ".response", ".response.response")
    )
    assert sent.rank < corrected.rank < again.rank
    assert sent.file_date == corrected.file_date == again.file_date
