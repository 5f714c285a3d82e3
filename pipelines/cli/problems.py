"""How a problem looks: its code and what is wrong, then where, then what to do and where to read on."""

from __future__ import annotations

from rich.text import Text

from pipelines.cli.screen import talk
from pipelines.cli.tables import paired
from schemas.problems import ExchangeError


def tell(problem: ExchangeError) -> None:
    """Say on stderr what is wrong, where, what to do now, and where more is told."""
    for line in paired([(problem.code, Text(problem.what))], talk.width, style="bold red"):
        talk.print(line, soft_wrap=True)
    told = [*_further(problem), ("more", f"ecm-exchange explain-code {problem.code}")]
    for line in paired([(name.ljust(5), Text(text)) for name, text in told], talk.width, indent=2):
        talk.print(line, soft_wrap=True)


def as_dict(problem: ExchangeError) -> dict[str, str]:
    """Say the same to a machine."""
    return {"code": problem.code, "what": problem.what, **dict(_further(problem))}


def _further(problem: ExchangeError) -> list[tuple[str, str]]:
    return [("where", problem.where), ("do", problem.remedy)]
