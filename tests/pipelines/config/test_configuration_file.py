"""`exchange.toml`: what is wrong is told with its line, a suggestion, and never a value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from parsers.x12.profile_files import PROFILE_FOLDER
from pipelines.config import read_config
from schemas.problems import ConfigurationError, ExitCode

Spoil = Callable[[str, str], tuple[Path, int]]


def test_the_sample_configuration_is_read_with_paths_made_absolute(configuration: Path) -> None:
    config = read_config(configuration)
    assert config.home == configuration.parent / "home"
    assert config.delivery.providers == configuration.parent / "providers.csv"
    assert config.sources[0].key_file == configuration.parent / "keys" / "plan_ed25519"
    assert date(2026, 11, 26) in config.plan.holidays
    assert config.authorization.months == 12
    assert config.authorization.anchor == ("release_date", "effectuation_date")


def test_an_834_source_may_have_a_dialect_of_its_own(configuration: Path, spoiled: Spoil) -> None:
    own = configuration.parent / "own.toml"
    own.write_text((PROFILE_FOLDER / "dhcs.toml").read_text(encoding="utf-8"), encoding="utf-8")
    path, _ = spoiled('layout = "dhcs"', 'layout = "own.toml"\ncin_field = "2000/REF*0F/02"\ncin_slot = 2')
    source = read_config(path).sources[0]
    assert source.layout == str(own)
    assert (source.cin_field, source.cin_slot) == ("2000/REF*0F/02", 2)


def test_a_server_that_is_named_is_treated_as_configured_and_every_other_as_usual(
    configuration: Path, spoiled: Spoil
) -> None:
    path, _ = spoiled("[delivery]\n", SERVER + 'connections = 4\nwithout = ["fsync"]\n\n[delivery]\n')
    config = read_config(path)
    named = config.server_rules("sftp.EXAMPLE.org", 2022)
    assert (named.connections, named.without, named.time_limit) == (4, ("fsync",), 1800)
    usual = config.server_rules("sftp.example.org", 22)
    assert (usual.connections, usual.without, usual.request_size) == (1, (), None)


SERVER = '[[servers]]\nhost = "SFTP.example.org"\nport = 2022\n'

MISTAKES = [
    pytest.param("[delivery]\n", f"{SERVER}\n{SERVER}\n[delivery]\n", ["same host and port"], id="server twice"),
    pytest.param("[delivery]\n", f'{SERVER}without = ["fsink"]\n\n[delivery]\n', ["servers.0.without"], id="extension"),
    pytest.param('id = "SHP"', 'idd = "SHP"', ["plan.idd: unknown key, did you mean `id`?"], id="misspelt key"),
    pytest.param("[delivery]\n", '[delivery]\nlayout = "short_lst"\n', ["delivery.layout: short_lst"], id="layout out"),
    pytest.param("[delivery]\n", '[delivery]\nlayout = "own.toml"\n', ["own.toml", "cannot be"], id="no layout file"),
    pytest.param(
        'layout = "mini_mif"', 'layout = "mini_mff"', ["sources.1: mini_mff", "did you mean `mini_mif`?"], id="list"
    ),
    pytest.param('layout = "mini_mif"', 'layout = "own.toml"', ["sources.1: own.toml", "cannot be"], id="no list file"),
    pytest.param('layout = "mini_mif"', 'layout = "mif"', ["the layout mif is for mif files"], id="list of other kind"),
    pytest.param("[safety]\n", "[safty]\n", ["safty: unknown key, did you mean `safety`?"], id="misspelt table"),
    pytest.param("pattern = ", "patern = ", ["sources.0.patern: unknown key, did you mean `pattern`?"], id="in a list"),
    pytest.param('name = "Sample Health Plan"\n', "", ["plan.name: Field required"], id="missing key"),
    pytest.param('kind = "834"', 'kind = "835"', ["sources.0.kind", "did you mean `834`"], id="unknown kind"),
    pytest.param('name = "dhcs"', 'name = "../dhcs"', ["sources.0.name"], id="source name that is no name"),
    pytest.param('name = "probation"', 'name = "dhcs"', ["two sources have the same name"], id="two of one name"),
    pytest.param(
        'layout = "dhcs"', 'layout = "dhcs"\nacknowledge = ["TA1"]', ["acknowledge needs responses"], id="no folder"
    ),
    pytest.param(
        'layout = "mini_mif"', 'layout = "mini_mif"\nacknowledge = ["999"]', ["is for 834 sources"], id="a list"
    ),
    pytest.param('layout = "dhcs"', 'layout = "dchs"', ["sources.0: dchs", "did you mean `dhcs`?"], id="dialect"),
    pytest.param(
        'layout = "dhcs"',
        'layout = "dhcs"\ncin_field = "2000/REF*OF/02"',
        ["2000 has no REF*OF; did you"],
        id="CIN's place",
    ),
    pytest.param(
        'layout = "mini_mif"', 'layout = "mini_mif"\ncin_slot = 2', ["are for 834 sources"], id="CIN of a list"
    ),
    pytest.param(
        'layout = "dhcs"', 'layout = "dhcs"\nmove_to = "outgoing"', ["move_to is the folder itself"], id="own folder"
    ),
    pytest.param(
        'responses = "/responses"', 'responses = "/outgoing/"', ["answers would be taken for new files"], id="loop"
    ),
    pytest.param('layout = "dhcs"', 'layout = "dhcs"\nlines_end = true', ["an 834 counts itself"], id="end of an 834"),
    pytest.param(
        'layout = "mini_mif"', 'layout = "mini_mif"\ntrailer = "("', ["sources.1.trailer"], id="trailer that is none"
    ),
    pytest.param('layout = "dhcs"', 'layout = "dhcs"\nmarker = ".done"', ["sources.0.marker"], id="marker of nothing"),
    pytest.param('layout = "dhcs"', 'layout = "dhcs"\nmarker = "{name}"', ["sources.0.marker"], id="own marker"),
    pytest.param("port = 2222", "port = 70000", ["sources.0.port"], id="port out of range"),
    pytest.param('"Fresno"', '"Frezno"', ["plan.counties", "not a California county"], id="county"),
    pytest.param("America/Los_Angeles", "America/Fresno", ["plan.timezone: not a time zone"], id="time zone"),
    pytest.param('"2026-01-01"', '"2026-01-32"', ["plan.holidays.0"], id="holiday"),
    pytest.param('hcp_codes = ["010"]', "hcp_codes = []", ["plan.hcp_codes"], id="no HCP code"),
    pytest.param('key_file = "keys/plan_ed25519"\n', "", ["either key_file or password_env"], id="no way to log in"),
    pytest.param('known_hosts = "keys/known_hosts"\n', "", ["never trusted at first sight"], id="no host key"),
    pytest.param('"2300/REF*CE"', '"2300/REF*CF"', ["locators.0: segment is none of"], id="locator segment"),
    pytest.param('one_of = ["JX", "JY"]\n', "", ["exactly one of equals, one_of, regex"], id="locator without match"),
    pytest.param('one_of = ["JX", "JY"]', "one_of = []", ["locators.0.one_of"], id="locator that lists nothing"),
    pytest.param('one_of = ["JX", "JY"]', 'one_of = ["JX", ""]', ["locators.0.one_of.1"], id="locator of a blank"),
    pytest.param('one_of = ["JX", "JY"]', 'equals = ""', ["locators.0.equals"], id="locator that equals a blank"),
    pytest.param('"JI-(ADULT|YOUTH)"', '"J["', ["locators.1.regex: not a regular expression"], id="broken regex"),
    pytest.param('"JI-(ADULT|YOUTH)"', '"(JI)?"', ["locators.1.regex: matches a blank"], id="regex of a blank"),
    pytest.param('"JI-(ADULT|YOUTH)"', '"JI(?=-)-A"', ["locators.1.regex: looks around"], id="regex looks around"),
    pytest.param('hold = ["05"', 'hold = ["01"', ["an HCP status stands under two meanings"], id="status twice"),
    pytest.param('active = ["01", "51", "S1", "41", "61"]\n', "", ["names no active status"], id="no active status"),
    pytest.param("hold = [", "held = [", ["justice_involved.hcp_status.held"], id="unknown class of statuses"),
    pytest.param("months = 12", "months = 0", ["authorization.months"], id="no months"),
    pytest.param('"effectuation_date"]', '"birth_date"]', ["authorization.anchor.1"], id="unknown anchor"),
    pytest.param('["release_date", "effectuation_date"]', "[]", ["authorization.anchor"], id="no anchor"),
    pytest.param("max_rejected_share = 0.5", "max_rejected_share = 50", ["safety.max_rejected_share"], id="share"),
]


@pytest.mark.parametrize(("before", "after", "told"), MISTAKES)
def test_every_mistake_is_told_with_its_place(spoiled: Spoil, before: str, after: str, told: list[str]) -> None:
    path, _ = spoiled(before, after)
    with pytest.raises(ConfigurationError) as refused:
        read_config(path)
    assert refused.value.code == "C03"
    assert refused.value.exit_code is ExitCode.CONFIGURATION
    assert all(part in refused.value.what for part in told), refused.value.what


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('id = "SHP"', 'idd = "SHP"'),
        ("port = 2222", "port = 70000"),
        ('segment = "2300/REF*CE"\nslots = [3, 5, 7]', 'segment = "2300/REF*CE"\nslots = [0]'),
        ("stale_after_days = 45", "stale_after_days = 0"),
        ("hold = [", "held = ["),
    ],
)
def test_a_mistake_is_told_with_the_line_of_its_key(spoiled: Spoil, before: str, after: str) -> None:
    path, line = spoiled(before, after)
    with pytest.raises(ConfigurationError) as refused:
        read_config(path)
    assert f"line {line + before.count(chr(10))}, " in refused.value.what


def test_a_mistake_in_the_third_source_is_told_with_that_source_line(configuration: Path) -> None:
    text = configuration.read_text(encoding="utf-8")
    head, rest = text.split('name = "community"')
    configuration.write_text(head + 'name = "community"' + rest.replace("port = 2222", "port = 0", 1))
    with pytest.raises(ConfigurationError, match=rf"line {head.count(chr(10)) + 5}, sources\.2\.port"):
        read_config(configuration)


def test_all_mistakes_are_told_at_once(spoiled: Spoil) -> None:
    spoiled('id = "SHP"', 'idd = "SHP"')
    path, _ = spoiled("port = 2222", "port = 70000")
    with pytest.raises(ConfigurationError) as refused:
        read_config(path)
    assert "plan.idd" in refused.value.what
    assert "sources.0.port" in refused.value.what


@pytest.mark.parametrize("key", ["password", "password_env", "host_key", "username"])
def test_no_value_of_the_file_stands_in_a_message(spoiled: Spoil, key: str) -> None:
    secret = "canary-5550100"
    path, _ = spoiled("port = 2222", f'port = "{secret}"\n{key} = ["{secret}"]')
    with pytest.raises(ConfigurationError) as refused:
        read_config(path)
    assert secret not in str(refused.value)
    assert secret not in repr(refused.value.__cause__)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ecm-exchange init"):
        read_config(tmp_path / "exchange.toml")


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_config(tmp_path)


@pytest.mark.parametrize("content", [b"[plan\n", b"name = \xff\n"])
def test_what_is_not_toml_is_told_without_quoting_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "exchange.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="not valid TOML") as refused:
        read_config(path)
    assert refused.value.code == "C02"


@pytest.mark.parametrize(
    ("layout", "added", "told"),
    [
        ("dhcs", 'acknowledge = ["TA1"]', "acknowledge needs responses"),
        ("dhcs", 'responses = "/r"\nacknowledge = ["TA1", "TA1"]', "acknowledge names one twice"),
        ("dhcs", 'responses = "/r"\nacknowledge = ["997"]', "sources.0.acknowledge.0: Input should be 'TA1' or '999'"),
        ("mini_mif", 'acknowledge = ["999"]', "acknowledge is for 834 sources"),
    ],
)
def test_acknowledgements_are_for_834s_and_need_a_folder(spoiled: Spoil, layout: str, added: str, told: str) -> None:
    path, _ = spoiled(f'layout = "{layout}"', f'layout = "{layout}"\n{added}')
    with pytest.raises(ConfigurationError) as mistake:
        read_config(path)
    assert told in mistake.value.what


def test_an_834_source_names_the_acknowledgements_it_wants(spoiled: Spoil) -> None:
    path, _ = spoiled('layout = "dhcs"', 'layout = "dhcs"\nresponses = "/incoming"\nacknowledge = ["TA1", "999"]')
    assert read_config(path).sources[0].acknowledge == ("TA1", "999")
    assert read_config(path).sources[1].acknowledge == ()
