"""Codes of alerts: addresses that nobody can be told at, and homes at which a look from outside finds no night."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

from pipelines.alerts import check, tell_of_lost_run, try_addresses
from pipelines.config import Addressees, Alert
from pipelines.runs import begin
from pipelines.warehouse import open_warehouse
from tests.codes.sample import Meeting, Sample, Stage
from tests.pipelines.alerts.receivers import Mailbox

_ON = date(2026, 11, 3)
_NOON = datetime(2026, 11, 3, 20, tzinfo=UTC)
_PLANTED = "T0QUILLWORT0"


class _Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_error(403, f"{_PLANTED} was withdrawn")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def _addressees(stage: Stage) -> Addressees:
    home = stage.folder / "home"
    home.mkdir()
    return Addressees("SHP", "America/Los_Angeles", home, (Alert(to="ECM_ALERTS"),))


def _untaken(stage: Stage, address: str, **environment: str) -> Meeting:
    """Try an address that does not take the message."""
    (outcome,) = try_addresses(_addressees(stage), _ON, _environment(environment | {"ECM_ALERTS": address}))
    return Meeting((outcome.code,), outcome.sentence())


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **more}


def _refused(stage: Stage) -> Meeting:
    with HTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        met = _untaken(stage, f"json://127.0.0.1:{server.server_port}/{_PLANTED}")
        server.shutdown()
    return met


def _without_the_library(stage: Stage) -> Meeting:
    (stage.folder / "apprise.py").write_text("raise ImportError\n", encoding="ascii")
    return _untaken(stage, f"json://127.0.0.1/{_PLANTED}", PYTHONPATH=str(stage.folder))


def _not_remembered(stage: Stage) -> Meeting:
    addressees = _addressees(stage)
    (addressees.home / "alerts.json").mkdir()
    with Mailbox() as mailbox:
        seen = check(addressees, _NOON, _environment({"ECM_ALERTS": mailbox.address}))
    return Meeting(("Y06",) if mailbox.raw else (), " ".join(seen.untold))


def _nobody(stage: Stage) -> Meeting:
    stage.command("init", "--dir", stage.folder / "plan")
    return stage.command("alerts", "test", "--config", stage.folder / "plan" / "exchange.toml")


def _missed(stage: Stage, *, begun: bool = False, at_work: bool = False) -> Meeting:
    """Look at noon at a home without the night of the day."""
    addressees = _addressees(stage)
    with Mailbox() as mailbox, ExitStack() as opened:
        if begun:
            begin(opened.enter_context(open_warehouse(addressees.home)), _ON)
        if not at_work:
            opened.close()
        seen = check(addressees, _NOON, _environment({"ECM_ALERTS": mailbox.address}))
    return Meeting((seen.code,), f"{mailbox.subjects[0]} {seen.sentence()}")


def _lost(stage: Stage) -> Meeting:
    with Mailbox() as mailbox:
        tell_of_lost_run(_addressees(stage), _ON, _environment({"ECM_ALERTS": mailbox.address}))
    (mail,) = mailbox.mails
    return Meeting(("Y14",), f"{mail['subject']} {mail.get_content()}")


SAMPLES = (
    Sample("Y01", "a variable that nobody set", lambda stage: _untaken(stage, ""), told="is not set"),
    Sample("Y02", "an address with one slash", lambda stage: _untaken(stage, f"slack:/{_PLANTED}"), (_PLANTED,)),
    Sample("Y03", "a token that was withdrawn", _refused, (_PLANTED,), told="HTTP status 403"),
    Sample("Y04", "a port at which nobody listens",
           lambda stage: _untaken(stage, f"json://127.0.0.1:1/{_PLANTED}"), (_PLANTED,)),
    Sample("Y05", "an install without the extra", _without_the_library, (_PLANTED,), told="ecm-exchange[alerts]"),
    Sample("Y06", "a home in which nothing can be remembered", _not_remembered, told="(Y06)"),
    Sample("Y07", "`alerts test` after `init`", _nobody, told="nobody is told"),
    Sample("Y11", "a night that nobody started", _missed, told="is not there (Y11)"),
    Sample("Y12", "a night that is at work at noon",
           lambda stage: _missed(stage, begun=True, at_work=True), told="is not there (Y12)"),
    Sample("Y13", "a night that was broken off", lambda stage: _missed(stage, begun=True), told="is not there (Y13)"),
    Sample("Y14", "a run that Dagster ended", _lost, told="stopped (Y14)"),
)  # fmt: skip
