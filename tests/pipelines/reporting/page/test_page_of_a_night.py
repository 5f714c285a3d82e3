"""What stands on the page of a known night: first whether it is right, then what came, went and is due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.checks import CHECKS
from pipelines.delivery.gates import GATES
from pipelines.reporting.page import Stop
from pipelines.transfer.codes import TRANSFER_CODES

BRIDGE, RIVERS, CLINIC = "2900000001", "2900000002", "2900000003"
TONIGHT = date(2026, 11, 6)
RULE = {check.name: check for check in CHECKS}


@pytest.fixture
def known(nights: Any) -> Any:
    """Two nights of three providers and three sources; in the second nearly everything went wrong that can."""
    for npi, name in ((BRIDGE, "Bridgelight Reentry Care"), (RIVERS, "Five Rivers"), (CLINIC, "Tarrow Street Clinic")):
        nights.provider(npi, name)
    nights.ran("2026-11-05")
    nights.came("2026-11-05", "dhcs", "834", rows=2000)
    nights.came("2026-11-05", "jail", "release_notice", rows=5)
    nights.came("2026-11-05", "probation", rows=8, rejected={"R04": 1, "R12": 1})
    nights.answered("2026-11-05", "probation")
    for npi in (BRIDGE, RIVERS, CLINIC):
        nights.went("2026-11-05", npi, "ADD", "ADD")
    nights.ran(
        TONIGHT,
        "source jail: [T03] the server refuses the account.",
        RULE["no_file_is_held"].meaning + " (1): See `ecm-exchange quarantine list`.",
        RULE["no_hcp_status_is_unknown"].meaning + " (4): Add it to [justice_involved.hcp_status].",
        f"provider {RIVERS}: 3 rows are held by G04, more new members (3 of 25). Hold abc: Look.",
        f"{CLINIC}: 1 files not delivered (T01)",
    )
    nights.unread(TONIGHT, "jail", "T03")
    nights.came(TONIGHT, "dhcs", "834", rows=30)
    nights.came(TONIGHT, "probation", rows=10, rejected={"R02": 3})
    nights.answered(TONIGHT, "probation")
    nights.came(TONIGHT, "community", reason="F14", file_id="heldfile0001more")
    nights.went(TONIGHT, BRIDGE, "ADD", "CHANGE", "TERM")
    nights.went(TONIGHT, BRIDGE, "ADD", "ADD", "ADD", scope="FULL")
    nights.went(TONIGHT, RIVERS, "CHANGE")
    nights.held(TONIGHT, RIVERS, "G04", 3, "heldrows0001more")
    nights.went(TONIGHT, CLINIC, "ADD", status="FAILED", reason="T01")
    nights.clock("2026-11-04", "MET", "2026-11-04", number=3)
    nights.clock("2026-11-04", "LATE", number=1)
    nights.clock(TONIGHT, number=2)
    nights.clock("2026-11-10", number=5)
    nights.waits("CLOCKS_OVERDUE")
    nights.waits("UNASSIGNED", 2)
    nights.assigned(TONIGHT, late=True)
    return nights


def test_the_first_line_of_a_right_night_says_so(nights: Any) -> None:
    nights.provider(BRIDGE, "Bridgelight Reentry Care")
    nights.ran(TONIGHT)
    nights.came(TONIGHT, "dhcs", "834", rows=1200)
    nights.went(TONIGHT, BRIDGE, "ADD")
    page = nights.page(TONIGHT)
    assert page.headings[:2] == ["Night of Friday, November 6, 2026", "The night is right. Nothing needs mending."]
    assert "1 file came with 1,200 rows, every one accounted for. 1 provider found what is new" in page.text
    assert page.matters == []


def test_what_needs_a_person_stands_first_with_what_to_do_and_what_to_type(known: Any) -> None:
    page = known.page(TONIGHT)
    assert page.headings[1] == "The night is not right: 5 matters need a person now."
    assert [(what, typed[-1]) for what, _, *typed in page.matters] == [
        (
            f"Tarrow Street Clinic: 1 file not delivered; {TRANSFER_CODES['T01'].meaning} (T01).",
            "ecm-exchange run --date 2026-11-06",
        ),
        (
            f"Five Rivers: 3 rows held; {GATES['G04'].meaning} (G04; 12 of 20).",
            "ecm-exchange quarantine show heldrows0001",
        ),
        (
            "community: a file is held; too many rows of the file were rejected (F14).",
            "ecm-exchange quarantine show heldfile0001",
        ),
        ("jail: the server refuses the account (T03).", "ecm-exchange doctor"),
        ("Members have an HCP status that stands in no list (4).", "ecm-exchange quarantine list"),
    ]
    assert all(do for _, do, *_ in page.matters)
    assert "The JI liaison has 1 clock overdue and 2 people without a provider." in page.text


def test_what_has_been_let_go_since_needs_nobody_any_more(known: Any) -> None:
    known.warehouse.run("UPDATE delivery.outbox SET status = 'SUPERSEDED' WHERE status = 'HELD'")
    known.ran("2026-11-09")
    assert not any("held by" in what or "rows held" in what for what, *_ in known.page(TONIGHT).matters)


def test_what_came_is_told_by_source_and_accounts_for_every_row(known: Any) -> None:
    assert known.page(TONIGHT, sources=("dhcs", "tribe")).table("Source") == [
        ["community | referrals (mini-MIF)", "1 | 1 held", "0", "0", "0", "0", "F14", "\u2013"],
        ["dhcs | 834 enrollment", "1", "30", "30", "0", "0", "\u2013", "\u2013"],
        ["jail | release notices", "0", "nothing came; last in the night of Nov 5"],
        ["probation | referrals (mini-MIF)", "1", "10", "7", "3", "0", "R02 \u00d73", "sent"],
        ["tribe |", "0", "nothing came; it never sent anything"],
        ["In all", "3", "40", "37", "3", "0", "rows in = loaded + rejected + duplicate"],
    ]


def test_what_went_is_told_by_provider_the_troubled_ones_first(known: Any) -> None:
    assert known.page(TONIGHT).table("Provider") == [
        [f"Five Rivers | {RIVERS}", "0", "1", "0", "\u2013", "delivered, 3 rows held"],
        [f"Tarrow Street Clinic | {CLINIC}", "0", "0", "0", "\u2013", "1 file not delivered"],
        [f"Bridgelight Reentry Care | {BRIDGE}", "1", "1", "1", "3", "delivered"],
        ["In all", "1", "2", "1", "", "1 answer to senders"],
    ]


def test_a_file_that_arrives_on_a_later_night_is_told_by_that_one(known: Any) -> None:
    known.warehouse.run("UPDATE delivery.outbox SET status = 'DELIVERED' WHERE status = 'FAILED'")
    known.warehouse.run("UPDATE delivery.outbox SET status = 'SUPERSEDED' WHERE status = 'HELD'")
    known.warehouse.run(
        """INSERT INTO delivery.deliveries SELECT outbox_id, recipient, '', business_date, DATE '2026-11-07', '', 1, 1,
                  'DELIVERED', 999 FROM delivery.outbox AS o ANTI JOIN delivery.deliveries USING (outbox_id)
           WHERE recipient_kind = 'PROVIDER' AND status = 'DELIVERED'"""
    )
    known.ran("2026-11-07")
    page = known.page("2026-11-07")
    assert page.table("Provider")[0] == [
        f"Tarrow Street Clinic | {CLINIC}", "0", "0", "0", "\u2013", "delivered, 1 of earlier nights",
    ]  # fmt: skip
    receivers = {row[0].split(" |")[0]: row[-5:] for row in page.tables[-1][1:]}
    assert receivers["Tarrow Street Clinic"] == ["3", "50.0 %", "1", "0", "0"]
    assert "Nov 6: delivered later" in page.plots["Tarrow Street Clinic, night by night"]


def test_clocks_are_told_by_what_is_due_and_how_they_were_kept(known: Any) -> None:
    assert known.page(TONIGHT).table("What is due") == [
        ["Second appointment | R11", "1", "2", "5", "75.0 % | 3 of 4"],
    ]


def test_partners_are_told_over_the_nights_those_in_trouble_first(known: Any) -> None:
    table = known.page(TONIGHT).tables[-2]
    assert table[0] == [
        "Source", "Nights", "Files", "Rows", "Rejected", "Late", "Unread\u00adable", "Held", "Not reached",
    ]  # fmt: skip
    assert [row[:1] + row[2:] for row in table[1:]] == [
        ["community | referrals (mini-MIF)", "1", "0", "\u2013", "0", "0", "1", "0"],
        ["jail | release notices", "1", "5", "0.0 %", "0", "0", "0", "1"],
        ["dhcs | 834 enrollment", "2", "2,030", "0.0 %", "0", "0", "0", "0"],
        ["probation | referrals (mini-MIF)", "2", "18", "27.8 %", "0", "0", "0", "0"],
    ]


@pytest.mark.parametrize(
    ("dated", "told"), [("2026-11-04", "accepted"), ("2026-11-03", "late")], ids=["of the night before", "older"]
)
def test_a_file_is_late_when_a_whole_night_lay_between_its_date_and_its_night(
    nights: Any, dated: str, told: str
) -> None:
    for number in (3, 4, 5):
        nights.ran(f"2026-11-0{number}")
    nights.came("2026-11-05", "prison", file_date=date.fromisoformat(dated))
    assert nights.page("2026-11-05").plots["prison, night by night"] == f"Nov 5: {told}"


def test_a_file_that_nobody_can_read_counts_for_its_sender(nights: Any) -> None:
    nights.ran(TONIGHT)
    nights.came(TONIGHT, "community", reason="F01")
    page = nights.page(TONIGHT)
    assert page.tables[-2][1][-4:] == ["0", "1", "0", "0"]
    assert page.plots["community, night by night"] == "Nov 6: unreadable"
    (what, do, _) = page.matters[0]
    assert (what, "it has to send again" in do) == ("community: a file is held; the file cannot be read (F01).", True)


def test_one_cause_is_one_matter_however_many_it_concerns(nights: Any) -> None:
    nights.ran(TONIGHT)
    for number in range(7):
        tried = "T01" if number < 2 else "T08"
        nights.went(TONIGHT, f"290000000{number}", "ADD", status="FAILED", reason=tried)
    ((what, *_),) = nights.page(TONIGHT).matters
    assert what.startswith("2900000000, 2900000001, 2900000002, 2900000003 and 3 more: 7 files not delivered;")


def test_providers_that_returned_nothing_are_counted_not_listed(nights: Any) -> None:
    nights.ran("2026-11-05")
    nights.came("2026-11-05", f"rtf_{BRIDGE}", "rtf")
    nights.came("2026-11-05", f"otf_{BRIDGE}", "otf")
    nights.ran(TONIGHT)
    assert nights.page(TONIGHT).table("Source") == [
        ["Returns of providers", "0", "2 kinds of return did not come this night"],
        ["In all", "0", "0", "0", "0", "0", "rows in = loaded + rejected + duplicate"],
    ]


def test_the_returns_of_a_provider_are_told_under_its_name(nights: Any) -> None:
    nights.provider(BRIDGE, "Bridgelight Reentry Care")
    nights.ran(TONIGHT)
    nights.went(TONIGHT, BRIDGE)
    nights.came(TONIGHT, f"rtf_{BRIDGE}", "rtf", rows=12, rejected={"R19": 2})
    assert nights.page(TONIGHT).table("Source")[0][0] == "Bridgelight Reentry Care | provider return (RTF)"


def test_plots_say_in_words_what_they_show(known: Any) -> None:
    plots = known.page(TONIGHT).plots
    assert plots["Files received"] == (
        "Nov 5 to Nov 6; from 3 to 3; on the last day accepted 1, with errors 1, held 1, duplicate 0."
    )
    assert plots["Rows rejected, share of all"] == (
        "Nov 5 to Nov 6; from 0.1 % to 7.5 %; on the last day rejected 7.5 %."
    )
    assert plots["Clocks overdue at the end of the night"] == "Nov 5 to Nov 6; from 1 to 1; on the last day overdue 1."


def test_thirty_nights_are_told_and_the_one_before_them_is_not(nights: Any) -> None:
    days = [TONIGHT - timedelta(days=number) for number in range(31)]
    for each in days:
        nights.ran(each)
    page = nights.page(TONIGHT)
    assert "The last 30 nights" in page.headings
    assert page.plots["Files received"].startswith("Oct 8 to Nov 6;")


@pytest.mark.parametrize("ran", [(), ("2026-11-06",), ("2026-11-05", "2026-11-06")], ids=["none", "one", "two"])
def test_a_plan_that_has_just_begun_has_a_page_as_well(nights: Any, ran: tuple[str, ...]) -> None:
    for on in ran:
        nights.ran(on)
    page = nights.page(TONIGHT)
    assert page.plots["Files received"].startswith("Nov" if ran else "no nights")
    assert "Nothing was written for a provider." in page.text


def test_a_night_that_was_stopped_says_where_and_what_to_do(known: Any) -> None:
    known.ran(TONIGHT, status="STARTED", attempt=2)
    stop = Stop("assign", "K01", "a member is assigned to two providers (1)", "Report it with `ecm-exchange explain`.")
    page = known.page(TONIGHT, stop)
    assert page.headings[1] == "The night stopped at \u201cassign\u201d."
    assert page.matters[0] == (
        "A member is assigned to two providers (1) (K01).",
        "Report it with ecm-exchange explain.",
        "ecm-exchange explain",
    )


def test_a_night_whose_run_has_no_end_is_not_told_as_right(nights: Any) -> None:
    nights.ran(TONIGHT, status="STARTED")
    page = nights.page(TONIGHT)
    assert page.headings[1] == "The night has not come to its end."
    assert page.matters[0][-1] == "ecm-exchange run --date 2026-11-06"


def test_of_a_past_night_it_is_said_as_of_when_the_lists_stand(known: Any) -> None:
    known.ran("2026-11-09")
    assert "As of the night of 2026-11-09." in known.page(TONIGHT).text
    assert "As of the night of" not in known.page("2026-11-09").text


def test_with_many_providers_the_troubled_ones_are_named_and_the_others_summed_up(nights: Any) -> None:
    nights.ran(TONIGHT)
    for number in range(60):
        nights.went(TONIGHT, f"29{number:08d}", "ADD", status="FAILED" if number == 59 else "DELIVERED")
    table = nights.page(TONIGHT).table("Provider")
    assert table[0][0] == "2900000059 | 2900000059"
    assert table[40] == ["20 more providers", "20", "0", "0", "", "see ecm-exchange status"]


def test_the_same_store_and_night_give_the_same_bytes(known: Any) -> None:
    assert known.html(TONIGHT) == known.html(TONIGHT)
