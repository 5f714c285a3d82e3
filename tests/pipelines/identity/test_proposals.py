"""Members are proposed for rows that no rule matches: with what agrees, how probably, and never as a match."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.identity import match_identities
from pipelines.identity import proposals as module
from pipelines.identity.model import MODEL
from pipelines.warehouse.door import scratch
from pipelines.warehouse.store import WarehouseFault
from schemas.problems import ConfigurationError

Person = Callable[[int], str]
Match = Callable[..., dict[str, dict[str, Any]]]
ROBERT = {
    "last_name": "Quillonbrax", "first_name": "Robert", "middle_name": "Eustace", "birth_date": "1984-03-12",
    "zip": "93701", "phone": "5595550101", "gender": "M",
}  # fmt: skip
SAID = {"last_name": "Quillonbrax", "first_name": "Robert", "dob": "1984-03-12", "zip": "93701", "gender": "M"}

SLIPS: dict[str, tuple[dict[str, Any], str]] = {
    "misspelt": ({"last_name": "Quilonbrax"}, "last_name_similar"),
    "nickname": ({"first_name": "Bob"}, "nickname"),
    "swapped": ({"last_name": "Robert", "first_name": "Quillonbrax"}, "names_swapped"),
    "middle name": ({"first_name": "Eustace"}, "middle_name"),
    "initial": ({"first_name": "R"}, "first_name_begins"),
    "double name": ({"last_name": "Quillonbrax-Thrennick"}, "last_name_part"),
    "married": ({"last_name": "Thrennick", "phone": "(559) 555-0101"}, "phone"),
    "day and month": ({"dob": "1984-12-03"}, "birth_date_swapped"),
    "one digit": ({"dob": "1984-03-13"}, "birth_date_one_off"),
    "two digits": ({"dob": "1984-03-21"}, "birth_date_one_off"),
    "another year": ({"dob": "1979-03-12"}, "birth_date_part"),
    "mistyped cin": ({"cin": "90000010B"}, "cin_one_off"),
}
"""What a sender may get wrong about Robert, and what the proposal names for it."""


@pytest.fixture
def proposing(exchange: Any) -> Any:
    """An exchange that proposes members."""
    exchange.configure(identity={"proposals": True})
    return exchange


def proposed(exchange: Any) -> dict[str, list[tuple[str, float, str]]]:
    """Proposals by the key of the row, the likeliest first."""
    found: dict[str, list[tuple[str, float, str]]] = {}
    keyed = """(SELECT p.*, i.key FROM exchange.identity_proposals AS p
                JOIN exchange.identities AS i USING (kind, file_id, row_no))"""
    for row in exchange.all(keyed, order="probability DESC, cin"):
        found.setdefault(row["key"], []).append((row["cin"], row["probability"], row["agreement"]))
    return found


def test_whoever_fits_but_for_one_slip_is_proposed_and_not_matched(
    proposing: Any, person: Person, match: Match
) -> None:
    proposing.seen("2026-10-01", person(1), **ROBERT)
    proposing.seen("2026-10-01", person(2), last_name="Thrennick", first_name="Dallo", birth_date="1979-07-07")
    for slip, (said, _) in SLIPS.items():
        row = SAID | {key: value for key, value in said.items() if key != "cin"}
        proposing.referred("2026-10-02", said.get("cin"), **row, referral_id=slip)
    matched = match(proposing)
    assert {row["method"] for row in matched.values()} <= {"UNMATCHED", "REVIEW"}
    assert all(row["cin"] is None for row in matched.values())
    found = proposed(proposing)
    assert {slip: [cin for cin, _, _ in found[slip]] for slip in SLIPS} == {slip: [person(1)] for slip in SLIPS}
    for slip, (_, agreement) in SLIPS.items():
        (_, probability, agrees) = found[slip][0]
        assert agreement in agrees.split(";"), slip
        assert 0.9 <= probability < 1, slip


def test_who_is_too_unlike_is_not_proposed(proposing: Any, person: Person, match: Match) -> None:
    proposing.seen("2026-10-01", person(1), **ROBERT)
    strangers: dict[str, dict[str, Any]] = {
        "brother": {"first_name": "Dallo", "dob": "1986-07-07", "phone": "5595550101"},
        "twin": {"first_name": "Dallo", "phone": "5595550101"},
        "father of one name": {"dob": "1955-11-30", "phone": "5595550101"},
        "namesake elsewhere": {"dob": "1955-11-30", "zip": "95814"},
        "neighbour": {"last_name": "Thrennick", "first_name": "Dallo", "dob": "1970-01-01"},
        "born on one day": {"last_name": "Thrennick", "first_name": "Dallo"},
    }
    for key, said in strangers.items():
        proposing.referred("2026-10-02", None, **SAID | said, referral_id=key)
    match(proposing)
    assert proposed(proposing) == {}


def test_at_most_three_are_proposed_the_likeliest_first(proposing: Any, person: Person, match: Match) -> None:
    for number in range(1, 6):
        proposing.seen("2026-10-01", person(number), **ROBERT | {"zip": "93701" if number == 5 else "95814"})
    proposing.referred("2026-10-02", None, **SAID | {"last_name": "Quilonbrax"}, referral_id="R1")
    match(proposing)
    assert [cin for cin, _, _ in proposed(proposing)["R1"]] == [person(number) for number in (5, 1, 2)]


def test_the_threshold_is_the_plan_s(exchange: Any, person: Person, match: Match) -> None:
    exchange.seen("2026-10-01", person(1), **ROBERT)
    exchange.referred("2026-10-02", None, **SAID | {"dob": "1984-03-13"}, referral_id="R1")
    exchange.configure(identity={"proposals": True, "min_probability": 0.9999})
    match(exchange)
    assert proposed(exchange) == {}
    exchange.configure(identity={"proposals": True, "min_probability": 0.99})
    match(exchange)
    assert list(proposed(exchange)) == ["R1"]


def test_nothing_is_proposed_for_who_is_matched_decided_expired_or_withdrawn(
    proposing: Any, person: Person, match: Match
) -> None:
    proposing.seen("2026-10-01", person(1), **ROBERT)
    slip = SAID | {"last_name": "Quilonbrax"}
    proposing.referred("2026-10-02", person(1), **slip, referral_id="matched")
    proposing.referred("2026-01-02", None, **slip, referral_id="expired")
    proposing.referred("2026-10-02", None, **slip, referral_id="withdrawn", record_action="VOID")
    proposing.referred("2026-10-01", None, **slip, referral_id="older version")
    proposing.referred("2026-10-02", None, **SAID | {"dob": "1950-01-01"}, referral_id="older version")
    match(proposing)
    assert proposed(proposing) == {}


def test_an_alias_is_not_proposed_but_the_member_it_stands_for(proposing: Any, person: Person, match: Match) -> None:
    for number in (1, 2):
        proposing.seen("2026-10-01", person(number), **ROBERT)
    proposing.referred("2026-10-02", None, **SAID | {"last_name": "Quilonbrax"}, referral_id="R1")
    proposing.warehouse.run(
        "INSERT INTO facts.cin_merges VALUES ('m', 1, '2026-10-01', 'MERGE', $old, $new, 'two cards', 'liaison')",
        {"old": person(1), "new": person(2)},
    )
    match(proposing)
    assert [cin for cin, _, _ in proposed(proposing)["R1"]] == [person(2)]


def test_a_birth_date_that_very_many_share_is_no_reason_to_compare_them(
    proposing: Any, person: Person, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TOO_COMMON", 3)
    for number in range(1, 5):
        proposing.seen("2026-10-01", person(number), **ROBERT | {"first_name": f"Ro{'b' * number}ert", "zip": None})
    proposing.referred("2026-10-02", None, **SAID | {"last_name": "Quilonbrax"}, referral_id="R1")
    match(proposing)
    assert proposing.warehouse.rows("SELECT * FROM candidates") == []


def test_the_numbers_do_not_depend_on_the_order_or_number_of_rows(proposing: Any, person: Person, match: Match) -> None:
    proposing.seen("2026-10-01", person(1), **ROBERT)
    proposing.referred("2026-10-02", None, **SAID | {"last_name": "Quilonbrax"}, referral_id="R1")
    match(proposing)
    alone = proposed(proposing)["R1"]
    for number in range(2, 8):
        proposing.seen("2026-10-01", person(number), last_name=f"Thren{number}", birth_date="1984-03-12")
        proposing.referred(
            "2026-10-02", None, last_name="Thren", first_name="A", dob="1984-03-12", referral_id=f"{number}"
        )
    match(proposing)
    assert proposed(proposing)["R1"] == alone


def test_a_plan_that_does_not_ask_gets_none_whether_splink_is_there_or_not(
    exchange: Any, person: Person, match: Match
) -> None:
    exchange.seen("2026-10-01", person(1), **ROBERT)
    exchange.referred("2026-10-02", None, **SAID | {"last_name": "Quilonbrax"}, referral_id="R1")
    match(exchange)
    assert proposed(exchange) == {}


def test_a_plan_that_asks_without_splink_is_told_what_to_install(
    proposing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_spec", {"splink": None}.get)
    with pytest.raises(ConfigurationError, match="pip install") as refused:
        match_identities(proposing.warehouse, proposing.config, date(2026, 10, 3))
    assert refused.value.code == "C07"


def test_nothing_is_printed_or_logged(
    proposing: Any, person: Person, match: Match, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)
    logging.getLogger("splink").setLevel(1)
    proposing.seen("2026-10-01", person(1), **ROBERT)
    proposing.referred("2026-10-02", None, **SAID | {"last_name": "Quilonbrax"}, referral_id="R1")
    match(proposing)
    assert proposed(proposing)
    printed = capfd.readouterr()
    assert printed.out == printed.err == ""
    assert caplog.records == []


def test_a_failure_tells_its_kind_and_no_value(
    proposing: Any, person: Person, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposing.seen("2026-10-01", person(1), **ROBERT)
    proposing.referred("2026-10-02", None, **SAID | {"last_name": "Quilonbrax"}, referral_id="R1")
    broken = {
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "CAST(l.last AS INTEGER) = CAST(r.last AS INTEGER)"}
        ]
    }
    settings = module.settings() | broken
    monkeypatch.setattr(module, "settings", lambda: settings)
    with pytest.raises(WarehouseFault) as failed:
        match(proposing)
    assert "rax" not in str(failed.value).casefold()
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_splink_is_imported_only_where_proposals_are_wanted() -> None:
    code = "import sys, pipelines.identity, pipelines.cli; sys.exit('splink' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_shares_of_a_comparison_add_up_and_the_last_level_takes_the_rest() -> None:
    for comparison in MODEL:
        assert sum(level.m for level in comparison.levels) == pytest.approx(1), comparison.name
        assert sum(level.u for level in comparison.levels) == pytest.approx(1), comparison.name
        assert comparison.levels[-1].condition == "ELSE"
        assert comparison.levels[0].m > comparison.levels[0].u


def test_the_scratch_store_reaches_no_file() -> None:
    with scratch() as connection:
        for statement in (
            "FROM read_csv('/etc/passwd')",
            "ATTACH '/tmp/x.duckdb'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(Exception, match=r"disabled|locked|cannot be"):
                connection.execute(statement)
