"""Pages and examples of all layouts: `python -m tests.layouts.generated` writes them, and removes others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.layouts.golden import INBOUND_EXAMPLES, ROOT, golden_files
from tests.layouts.pages import PAGES, pages


def everything() -> dict[Path, bytes]:
    """All files by their place."""
    return dict(golden_files()) | {path: page.encode() for path, page in pages()}


def others() -> Iterator[Path]:
    """Yield files that stand among them and that no layout has."""
    made = {*everything(), PAGES / "README.md"}
    for folder in (PAGES, ROOT / INBOUND_EXAMPLES):
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and path not in made)


if __name__ == "__main__":
    for path in others():
        path.unlink()
    for path, content in everything().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
