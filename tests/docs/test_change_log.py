"""The change log speaks of the version that this is, and of the shape that its store has."""

from __future__ import annotations

import re
import tomllib

from pipelines.warehouse.shape import SHAPE
from tests.docs.generated import DOCS

ROOT = DOCS.parent
NEWEST = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("\n## ")[2].partition("\n## ")[0]


def test_the_newest_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert NEWEST.splitlines()[0].startswith(f"[{project['version']}] - ")


def test_the_shape_that_is_told_is_that_of_the_store() -> None:
    assert re.findall(r"^Shape of the store: (\d+)\.", NEWEST, re.MULTILINE) == [str(SHAPE)]
