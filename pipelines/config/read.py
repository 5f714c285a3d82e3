"""Read `exchange.toml`: every mistake is told with its line and, where a name is close to a known one, a suggestion."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.config.alerts import Addressees, Alert
from pipelines.config.document import Raw, read_document
from pipelines.config.model import ExchangeConfig, Plan
from pipelines.config.providers import read_roster
from schemas.toml_text import parse_toml

_PATH_KEYS = (
    "home", "backups", "pages", "key_file", "known_hosts", "providers", "other_networks", "dhcs_template",
    "dhcs_schema",
)  # fmt: skip


def read_config(path: Path) -> ExchangeConfig:
    """Read and check the configuration; relative paths are taken from the file's folder.

    Where it says what providers return, the providers table is read too: each provider's folder is a source.

    Raises
    ------
    ConfigurationError
        With all mistakes at once, each with its line.
    """

    def complete(raw: Raw) -> ExchangeConfig:
        config = ExchangeConfig.model_validate(_with_absolute_paths(raw, path.parent.resolve()))
        return config.with_returns(read_roster(config.delivery.providers)) if config.returns else config

    return read_document(
        path,
        ExchangeConfig,
        complete,
        what="configuration file",
        if_missing="Name it with --config, or make one: `ecm-exchange init --dir plan`.",
        then="then `ecm-exchange doctor`",
    )


def read_addressees(path: Path) -> Addressees | None:
    """Read who is told how nights went, from a configuration of which the rest may be wrong: that has to be told, too.

    Returns nothing where that part cannot be read either.
    """
    try:
        raw = _with_absolute_paths(parse_toml(path.read_text(encoding="utf-8")), path.parent.resolve())
        zone = ZoneInfo(raw["plan"].get("timezone", Plan.model_fields["timezone"].default)).key
        alerts = tuple(Alert.model_validate(each) for each in raw.get("alerts", ()))
        return Addressees(str(raw["plan"]["id"]), zone, Path(raw["paths"]["home"]), alerts)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _with_absolute_paths(node: Any, base: Path) -> Any:
    if isinstance(node, dict):
        return {
            key: str(base / value)
            if isinstance(value, str) and (key in _PATH_KEYS or (key == "layout" and value.endswith(".toml")))
            else _with_absolute_paths(value, base)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_with_absolute_paths(item, base) for item in node]
    return node
