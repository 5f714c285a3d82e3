"""Messages as they arrive at mail servers, Slack, Teams and PagerDuty, and what is known of those that nobody took."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.alerts.post import Outcome, look, post
from pipelines.alerts.words import Letter, Severity
from tests.pipelines.alerts.receivers import Authority, Mailbox, Services

SLACK_HOST, PAGERDUTY_HOST, TEAMS_HOST = "hooks.slack.com", "events.pagerduty.com", "prod-01.westus.logic.azure.com"
TOKEN = "QUILLWORTquillwort0123AB"  # pragma: allowlist secret: it is planted here
ADDRESSES = {
    "SLACK": f"https://{SLACK_HOST}/services/T1JJ3T3L2/A1BRTD4JD/{TOKEN}",
    "TEAMS": f"https://{TEAMS_HOST}:443/workflows/643e69f83c8944438d68119179a10a64/triggers/manual/paths/invoke"
    f"?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={TOKEN}",
    "PAGERDUTY": f"pagerduty://{TOKEN}@events",
}
PHRASE = "one&two+"
TITLE = "SHP: files for 2 partners have not arrived"
TEXT = (
    "Who waits for them does not know what is new.\n\n"
    "1. 2 partners: 7 files not delivered; the server cannot be reached or does not answer in time (T01).\n"
    "   Check host, port and firewall; it is tried again.\n"
    "   $ ecm-exchange run --date 2026-11-03\n\n"
    "Page: /srv/plan/home/reports/nightly/2026-11-03.html\n"
)


def letter(to: str, severity: Severity = "failure", text: str = TEXT) -> Letter:
    return Letter(to, TITLE, text, severity, "ecm-exchange SHP undelivered")


def codes(outcomes: tuple[Outcome, ...]) -> list[tuple[str, int]]:
    return [(each.code, each.status) for each in outcomes]


def test_slack_teams_and_pagerduty_get_what_they_understand(services: Services, outside: dict[str, str]) -> None:
    assert codes(post([letter(to) for to in ADDRESSES], outside | ADDRESSES)) == [("", 0)] * 3
    got = {request.host: request for request in services.got}
    assert len(services.got) == 3
    (slack,) = got[SLACK_HOST].json["attachments"]
    assert (slack["title"], slack["text"] + "\n") == (TITLE, TEXT)
    title, text = (block["text"] for block in got[TEAMS_HOST].json["attachments"][0]["content"]["body"])
    assert (title, text.split("\n\n")) == (TITLE, [line.strip() for line in TEXT.splitlines() if line])
    event = got[PAGERDUTY_HOST].json
    assert (event["event_action"], event["dedup_key"]) == ("trigger", "ecm-exchange SHP undelivered")
    assert (event["payload"]["summary"], event["payload"]["severity"]) == (TITLE, "critical")
    assert event["payload"]["custom_details"]["text"] + "\n" == TEXT
    everything = b"".join(services.raw)
    assert b"github" not in everything, "no picture that a reader's program would fetch from elsewhere"


def test_an_all_clear_closes_the_incident_that_was_opened(services: Services, outside: dict[str, str]) -> None:
    post([letter("PAGERDUTY", "success")], outside | ADDRESSES)
    (request,) = services.got
    assert request.json == {
        "routing_key": TOKEN, "event_action": "resolve", "dedup_key": "ecm-exchange SHP undelivered",
    }  # fmt: skip


def test_a_mail_is_plain_text_with_the_first_line_as_its_subject(mailbox: Mailbox, outside: dict[str, str]) -> None:
    assert codes(post([letter("MAIL")], outside | {"MAIL": mailbox.address})) == [("", 0)]
    (mail,) = mailbox.mails
    assert (mail["subject"], mail["to"], mail.get_content_type()) == (TITLE, "oncall@plan.example", "text/plain")
    lines = mail.get_content().splitlines()
    assert "   Check host, port and firewall; it is tried again." in lines
    assert max(map(len, lines)) <= 76
    assert "   $ ecm-exchange run --date 2026-11-03" in lines


def test_mail_goes_over_tls_to_a_server_that_is_who_it_says_to_one_who_knows_the_password(
    authority: Authority, outside: dict[str, str]
) -> None:
    with Mailbox(authority.server("127.0.0.1"), password=PHRASE) as mailbox:
        address = mailbox.address.replace("mailto", "mailtos") + "&user=exchange&pass={}&mode=starttls"
        trusted = outside | {"SSL_CERT_FILE": str(authority.bundle)}
        addresses = {"RIGHT": address.format("one%26two%2B"), "WRONG": address.format("guess")}
        assert codes(post([letter("RIGHT"), letter("WRONG")], trusted | addresses)) == [("", 0), ("Y04", 0)]
        untrusted = post([letter("RIGHT")], outside | addresses, seconds=2)
        assert codes(untrusted) == [("Y04", 0)], "nobody vouches for it"
        assert len(mailbox.raw) == 1


def test_a_service_that_never_answers_holds_neither_the_others_nor_the_night(
    services: Services, mailbox: Mailbox, outside: dict[str, str]
) -> None:
    services.answers[SLACK_HOST] = b""
    addresses = {"SLACK": f"slack://T1JJ3T3L2/A1BRTD4JD/{TOKEN}?rto=60", "MAIL": mailbox.address}
    began = time.monotonic()
    outcomes = post([letter("SLACK"), letter("MAIL")], outside | addresses, seconds=2.5)
    assert time.monotonic() - began < 5
    assert codes(outcomes) == [("Y04", 0), ("", 0)]
    assert len(mailbox.raw) == 1


@pytest.mark.parametrize(
    ("answer", "status"), [(b"403 invalid_token", 403), (b"500 no_luck", 500), (b"302 elsewhere", 302)]
)
def test_a_service_that_does_not_take_it_is_told_with_its_status_and_not_with_what_it_says(
    services: Services, outside: dict[str, str], answer: bytes, status: int
) -> None:
    services.answers[SLACK_HOST] = answer
    (outcome,) = post([letter("SLACK")], outside | ADDRESSES)
    assert (outcome.code, outcome.status) == ("Y03", status)
    assert outcome.sentence() == (
        f"alerts to SLACK: the service did not take the message (Y03, HTTP status {status}). "
        "Make a new token or key there, and try it with `ecm-exchange alerts test`."
    )
    assert {request.host for request in services.got} == {SLACK_HOST}, "whoever is named as elsewhere gets no token"


def test_what_cannot_be_sent_at_all_is_told_of_each_address(outside: dict[str, str]) -> None:
    addresses = {"EMPTY": " ", "ODD": "slack:/one", "NOBODY": f"json://127.0.0.1:1/{TOKEN}"}
    outcomes = post([letter(to) for to in ("UNSET", *addresses)], outside | addresses)
    assert codes(outcomes) == [("Y01", 0), ("Y01", 0), ("Y02", 0), ("Y04", 0)]


def test_an_address_can_be_looked_at_without_a_word_being_sent(
    services: Services, mailbox: Mailbox, outside: dict[str, str]
) -> None:
    addresses = ADDRESSES | {"MAIL": mailbox.address, "ODD": "slack:/one"}
    outcomes = look(["UNSET", *addresses], outside | addresses)
    assert [each.code for each in outcomes] == ["Y01", "", "", "", "", "Y02"]
    assert (services.raw, mailbox.raw) == ([], [])


@pytest.fixture
def stand_in(tmp_path: Path, outside: dict[str, str]) -> Callable[[str], dict[str, str]]:
    """An environment in which another library stands in the place of the one that sends."""

    def make(source: str) -> dict[str, str]:
        (tmp_path / "apprise.py").write_text(source, encoding="utf-8")
        return outside | ADDRESSES | {"PYTHONPATH": str(tmp_path), "JAIL_PASSWORD": "phrase"}

    return make


def test_without_the_library_it_is_told_what_to_install(stand_in: Callable[[str], dict[str, str]]) -> None:
    (outcome,) = post([letter("SLACK")], stand_in("raise ImportError"))
    assert outcome.sentence() == (
        "alerts to SLACK: the library that sends messages is not installed (Y05). "
        "Run `pip install 'ecm-exchange[alerts]'`."
    )


def test_who_sends_knows_no_password_and_of_what_it_says_nothing_comes_back(
    stand_in: Callable[[str], dict[str, str]], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = f"""
import json, os, sys
open({str(tmp_path / "environment")!r}, "w").write(json.dumps(dict(os.environ)))
def AppriseAsset(**settings):
    sys.stderr.write("Could not load {TOKEN}")
    raise ValueError("{TOKEN} is no address")
"""
    outcomes = post([letter("SLACK")], stand_in(source))
    assert codes(outcomes) == [("Y04", 0)]
    assert TOKEN not in "".join(map(str, (outcomes, outcomes[0].sentence(), *capfd.readouterr())))
    environment: dict[str, Any] = json.loads((tmp_path / "environment").read_text(encoding="utf-8"))
    assert "JAIL_PASSWORD" not in environment
    assert not environment.keys() & ADDRESSES.keys()
