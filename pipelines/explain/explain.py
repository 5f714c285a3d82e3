"""One page on a member: the facts in their order, what followed from each, and the rule by which it did.

What this returns is protected health information: it is for the terminal of someone who may see it, never for a log.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.warehouse import Warehouse
from schemas.problems import ExchangeError
from schemas.rules import Rule, cited

_SECTIONS = {
    "facts": "What was said, by whom, in which file",
    "identity": "How rows of others were matched",
    "states": "What followed: each event and the state after it",
    "episodes": "Episodes of justice involvement",
    "contradictions": "Where sources disagree",
    "authorizations": "Authorizations",
    "assignments": "Assignments",
    "candidates": "Who was considered, and why not",
    "reports": "What providers report of the person",
    "contacts": "What providers report to have done, and what it counts for",
    "clocks": "Clocks",
    "needs": "Needs at the release",
    "work_lists": "On the work lists",
    "deliveries": "What was delivered to whom",
}
"""Script in `sections/` and title, in the order in which one thing follows from another."""


@dataclass(frozen=True)
class Section:
    """One part of the page: a table whose column `rule` names the rule of each line."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Explanation:
    """The page."""

    cin: str
    """The CIN that counts for this person today."""
    also_known_as: tuple[str, ...]
    """Other CINs of the same person, merged into it."""
    sections: tuple[Section, ...]
    """Those that have something to say."""
    rules: tuple[Rule, ...]
    """What the rules say that are named in the sections."""

    def as_dict(self) -> dict[str, Any]:
        """The page as a plain mapping, every line an object; a section that has nothing to say is empty."""
        return {
            "cin": self.cin,
            "also_known_as": list(self.also_known_as),
            **dict.fromkeys(_SECTIONS, ()),
            **{s.name: [dict(zip(s.columns, row, strict=True)) for row in s.rows] for s in self.sections},
            "rules": [asdict(rule) for rule in self.rules],
        }


def explain(warehouse: Warehouse, cin: str) -> Explanation:
    """Gather everything known about a member, whichever of the person's CINs is given.

    Raises
    ------
    ExchangeError
        When no fact speaks of this CIN.
    """
    cins = [
        known
        for (known,) in warehouse.rows(
            """WITH counts AS (SELECT coalesce((SELECT cin FROM exchange.cin_aliases WHERE alias = $cin), $cin) AS cin)
               SELECT cin FROM counts
               UNION ALL
               (SELECT alias FROM exchange.cin_aliases WHERE cin = (FROM counts) ORDER BY alias)""",
            {"cin": cin},
        )
    ]
    sections = [_section(warehouse, name, title, cins) for name, title in _SECTIONS.items()]
    said = tuple(section for section in sections if section.rows)
    if not said:
        raise ExchangeError(
            "E01", "no fact speaks of this CIN", remedy="Check the nine characters: 9, 7 digits, a letter."
        )
    rules = cited(
        str(row[section.columns.index("rule")]) for section in said if "rule" in section.columns for row in section.rows
    )
    return Explanation(cins[0], tuple(cins[1:]), said, tuple(rules))


def _section(warehouse: Warehouse, name: str, title: str, cins: list[str]) -> Section:
    query = (Path(__file__).parent / "sections" / f"{name}.sql").read_text(encoding="utf-8")
    table = warehouse.table(query, {"cins": cins})
    cells = table.astype(object).where(table.notna(), None)
    rows = tuple(tuple(_plain(cell) for cell in row) for row in cells.itertuples(index=False, name=None))
    return Section(name, title, tuple(table.columns), rows)


def _plain(cell: Any) -> Any:
    return f"{cell:%Y-%m-%d}" if hasattr(cell, "strftime") else cell
