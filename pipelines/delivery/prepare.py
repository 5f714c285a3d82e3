"""Work out what each provider has to be told tonight, render it, and put it into the outbox: nothing is sent here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from pathlib import Path

from pipelines.clocks.calendar import is_business_day
from pipelines.config import ExchangeConfig, Roster
from pipelines.config.providers import WEEKDAYS, Provider
from pipelines.delivery.bounds import Bounds, bounds_of_the_night
from pipelines.delivery.documents import Document, data_documents, key_of, layout_for, sealer, with_manifest
from pipelines.delivery.gates import Doubt, doubted, doubts
from pipelines.delivery.holds import is_released, keep_holds
from pipelines.delivery.outbox import OutboxFile, store_all
from pipelines.delivery.recipient import misdirected, shared_folder
from pipelines.delivery.render import Row
from pipelines.delivery.rows import row_of
from pipelines.delivery.standing import Standing, standings
from pipelines.delivery.vault import Vault, open_vault
from pipelines.delivery.workbook import Edition, Known, Listed, after, known_by, look_at_clocks
from pipelines.pgp import KeyUnusable
from pipelines.warehouse import Warehouse
from schemas.assignment import COLUMNS
from schemas.outbound import Occasion, OutboundLayout

_HERE = Path(__file__).parent
_SAID_BY_THE_ROW = ("record_action", "change_reason")
_OF_THE_PERSON = (
    "last_name", "first_name", "middle_name", "gender", "address_1", "address_2", "city", "state", "zip", "county",
    "mailing_address_1", "mailing_address_2", "mailing_city", "mailing_state", "mailing_zip", "phone",
    "phone_alternate", "email", "language", "homelessness_indicator", "needs_missing", "transportation",
    "community_supports", "behavioral_health", "appointments",
)  # fmt: skip
"""What is news of the person where it changes (DEMOGRAPHIC), a need among it; any other column is corrected."""


@dataclass(frozen=True)
class ProviderRows:
    """What one provider is to be told: a delta, and all it has where a full file is due."""

    provider: Provider
    standing: Standing
    delta: Sequence[Row]
    full: Sequence[Row] | None
    is_awaited: bool
    """Whether the provider waits for a delta tonight also if there is nothing to say."""
    doubts: Sequence[Doubt]
    """What gates hold of the delta, as far as nobody has released it."""
    known: Known = field(default_factory=Known)
    """What it was told before, where it wants a workbook."""

    @property
    def passing(self) -> list[Row]:
        """The rows of the delta that nothing holds."""
        held = set(doubted(self.doubts))
        return [row for row in self.delta if row["assignment_id"] not in held]

    def may_have_seen_another(self, document: Document) -> bool:
        """Tell whether the provider may have seen another document of this name tonight."""
        return self.standing.may_have_been_seen(document.name, document.leaves)

    @property
    def held(self) -> list[Row]:
        """The rows of the delta that are held."""
        held = set(doubted(self.doubts))
        return [row for row in self.delta if row["assignment_id"] in held]


@dataclass(frozen=True)
class Composed:
    """A rendered file, the rows it tells, and the codes of the gates that hold it, if any."""

    file: OutboxFile
    rows: Sequence[Row]
    held: str


def due_rows(
    warehouse: Warehouse, config: ExchangeConfig, roster: Roster, business_date: date
) -> Iterator[ProviderRows]:
    """Yield what each provider of the roster is due tonight, ordered by NPI.

    On business days every active JI provider is due a file, also an empty one, because silence is ambiguous; anyone
    else, and a second run of the same night, only when there is something to say. A full file is due on the provider's
    day of the week, and after it as long as that one did not arrive.
    """
    warehouse.lend("roster", roster.table())
    warehouse.run_file(_HERE / "assignment_rows.sql", plan_id=config.plan.id, plan_name=config.plan.name)
    warehouse.run(_contents())
    warehouse.run_file(_HERE / "changes.sql", demographics=list(_OF_THE_PERSON))
    look_at_clocks(warehouse)
    bounds = bounds_of_the_night(warehouse, config, business_date)
    standing_of = standings(warehouse, business_date)
    works = is_business_day(business_date, config.plan.holidays)
    day = WEEKDAYS[business_date.weekday()] if works else ""
    expecting = {provider.npi for provider in roster.providers if works and provider.active and provider.ji_provider}
    full_due = [
        provider.npi
        for provider in roster.providers
        if provider.npi in expecting and standing_of[provider.npi].is_due_full(today=provider.full_day == day)
    ]
    changes = _rows_by_provider(warehouse, "record_action IS NOT NULL", "record_action", "change_reason")
    everyone = _rows_by_provider(
        warehouse,
        "is_open AND npi IN (SELECT unnest($full_due))",
        "coalesce(record_action, told_action)",
        "CASE WHEN record_action IS NULL THEN told_reason ELSE change_reason END",
        full_due=full_due,
    )
    for provider in roster.providers:
        standing = standing_of[provider.npi]
        if standing.is_in_doubt:
            continue  # what became of an earlier file is not known yet: a delta now could say a thing twice
        delta = changes.get(provider.npi, [])
        awaited = provider.npi in expecting and "DELTA" not in standing.told_tonight
        full = everyone.get(provider.npi, []) if provider.npi in full_due else None
        if delta or full is not None or awaited:
            found = doubts(provider, delta, bounds.get(provider.npi, Bounds()), config.safety)
            held = [doubt for doubt in found if not is_released(warehouse, doubt)]
            known = _known(warehouse, provider, business_date, is_full_due=full is not None)
            yield ProviderRows(provider, standing, delta, full, awaited, held, known)


def prepare(warehouse: Warehouse, config: ExchangeConfig, roster: Roster, business_date: date) -> dict[str, int]:
    """Render and store tonight's files, held ones included; return the number of files by status."""
    with warehouse.transaction():
        files, found, vault = list[Composed](), list[Doubt](), open_vault(warehouse, business_date)
        for due in due_rows(warehouse, config, roster, business_date):
            composed, doubted_here = compose(warehouse, config, roster, due, vault)
            files += composed
            found += doubted_here
        store_all(warehouse, [(each.file, each.rows, each.held) for each in files])
        keep_holds(warehouse, business_date, found)
    return dict(
        warehouse.rows(
            """SELECT status, count(*) FROM delivery.outbox
               WHERE recipient_kind = 'PROVIDER' AND business_date = $on GROUP BY status ORDER BY status""",
            {"on": business_date},
        )
    )


