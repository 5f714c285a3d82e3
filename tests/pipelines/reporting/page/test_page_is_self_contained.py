"""The page needs nothing and lets nothing in: no script, no request, no markup of a partner's; a browser agrees."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.pipelines.reporting.page.reading import Page

TONIGHT = date(2026, 11, 6)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE = 390
HARNESS = """<!doctype html><body style="margin:0"><iframe id="page" src="{page}" width="{width}" height="900"></iframe>
<p id="found"></p><script>
onload = () => {{
  const frame = document.getElementById("page"), page = frame.contentDocument;
  const found = [page.documentElement.scrollWidth, page.querySelectorAll("svg.plot rect").length,
    frame.contentWindow.performance.getEntriesByType("resource").length];
  document.getElementById("found").textContent = found.join(" ");
}};
</script>"""


@pytest.fixture
def html(nights: Any) -> str:
    nights.provider("2900000001", "Long Name of a Community Health Center & Reentry Partners of the Central Valley")
    for number in (3, 4, 5, 6):
        nights.ran(f"2026-11-0{number}", "files are held (1): See `ecm-exchange quarantine list`.")
        nights.came(f"2026-11-0{number}", "probation", rejected={"R02": 1, "R04": 2, "R12": 1})
        nights.went(f"2026-11-0{number}", "2900000001", "ADD", status="FAILED" if number == 6 else "DELIVERED")
        nights.clock(f"2026-11-0{number}", "LATE")
    nights.waits("PENDING_RELEASE", 12)
    return str(nights.html(TONIGHT))


def test_the_policy_allows_its_own_style_and_nothing_else(html: str) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = (value for tag, name, value in Page.read(html).attributes if tag == "meta" and "default-src" in value)
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_nothing_is_run_and_nothing_is_fetched(html: str) -> None:
    page = Page.read(html)
    assert page.tags.isdisjoint({"script", "iframe", "object", "embed", "img", "form", "base", "video", "audio"})
    names = {name for _, name, _ in page.attributes}
    assert {name for name in names if name.startswith("on") or name in {"src", "style", "srcset"}} == set()
    linked = {value for _, name, value in page.attributes if name == "href"}
    assert linked == {"data:,", "2026-11-03.html", "2026-11-04.html", "2026-11-05.html"}
    assert re.findall(r"@import|url\((?!#)", html) == []


def test_every_plot_has_a_name_and_a_description_of_its_own(html: str) -> None:
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for names in re.findall(r'aria-labelledby="([^"]+)"', html):
        assert set(names.split()) <= set(ids)


def test_a_name_is_shown_as_it_is_written_and_is_never_markup(nights: Any) -> None:
    nights.provider("2900000001", 'A "<b>Clinic</b>" & <script>alert(1)</script>\u202e')
    nights.ran(TONIGHT)
    nights.went(TONIGHT, "2900000001", "ADD", status="FAILED")
    page = nights.page(TONIGHT)
    assert "script" not in page.tags
    assert page.table("Provider")[0][0].startswith('A "<b>Clinic</b>" & <script>alert(1)</script>\ufffd')


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_browser_shows_it_without_a_complaint_or_a_request_and_a_phone_without_scrolling_aside(
    html: str, tmp_path: Path
) -> None:
    page, harness = tmp_path / "page.html", tmp_path / "harness.html"
    page.write_text(html, encoding="utf-8")
    harness.write_text(HARNESS.format(page=page.as_uri(), width=PHONE), encoding="utf-8")
    shown = subprocess.run(
        [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
            "--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000",
            "--dump-dom", harness.as_uri(),
        ],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    ((far, bars, fetched),) = re.findall(r'<p id="found">(\d+) (\d+) (\d+)</p>', shown.stdout)
    assert int(far) <= PHONE
    assert int(bars) > 10
    assert int(fetched) == 0
    assert [line for line in shown.stderr.splitlines() if "CONSOLE" in line] == []
