"""Write a public edition of the directory and record it as a fact: its changes then count as published (R34)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.config import ExchangeConfig
from pipelines.directory.render import Form, render
from pipelines.directory.sections import read_sections
from pipelines.directory.update import derive_directory
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note
from schemas.problems import ExchangeError, ExitCode


class PublicationRefused(ExchangeError):
    """There is nothing to publish, or it is out of date."""


class EditionNotWritten(ExchangeError):
    """The file of an edition cannot be written."""

    exit_code = ExitCode.INPUT_OUTPUT


@dataclass(frozen=True)
class Publication:
    """A public edition that was written."""

    providers: int
    changes: int
    """Changes that count as published by it."""
    sha256: str


def publish_directory(warehouse: Warehouse, config: ExchangeConfig, path: Path, form: Form, on: date) -> Publication:
    """Write the public edition as of `on` to `path` and record it; the same edition again on the same day is no news.

    It holds what the last night found in the roster. The file is there before the record is: a run that is cut off
    leaves changes due that were published, never the other way round.

    Raises
    ------
    PublicationRefused
        When no night has recorded the roster yet, or a night after `on` has been run.
    EditionNotWritten
        When the file cannot be written.
    """
    through = warehouse.value("SELECT max(sequence) FROM facts.roster_entries WHERE valid_from <= $on", {"on": on})
    if through is None:
        raise PublicationRefused(
            "P01", f"no night up to {on} has recorded the roster", remedy="Run `ecm-exchange run` first."
        )
    latest = warehouse.value("SELECT max(business_date) FROM ledger.runs")
    if latest is not None and on < latest:
        raise PublicationRefused(
            "P02",
            f"the night of {latest} has been run already: an edition of an earlier day is out of date",
            remedy=f"Publish as of {latest} or later; leave out --public to look at an earlier day.",
        )
    (section,) = read_sections(warehouse, on, public=True)
    content = render([section], form, on)
    write_edition(path, content)
    sha256 = hashlib.sha256(content).hexdigest()
    with warehouse.transaction():
        before = _published(warehouse)
        _record(warehouse, on, through, len(section.rows), sha256)
        derive_directory(warehouse, config, on)
        changes = _published(warehouse) - before
    return Publication(len(section.rows), changes, sha256)


def write_edition(path: Path, content: bytes) -> None:
    """Put an edition into its file, all at once.

    Raises
    ------
    EditionNotWritten
        When that is not possible.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as failure:
        raise EditionNotWritten(
            "P03",
            f"the file cannot be written ({failure.strerror})",
            where=str(path),
            remedy="Check the folder, its rights and its room.",
        ) from None


def _published(warehouse: Warehouse) -> int:
    count: int = warehouse.value(
        "SELECT count(*) FROM exchange.provider_directory WHERE status IN ('PUBLISHED', 'PUBLISHED_LATE')"
    )
    return count


def _record(warehouse: Warehouse, on: date, through: int, providers: int, sha256: str) -> None:
    edition = {"on": on, "through": through, "sha256": sha256}
    if warehouse.value(
        """SELECT count(*) FROM facts.directory_publications
           WHERE published_on = $on AND through = $through AND sha256 = $sha256""",
        edition,
    ):
        return
    warehouse.run(
        """INSERT INTO facts.directory_publications BY NAME
           SELECT md5(concat_ws('|', 'directory', sequence, $on, $through, $sha256)) AS publication_id, sequence,
                  $on AS published_on, $through AS through, $providers AS providers, $sha256 AS sha256
           FROM (SELECT coalesce(max(sequence), 0) + 1 AS sequence FROM facts.directory_publications)""",
        edition | {"providers": providers},
    )
    identifier = warehouse.value("SELECT arg_max(publication_id, sequence) FROM facts.directory_publications")
    note(warehouse, on, "DIRECTORY_PUBLISHED", identifier, f"sha256 {sha256}")
