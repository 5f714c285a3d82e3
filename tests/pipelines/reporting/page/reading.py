"""A page as a person reads it: headings, tables and plots, without any mark of how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_VOID = {"meta", "link"}
_CELLS = {"th", "td"}


@dataclass
class Page:
    """What stands on it."""

    headings: list[str] = field(default_factory=list)
    matters: list[tuple[str, ...]] = field(default_factory=list)
    """What, what to do, and the command, of each matter for a person."""
    tiles: dict[str, str] = field(default_factory=dict)
    tables: list[list[list[str]]] = field(default_factory=list)
    """Rows of cells of each table; what stands small in a cell follows behind a bar."""
    plots: dict[str, str] = field(default_factory=dict)
    """Description of each plot by its title."""
    tags: set[str] = field(default_factory=set)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    text: str = ""

    @classmethod
    def read(cls, html: str) -> Page:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        assert reader.open == [], "every element is closed"
        return reader.page

    def table(self, first_heading: str) -> list[list[str]]:
        """The rows of the first table whose first column is called so, without its headings."""
        return next(table for table in self.tables if table[0][0] == first_heading)[1:]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.open: list[tuple[str, str]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        page, style = self.page, dict(attrs).get("class") or ""
        page.tags.add(tag)
        page.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in _VOID:
            return
        self.open.append((tag, style))
        if tag == "table":
            page.tables.append([])
        elif tag == "tr":
            page.tables[-1].append([])
        elif tag in _CELLS:
            page.tables[-1][-1].append("")
        elif tag == "small":
            self._add(" | ")
        elif tag == "li" and self._is_inside("matters"):
            page.matters.append(())
        elif tag in {"h1", "h2", "h3"} or tag == "p" or tag in {"title", "desc"}:
            self.said = []

    def handle_endtag(self, tag: str) -> None:
        opened, style = self.open.pop()
        assert opened == tag, f"{opened} is closed by {tag}"
        said, page = " ".join("".join(self.said).split()), self.page
        if tag in _CELLS:
            row = page.tables[-1][-1]
            row[-1] = row[-1].strip()
        elif tag in {"h1", "h2", "h3"}:
            page.headings.append(said)
        elif tag == "p" and self._is_inside("matters"):
            page.matters[-1] = (*page.matters[-1], said)
        elif tag == "p" and style == "name":
            self.name = said
        elif tag == "p" and style == "value":
            page.tiles[self.name] = said
        elif tag == "title" and self.open[-1][0] == "svg":
            self.title = said
        elif tag == "desc":
            page.plots[self.title] = said

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] == "style":
            return
        self.page.text += data
        self.said.append(data)
        if not self._is_in({"svg"}):
            self._add(data)

    def _add(self, data: str) -> None:
        if self._is_in(_CELLS):
            row: list[Any] = self.page.tables[-1][-1]
            row[-1] = " ".join(f"{row[-1]}{data}".split()) + (" " if data[-1:].isspace() else "")

    def _is_in(self, tags: set[str]) -> bool:
        return any(tag in tags for tag, _ in self.open)

    def _is_inside(self, style: str) -> bool:
        return any(each == style for _, each in self.open)
