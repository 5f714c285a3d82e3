"""`docs/alerts.md` shows messages as they are written, and names every kind, code and default."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import get_args

from pipelines.alerts.codes import ALERT_CODES
from pipelines.alerts.decide import due
from pipelines.alerts.matters import Standing, at_stop, from_outside
from pipelines.alerts.post import SECONDS
from pipelines.alerts.words import broken, letter
from pipelines.checks import CHECKS, CheckFailed, CheckResult
from pipelines.config import Alert
from pipelines.config.alerts import Kind
from pipelines.reporting.page import Matter, Theme, stop_by
from tests.docs.generated import DOCS

PAGE = (DOCS / "alerts.md").read_text(encoding="utf-8")
ON = date(2026, 11, 3)
HOME = Path("/srv/plan/home/reports/nightly")
DO = "Check host, port and firewall; it is tried again. The next run sends what is owed."


def shown(standing: Standing) -> str:
    (told,) = (letter(standing, each) for each in due([Alert(to="ON_CALL")], standing, {}))
    return f"```text\nSubject: {told.title}\n\n{broken(told.text)}```\n"


def test_the_messages_are_those_that_are_sent() -> None:
    what = "2 partners: 7 files not delivered; the server cannot be reached or does not answer in time (T01)."
    owed = Matter(what, DO, f"ecm-exchange run --date {ON}", Theme.UNDELIVERED, "T01", ("one", "two"))
    (check,) = (each for each in CHECKS if each.name == "every_loaded_member_is_in_the_facts")
    stop = stop_by("load enrollment", CheckFailed(CheckResult(check, 1)))
    page, newest = HOME / f"{ON}.html", HOME / "index.html"
    for standing in (
        Standing("SHP", ON, page, {"undelivered": (owed,)}),
        at_stop("SHP", ON, page, stop),
        from_outside("SHP", ON, newest, "Y11", None),
    ):
        assert shown(standing) in PAGE


def test_every_kind_and_every_code_of_an_address_is_told() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(get_args(Kind))
    assert re.findall(r"^\| (Y\d\d) \|", PAGE, re.MULTILINE) == [code for code in ALERT_CODES if code < "Y07"]


def test_what_is_said_of_defaults_is_so() -> None:
    assert f"`again_after_days` ({Alert(to='ON_CALL').again_after_days}) nights" in PAGE
    assert f"Sending takes {SECONDS:.0f} seconds at most" in PAGE
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    alerts = [Alert.model_validate(each) for each in tomllib.loads(block)["alerts"]]
    assert [alert.to for alert in alerts] == ["ECM_ALERTS_PAGER", "ECM_ALERTS_MAIL"]
