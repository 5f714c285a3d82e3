"""The settings of Dagster's own folder: what they must say so that one night runs at a time and a killed one ends."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from pipelines.doctor.ailment import Ailment, fine, found

_ONE_AT_A_TIME = (
    ("concurrency", "runs", "max_concurrent_runs"),
    ("run_queue", "max_concurrent_runs"),
    ("run_coordinator", "config", "max_concurrent_runs"),
)
"""Where releases of Dagster have the number of runs that go side by side."""


def examine_dagster(home: Path, environment: Mapping[str, str]) -> Iterator[Ailment]:
    """Examine Dagster's folder below the plan's home, and the one that the environment names where that is another."""
    places = [home / "dagster"]
    if given := environment.get("DAGSTER_HOME"):
        places.append(Path(given))
    for place in dict.fromkeys(path.resolve() for path in places):
        if place.is_dir():
            yield from _examine(place, environment)
        elif place != (home / "dagster").resolve():
            yield found("dagster-home-missing", str(place), "DAGSTER_HOME names a folder that is not there", path=place)
    if not places[0].is_dir() and len(places) == 1:
        yield fine("dagster", "Dagster", "not used here")


def _examine(place: Path, environment: Mapping[str, str]) -> Iterator[Ailment]:
    path = place / "dagster.yaml"
    if place.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield found("dagster-home-open", str(place), "others on this machine can look into it", path=place)
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except FileNotFoundError:
        yield found("dagster-settings-missing", str(place), "it has no dagster.yaml", path=path)
        return
    except (OSError, UnicodeError, yaml.YAMLError):
        yield found("dagster-settings-unreadable", str(path), "it cannot be read as YAML", path=path)
        return
    troubles = list(_troubles(path, settings, environment))
    yield from troubles
    ours = yaml.safe_load(files("dagster_project").joinpath("dagster.yaml").read_text(encoding="utf-8"))
    if lacking := list(_lacking(ours, settings)):
        what = f"it lacks settings that this version brings: {', '.join(lacking)}"
        yield found("dagster-settings-older", str(path), what, path=path)
    elif not troubles:
        yield fine("dagster", str(place), "one night at a time, watched, no telemetry")


def _troubles(path: Path, settings: Mapping[str, Any], environment: Mapping[str, str]) -> Iterator[Ailment]:
    if _at(settings, ("run_monitoring", "enabled")) is not True:
        yield found("dagster-no-monitoring", str(path), "run monitoring is off", path=path)
    side_by_side = next((number for way in _ONE_AT_A_TIME if (number := _at(settings, way)) is not None), None)
    if side_by_side != 1:
        number = "as many as Dagster likes" if side_by_side is None else side_by_side
        yield found("dagster-several-runs", str(path), f"runs side by side: {number}", path=path)
    is_quiet = environment.get("DAGSTER_DISABLE_TELEMETRY", "").lower() in {"1", "true", "yes", "y", "t"}
    if _at(settings, ("telemetry", "enabled")) is not False and not is_quiet:
        yield found("dagster-telemetry", str(path), "Dagster may send figures about its use to its maker", path=path)


def _at(settings: Any, way: tuple[str, ...]) -> Any:
    for key in way:
        if not isinstance(settings, Mapping) or key not in settings:
            return None
        settings = settings[key]
    return settings


def _lacking(ours: Mapping[str, Any], theirs: Any, before: str = "") -> Iterator[str]:
    """Yield the dotted names of settings that are missing; of a table that is missing, its own name."""
    for key, inner in ours.items():
        if not isinstance(theirs, Mapping) or key not in theirs:
            yield f"{before}{key}"
        elif isinstance(inner, Mapping):
            yield from _lacking(inner, theirs[key], f"{before}{key}.")