def compose(
    warehouse: Warehouse, config: ExchangeConfig, roster: Roster, due: ProviderRows, vault: Vault
) -> tuple[Sequence[Composed], Sequence[Doubt]]:
    """Render one provider's files of the night, and say what of them is held.

    What a gate doubts goes into a file of its own, which is held. The full file would tell the same rows: it waits.
    Where a file could go wrong (G01), or could only leave unencrypted though its provider has a key (G07), none of the
    provider's goes tonight.
    """
    provider, on, key, no_key = due.provider, vault.on, None, ""
    try:
        key = key_of(provider, on)
    except KeyUnusable as why:
        no_key = str(why)
    layout, seals = layout_for(provider, config), sealer(key, vault)
    number, previous = due.standing.last_sequence, due.standing.previous_name
    assigned = {
        (assignment, cin): is_open
        for assignment, cin, is_open in warehouse.rows(
            "SELECT assignment_id, cin, ended_on IS NULL FROM exchange.ecm_assignments WHERE npi = $npi",
            {"npi": provider.npi},
        )
    }
    composed, wrong, members = list[Composed](), shared_folder(provider, roster), due.known.members
    for scope, rows, code in _scopes(due):
        members = after(members if scope == "DELTA" else {}, rows)
        edition = _edition(due, config, layout, on, scope, rows, list(members.values()), previous)
        for number in count(number + 1):  # noqa: B020 - goes on from the last one
            occasion = Occasion(config.plan.id, provider.npi, on, number, scope)
            data = data_documents(rows, edition, layout, occasion, seals, due.may_have_seen_another)
            if not any(map(due.may_have_seen_another, data)):
                break
        found = with_manifest(data, rows, layout, occasion, previous, seals)
        listed = Listed(due.known.pairs, len(members))
        wrong = wrong or misdirected(found, provider, assigned, len(rows), layout, occasion, listed, key)
        sheets = len(edition.news), len(members)
        for part, document in enumerate(found, start=1):
            file = _filed(document, part, occasion, provider.folder, len(rows), sheets)
            composed.append(Composed(file, rows if part == 1 else (), code))
        previous = found[0].name
    for gate, detail in (("G01", wrong), ("G07", no_key)):
        if detail:
            return [replace(each, held=gate) for each in composed], [Doubt(provider.npi, gate, due.delta, detail)]
    return composed, due.doubts


