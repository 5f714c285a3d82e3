"""Where the page lies, who may read it, and what becomes of it when a night begins, stops, or cannot write it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.report import night_page
from pipelines.config import Roster, read_config, read_roster
from pipelines.nightly import STATIONS, Night, run_night, stop_on_the_page
from pipelines.reporting.page import page, page_of, put_up_notice, report, write_report
from pipelines.transfer.codes import TRANSFER_CODES
from pipelines.warehouse import open_published, open_warehouse
from sample_data import generate
from schemas.problems import ExchangeError
from tests.pipelines.reporting.page.reading import Page

DOCTOR = "ecm-exchange doctor"

EVENING, TONIGHT = date(2026, 11, 5), date(2026, 11, 6)


def newest(nights: Any) -> Page:
    return Page.read(page_of(nights.config, TONIGHT).with_name("index.html").read_text(encoding="utf-8"))


def night_of(nights: Any, on: date = TONIGHT) -> Night:
    return Night(nights.warehouse, nights.config, Roster(()), on)


def test_each_night_has_a_page_and_the_newest_is_the_first_to_be_found(nights: Any) -> None:
    for on in (EVENING, TONIGHT):
        nights.ran(on)
        write_report(nights.warehouse, nights.config, on)
    folder = nights.config.home / "reports" / "nightly"
    assert sorted(path.name for path in folder.iterdir()) == ["2026-11-05.html", "2026-11-06.html", "index.html"]
    assert (folder / "index.html").read_bytes() == (folder / "2026-11-06.html").read_bytes()


def test_a_page_that_is_written_again_for_a_past_night_is_not_the_newest(nights: Any) -> None:
    nights.ran(EVENING)
    nights.ran(TONIGHT)
    write_report(nights.warehouse, nights.config, TONIGHT)
    write_report(nights.warehouse, nights.config, EVENING)
    assert newest(nights).headings[0] == "Night of Friday, November 6, 2026"


def test_pages_are_for_the_account_alone(nights: Any) -> None:
    nights.ran(TONIGHT)
    path = write_report(nights.warehouse, nights.config, TONIGHT)
    assert [each.stat().st_mode & 0o777 for each in (path, path.with_name("index.html"))] == [0o600, 0o600]
    assert [each.stat().st_mode & 0o777 for each in (path.parent, path.parent.parent)] == [0o700, 0o700]


def test_a_plan_may_have_the_pages_in_another_folder_as_well(nights: Any, tmp_path: Path) -> None:
    elsewhere = tmp_path / "pages"
    config = nights.config.model_copy(update={"paths": nights.config.paths.model_copy(update={"pages": elsewhere})})
    nights.ran(TONIGHT)
    path = write_report(nights.warehouse, config, TONIGHT)
    assert {each.name: each.read_bytes() for each in elsewhere.iterdir()} == dict.fromkeys(
        (path.name, "index.html"), path.read_bytes()
    )


@pytest.mark.parametrize(("folder", "file"), [(0o700, 0o600), (0o2750, 0o640), (0o775, 0o644)])
def test_elsewhere_who_may_look_into_the_folder_may_read_the_pages_and_change_none(
    nights: Any, tmp_path: Path, folder: int, file: int
) -> None:
    elsewhere = tmp_path / "pages"
    elsewhere.mkdir()
    elsewhere.chmod(folder)
    nights.ran(TONIGHT)
    paths = nights.config.paths.model_copy(update={"pages": elsewhere})
    own = write_report(nights.warehouse, nights.config.model_copy(update={"paths": paths}), TONIGHT)
    assert {each.stat().st_mode & 0o777 for each in elsewhere.iterdir()} == {file}
    assert own.stat().st_mode & 0o777 == 0o600


def test_while_a_night_is_at_work_the_page_of_the_one_before_does_not_pass_for_its_own(nights: Any) -> None:
    nights.ran(EVENING)
    write_report(nights.warehouse, nights.config, EVENING)
    nights.ran(TONIGHT, status="STARTED")
    put_up_notice(nights.warehouse, nights.config, TONIGHT)
    found = newest(nights)
    assert found.headings == ["Night of Friday, November 6, 2026", "The night has begun and has not come to its end."]
    assert "ecm-exchange run --date 2026-11-06" in found.text
    assert ("a", "href", "2026-11-05.html") in found.attributes


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (ExchangeError("T77", "something is amiss", remedy="Mend it."), "Something is amiss (T77)."),
        (ZeroDivisionError("QUILLWORT"), "A defect in this software (ZeroDivisionError in "),
        (OSError(28, "No space left on device"), "The operating system refused: No space left on device (O01)."),
    ],
)
def test_what_stops_a_night_stands_on_its_page_and_goes_its_way(nights: Any, failure: Exception, said: str) -> None:
    nights.ran(TONIGHT, status="STARTED")
    name, station = STATIONS[4]
    with pytest.raises(type(failure)), stop_on_the_page(night_of(nights), station):
        raise failure
    found = newest(nights)
    assert found.headings[1] == f"The night stopped at \u201c{name}\u201d."
    assert found.matters[0][0].startswith(said)
    assert "QUILLWORT" not in found.text


def test_a_page_that_cannot_be_written_is_told_and_breaks_no_night(nights: Any) -> None:
    nights.ran(TONIGHT)
    nights.config.home.mkdir()
    (nights.config.home / "reports").write_text("a file where a folder should be", encoding="utf-8")
    put_up_notice(nights.warehouse, nights.config, TONIGHT)
    line = report(nights.warehouse, nights.config, TONIGHT)
    assert line is not None
    assert line.startswith("the page of the night could not be written (")


def test_a_night_leaves_a_page_that_its_published_copy_gives_again_byte_for_byte(nights: Any) -> None:
    config = nights.config
    with open_warehouse(config.home) as warehouse:
        list(run_night(Night(warehouse, config, Roster(()), TONIGHT)))
    written = page_of(config, TONIGHT).read_bytes()
    with open_published(config.home) as published:
        again = page(published, config, TONIGHT)
    assert written == again


def test_the_command_gives_the_page_of_the_last_night_again(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    exchange = generate(tmp_path / "plan", members=1, days=1)
    config = read_config(exchange.out / "exchange.toml")
    with open_warehouse(config.home) as warehouse:
        list(run_night(Night(warehouse, config, read_roster(config.delivery.providers), exchange.dates[0], sleep=id)))
    night_page(config=exchange.out / "exchange.toml", out=Path("-"), date=None)
    assert capsysbinary.readouterr().out == page_of(config, exchange.dates[0]).read_bytes()


def test_a_source_that_a_night_could_not_read_stands_on_its_page(nights: Any) -> None:
    with open_warehouse(nights.config.home) as warehouse:
        list(run_night(Night(warehouse, nights.config, Roster(()), TONIGHT)))
    found = newest(nights)
    assert found.headings[1] == "The night is not right: 1 matter needs a person now."
    assert found.matters == [
        (f"dhcs: {TRANSFER_CODES['T05'].meaning} (T05).", TRANSFER_CODES["T05"].remedy.replace("`", ""), DOCTOR)
    ]
