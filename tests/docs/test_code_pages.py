"""The pages of the codes say what the program says of them, and there is none besides."""

from __future__ import annotations

from pipelines.codes import CODES
from tests.docs.code_pages import FOLDER, pages


def test_the_pages_are_those_of_the_catalogue() -> None:
    standing = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    stale = [name for name, page in pages().items() if standing.get(name) != page]
    assert stale == [], "Write them anew: python -m tests.docs.generated"
    assert standing.keys() == {"README.md", *(f"{code}.md" for code in CODES)}