def _scopes(due: ProviderRows) -> Iterator[tuple[str, Sequence[Row], str]]:
    """Yield the files that are due: scope, rows, and the gates that hold it."""
    held = ", ".join(doubt.code for doubt in due.doubts)
    if due.passing or due.is_awaited:
        yield "DELTA", due.passing, ""
    if due.held:
        yield "DELTA", due.held, held
    if due.full is not None:
        yield "FULL", due.full, held


def _filed(
    document: Document, part: int, occasion: Occasion, folder: str, rows: int, sheets: tuple[int, int]
) -> OutboxFile:
    """Say of a document what the outbox has to know."""
    return OutboxFile(
        recipient_kind="PROVIDER", recipient=occasion.npi, business_date=occasion.business_date,
        sequence=occasion.number, scope=occasion.scope, part=part, name=document.name, folder=folder,
        content=document.leaves, rows=rows, sheets=sheets if document.kind == "workbook" else None,
        sealed=document.content if document.sealed else None, pgp_key=document.sealed.key if document.sealed else None,
    )  # fmt: skip


def _known(warehouse: Warehouse, provider: Provider, on: date, *, is_full_due: bool) -> Known:
    """Read what a provider knows, for its workbook: nothing else needs it.

    One that may serve no longer is told of the ends alone: its workbook does not repeat whom it had.
    """
    if "xlsx" not in provider.formats or not (provider.active and provider.ji_provider):
        return Known()
    return known_by(warehouse, provider.npi, on, is_full_due=is_full_due)


def _edition(
    due: ProviderRows, config: ExchangeConfig, layout: OutboundLayout, on: date, scope: str, rows: Sequence[Row],
    members: Sequence[Row], previous: str | None,
) -> Edition:  # fmt: skip
    """Say what the workbook of a file tells: that of a full file, too, what is new today."""
    is_full, known = scope == "FULL", due.known
    return Edition(
        provider=due.provider, business_date=on, scope=scope, previous=previous,
        news=[*known.tonight, *due.delta] if is_full else rows,
        before=known.yesterday if is_full else known.members,
        members=members, waiting=known.waiting, columns=layout.column_names, contact=config.plan.contact,
    )  # fmt: skip


def _contents() -> str:
    """Build the statement that decides which fields leave (R37): the allow-list, less for an assignment that ended."""
    told = [column for column in COLUMNS if column.name not in _SAID_BY_THE_ROW]
    when_open = ", ".join(f"'{c.name}': CAST({c.name} AS VARCHAR)" for c in told)
    when_ended = ", ".join(
        f"'{c.name}': {f'CAST({c.name} AS VARCHAR)' if c.on_term else 'NULL::VARCHAR'}" for c in told
    )
    return f"""CREATE OR REPLACE TEMP TABLE contents AS
        SELECT assignment_id, to_json(CASE WHEN is_open THEN {{{when_open}}} ELSE {{{when_ended}}} END) AS content
        FROM assignment_rows"""  # noqa: S608 - column names from the allow-list


def _rows_by_provider(
    warehouse: Warehouse, which: str, action: str, reason: str, **given: list[str]
) -> dict[str, list[Row]]:
    found = warehouse.rows(
        f"""SELECT npi, {action}, {reason}, row_hash, content FROM compared
            WHERE {which} ORDER BY npi, content ->> 'last_name', content ->> 'first_name', assignment_id""",  # noqa: S608
        given,
    )
    by_provider: dict[str, list[Row]] = {}
    for npi, record_action, change_reason, row_hash, content in found:
        by_provider.setdefault(npi, []).append(row_of(record_action, change_reason, row_hash, content))
    return by_provider
