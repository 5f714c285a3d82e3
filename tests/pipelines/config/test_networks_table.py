"""The table of other plans' networks and the settings of the directory: a mistake is told with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.config import read_config
from pipelines.config.networks import read_networks
from schemas.problems import ConfigurationError

Spoil = Callable[[str, str], tuple[Path, int]]
BRIDGE, TARROW = "2901373516", "2902747023"


@pytest.fixture
def networks(tmp_path: Path) -> Callable[..., Path]:
    """Function that writes a table of lines below a header."""

    def write(*lines: str, header: str = "plan,npi,county,name") -> Path:
        path = tmp_path / "networks.csv"
        path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return path

    return write


def refusal(path: Path) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as refused:
        read_networks(path, own_plan="SHP")
    return refused.value


def test_networks_are_read_in_order_of_plan_provider_and_county(networks: Callable[..., Path]) -> None:
    table = read_networks(
        networks(f"Orchard,{TARROW},Fresno,Tarrow", f"Amber,{TARROW},Kings,", f"Amber,{BRIDGE},Kings,Bridge"),
        own_plan="SHP",
    )
    assert table[["plan", "npi", "county"]].to_numpy().tolist() == [
        ["Amber", BRIDGE, "Kings"],
        ["Amber", TARROW, "Kings"],
        ["Orchard", TARROW, "Fresno"],
    ]
    assert table["name"].isna().tolist() == [False, True, False]


def test_names_may_be_left_out(networks: Callable[..., Path]) -> None:
    assert len(read_networks(networks(f"Orchard,{TARROW},Fresno", header="plan,npi,county"), own_plan="SHP")) == 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Orchard,2902747024,Fresno,", "line 3, npi: not a valid NPI"),
        (
            f"Orchard,{TARROW},Fresko,",
            "line 3, county: names a county California does not have, did you mean `Fresno`?",
        ),
        (f",{TARROW},Fresno,", "line 3, plan"),
        (f"Orchard,{BRIDGE},Fresno,again", "lines 2 and 3 say the same"),
        (f"SHP,{TARROW},Fresno,", "line 3, plan: is the plan itself"),
        (f"Orchard,{TARROW},Fresno,a,b", "line 3, (too many cells)"),
        (f"Orchard,{TARROW},Fresno", "line 3, name: this cell is missing"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(networks: Callable[..., Path], line: str, told: str) -> None:
    refused = refusal(networks(f"Orchard,{BRIDGE},Fresno,", line))
    assert refused.code == "C05"
    assert told in refused.what


def test_a_misspelt_column_is_told_with_a_suggestion(networks: Callable[..., Path]) -> None:
    message = refusal(networks(header="plan,npi,countie")).what
    assert "line 1, countie: unknown column, did you mean `county`?" in message


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "there is no table of other plans' networks" in refusal(tmp_path / "networks.csv").what


def test_the_directory_is_set_with_its_table_made_absolute(spoiled: Spoil) -> None:
    path, _ = spoiled("nearly_full = 0.9", 'nearly_full = 0.8\noverlap_exceptions = ["Kings"]')
    policy = read_config(path).directory
    assert policy.other_networks == path.parent / "networks.csv"
    assert (policy.publish_within_days, policy.nearly_full, policy.missing_in_networks) == (30, 0.8, 2)
    assert policy.overlap_exceptions == ("Kings",)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("publish_within_days = 31", "directory.publish_within_days"),
        ("nearly_full = 1.5", "directory.nearly_full"),
        ("missing_in_networks = 0", "directory.missing_in_networks"),
        ('overlap_exceptions = ["Kingz"]', "a county California does not have, did you mean `Kings`?"),
        ('other_network = "n.csv"', "unknown key, did you mean `other_networks`?"),
    ],
)
def test_a_wrong_setting_of_the_directory_is_told(spoiled: Spoil, line: str, told: str) -> None:
    whole = 'publish_within_days = 30\nnearly_full = 0.9\nother_networks = "networks.csv"'
    path, _ = spoiled(whole, line)
    with pytest.raises(ConfigurationError) as refused:
        read_config(path)
    assert told in refused.value.what
