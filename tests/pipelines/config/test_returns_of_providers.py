"""One table says what providers return; each of the roster gets a source in its own account, and nobody's file is
another's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.config import ExchangeConfig, Source, read_config, read_roster
from pipelines.config.patterns import may_match_one_name
from sample_data.providers import npi_of
from schemas.problems import ConfigurationError

Spoil = Callable[[str, str], tuple[Path, int]]

BRIDGE, YOUTH = npi_of("fresno_bridge"), npi_of("fresno_youth")
FOR_ALL = '[[returns]]\nkind = "rtf"\nlayout = "rtf"\nfolder = "/returns"\npattern = "PRTF_{npi}_*"\n'
FOR_ONE = FOR_ALL.replace('layout = "rtf"', 'layout = "own.toml"') + f'providers = ["{BRIDGE}"]\n'


def with_returns(spoiled: Spoil, *tables: str) -> Path:
    path = spoiled("[delivery]\n", "\n".join([*tables, "[delivery]\n"]))[0]
    path.with_name("own.toml").write_text('extends = "rtf"\n', encoding="utf-8")
    return path


def returned(config: ExchangeConfig) -> dict[str, Source]:
    return {source.name: source for source in config.sources if source.provider is not None}


def test_every_provider_of_the_roster_has_a_source_in_its_own_account(spoiled: Spoil, roster: Path) -> None:
    config = read_config(with_returns(spoiled, FOR_ALL))
    found, providers = returned(config), read_roster(roster).providers
    assert list(found) == [f"rtf_{npi}" for npi in sorted({provider.npi for provider in providers})]
    for provider in providers:
        source = found[f"rtf_{provider.npi}"]
        assert (source.host, source.port, source.username, source.key_file) == (
            provider.host, provider.port, provider.username, provider.key_file
        )  # fmt: skip
        assert source.known_hosts == config.delivery.known_hosts
        assert (source.folder, source.pattern) == ("/returns", f"PRTF_{provider.npi}_*")


def test_a_table_that_names_a_provider_goes_before_the_one_for_all_others(spoiled: Spoil, configuration: Path) -> None:
    attempts = FOR_ALL.replace("rtf", "otf").replace("PRTF", "POTF").replace("folder", "responses = '/r'\nfolder")
    found = returned(read_config(with_returns(spoiled, FOR_ALL, FOR_ONE, attempts)))
    assert found[f"rtf_{BRIDGE}"].layout == str(configuration.parent / "own.toml")
    assert found[f"rtf_{YOUTH}"].layout == "rtf"
    assert (found[f"otf_{YOUTH}"].kind, found[f"otf_{YOUTH}"].responses) == ("otf", "/r")


def test_a_sheet_that_was_delivered_is_not_taken_for_returned(spoiled: Spoil, roster: Path) -> None:
    (sheets,) = [each for each in read_roster(roster).providers if "return_sheet" in each.formats]
    here = FOR_ALL.replace("/returns", sheets.folder).replace("PRTF_{npi}_*", "ECM_RETURN_*")
    path = with_returns(spoiled, here)
    with pytest.raises(ConfigurationError, match="looked for where return sheets are delivered"):
        read_config(path)
    path.write_text(path.read_text(encoding="utf-8").replace("ECM_RETURN_*", "{npi}_FILLED_IN_*"), encoding="utf-8")
    assert f"rtf_{sheets.npi}" in returned(read_config(path))


def test_without_a_table_for_the_others_only_the_named_ones_return_files(spoiled: Spoil) -> None:
    assert list(returned(read_config(with_returns(spoiled, FOR_ONE)))) == [f"rtf_{BRIDGE}"]


def test_a_source_of_returns_says_whose_they_are(spoiled: Spoil) -> None:
    path, _ = spoiled('kind = "mini_mif"\nlayout = "mini_mif"', f'kind = "otf"\nlayout = "otf"\nprovider = "{BRIDGE}"')
    assert returned(read_config(path))["probation"].provider == BRIDGE


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        pytest.param([FOR_ALL, FOR_ALL], "two [[returns]] tables of one kind", id="two for all others"),
        pytest.param([FOR_ONE, FOR_ONE], "two [[returns]] tables of one kind", id="two for one"),
        pytest.param([FOR_ONE.replace(BRIDGE, "1234567890")], "returns.0.providers.0", id="no NPI"),
        pytest.param([FOR_ONE.replace('"]\n', f'", "{BRIDGE}"]\n')], "for the same provider", id="one named twice"),
        pytest.param([f'{FOR_ALL}responses = "returns/"\n'], "answers would be taken", id="answers into the inbox"),
        pytest.param([f'{FOR_ALL}move_to = "returns"\n'], "move_to is the folder itself", id="moved nowhere"),
        pytest.param([FOR_ALL.replace('"rtf"', '"mif"', 1)], "returns.0.kind", id="no kind of return"),
        pytest.param([FOR_ALL.replace("pattern", "patern")], "did you mean `pattern`?", id="misspelt key"),
        pytest.param(
            [FOR_ALL, FOR_ALL.replace('"rtf"', '"otf"').replace("PRTF_", "*")], "may read the same file", id="overlap"
        ),
        pytest.param(
            [FOR_ALL, '[[sources]]\nname = "clinic"\nkind = "otf"\nlayout = "otf"\n' + f'provider = "{BRIDGE}"\n'
             'host = "127.0.0.1"\nport = 2222\n' + f'username = "ecm_{BRIDGE}"\nkey_file = "k"\nknown_hosts = "h"\n'
             'folder = "returns"\npattern = "*"\n'], "may read the same file", id="a source in that folder",
        ),
    ],
)  # fmt: skip
def test_returns_that_would_be_read_twice_or_by_nobody_are_refused(
    spoiled: Spoil, tables: list[str], told: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_config(with_returns(spoiled, *tables))
    assert told in refused.value.what


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('kind = "mini_mif"\nlayout = "mini_mif"', 'kind = "rtf"\nlayout = "rtf"'),
        ('kind = "mini_mif"', f'kind = "mini_mif"\nprovider = "{BRIDGE}"'),
    ],
)
def test_only_returns_belong_to_a_provider_and_all_of_them_do(spoiled: Spoil, before: str, after: str) -> None:
    path, _ = spoiled(before, after)
    with pytest.raises(ConfigurationError, match="says whose returns these are"):
        read_config(path)


def test_returns_need_the_host_keys_of_the_providers_servers(spoiled: Spoil) -> None:
    path, _ = spoiled('[delivery]\nproviders = "providers.csv"\nknown_hosts = "keys/known_hosts"\n',
                      f'{FOR_ALL}\n[delivery]\nproviders = "providers.csv"\n')  # fmt: skip
    with pytest.raises(ConfigurationError, match="needs known_hosts of"):
        read_config(path)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("PRTF_*", "POTF_*", False), ("PRTF_*", "*.csv", True), ("*_RTF.csv", "*_OTF.csv", False),
        ("*RTF*", "*OTF*", True), ("*", "", True), ("a?", "abc", False), ("a?", "ab*", True), ("a[bc]", "ac", True),
        ("[!a]*.csv", "b.txt", False), ("[", "[", True),
    ],
)  # fmt: skip
def test_patterns_meet_where_a_name_can_match_both(one: str, other: str, *, meet: bool) -> None:
    assert may_match_one_name(one, other) is may_match_one_name(other, one) is meet
