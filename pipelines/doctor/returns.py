"""What may be wrong with what providers return, beside what can be wrong with any folder that is pulled from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from pipelines.config import ExchangeConfig, Roster, Source
from pipelines.config.patterns import may_match_one_name
from pipelines.config.returns import RETURN_SHEET, sheet_name
from pipelines.doctor.ailment import Ailment, found
from schemas.kinds import RETURNED
from schemas.layout import load_layout


def examine_returns(
    config: ExchangeConfig, roster: Roster, layout_of: Callable[[str, str, str], Ailment]
) -> Iterator[Ailment]:
    """Yield what is wrong with layouts, with whom `[[returns]]` names, and with folders; no server is visited.

    `layout_of` examines a layout, given what it is the layout of, the kind of files, and its name.
    """
    returned = [source for source in config.sources if source.provider is not None]
    for kind, layout in sorted({(source.kind, source.layout) for source in returned}):
        read = layout_of(f"{kind} returns ({Path(layout).name})", kind, layout)
        yield _with_columns_that_are_lost(read, layout)
    for npi in sorted({npi for each in config.returns for npi in each.providers} - roster.by_npi().keys()):
        yield found("returns-of-nobody", f"returns of {npi}", "no provider of the providers table has this NPI")
    for source in returned:
        yield from _folder(source, roster)
    yield from _sheets_that_nobody_takes(returned, roster)


def _with_columns_that_are_lost(fine: Ailment, layout: str) -> Ailment:
    kept = {name for kind in RETURNED for name in load_layout(kind).column_names}
    lost = [name for each in load_layout(layout).sheet_layouts for name in each.column_names if name not in kept]
    if not lost:
        return fine
    return found("columns-lost", fine.subject, f"nothing keeps its columns {', '.join(lost)}")


def _sheets_that_nobody_takes(returned: Sequence[Source], roster: Roster) -> Iterator[Ailment]:
    """Tell whose return sheets, filled in and sent back under their own names, would lie there unread."""
    for npi in sorted({each.npi for each in roster.providers if each.active and "return_sheet" in each.formats}):
        name = sheet_name(npi, date(2026, 12, 31))
        if not any(
            each.provider == npi and each.kind == "rtf" and fnmatchcase(name, each.pattern) for each in returned
        ):
            what = f"it gets return sheets, and nothing takes them back: no pattern matches {name}"
            yield found("return-sheets-unread", f"return sheets of {npi}", what, begins=RETURN_SHEET)


def _folder(source: Source, roster: Roster) -> Iterator[Ailment]:
    """Tell where a provider's own assignment files would be taken for returns."""
    provider = roster.by_npi().get(source.provider or "")
    if (
        provider is not None
        and (provider.host, provider.port, provider.username) == (source.host, source.port, source.username)
        and provider.folder.strip("/") == source.folder.strip("/")
        and may_match_one_name(source.pattern, f"ECM_ASSIGNMENT_{provider.npi}_*")
    ):
        what = "assignment files for the provider go to the same folder, and match the pattern"
        yield found("assignments-taken-back", f"source {source.name}", what)
