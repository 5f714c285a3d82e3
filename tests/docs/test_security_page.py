"""What the page on security promises is proved by tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.generated import DOCS

ROOT = DOCS.parent
PAGE = (DOCS / "security.md").read_text(encoding="utf-8")
PROOFS = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)


@pytest.mark.parametrize(("file", "test"), PROOFS, ids=[test for _, test in PROOFS])
def test_a_test_that_is_named_exists(file: str, test: str) -> None:
    assert re.search(rf"^ *def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_promise_names_its_proof() -> None:
    promised = PAGE.partition("## What is promised")[2].partition("## By HIPAA")[0]
    promises = re.split(r"^- ", promised, flags=re.MULTILINE)[1:]
    unproved = [one.split("\n")[0] for one in promises if not re.search(r"`tests/[\w/]+\.py::test_\w+`", one)]
    assert len(promises) > 12
    assert unproved == []


def test_files_the_page_names_exist() -> None:
    named = re.findall(r"`((?:pipelines|parsers|tests|docs)/[\w/]+(?:\.\w+|/))`", PAGE)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_module_of_these_tests_proves_something_on_the_page() -> None:
    modules = {str(path.relative_to(ROOT)) for path in Path(ROOT, "tests", "security").glob("test_*.py")}
    assert modules == {file for file, _ in PROOFS if file.startswith("tests/security/")}
