"""A plan's exchange in the small: facts put straight into the warehouse, and the rule stations run over them.

One store serves a whole test process and is emptied before each test; opening one costs more than the rules do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.assignment import assign_members
from pipelines.authorization import derive_authorizations
from pipelines.clocks import derive_clocks
from pipelines.config import ExchangeConfig, Roster
from pipelines.config.providers import Provider
from pipelines.enrollment import apply_enrollment
from pipelines.identity import match_identities, resolve_aliases
from pipelines.intake.file_names import FileOrder
from pipelines.justice_involved import derive_episodes
from pipelines.returns import derive_reports
from pipelines.warehouse import Warehouse, open_warehouse
from schemas.codes import npi_is_valid

JI_AID_CODE = "JX"
EMPTIED = ("ledger", "facts", "quarantine", "exchange")


def day(text: str | date) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


def npi(number: int) -> str:
    """Make the `number`-th NPI of the tests, check digit included."""
    return next(f"1{number:08d}{digit}" for digit in range(10) if npi_is_valid(f"1{number:08d}{digit}"))


def cin(number: int) -> str:
    """Make a CIN of a form never issued."""
    return f"9{number:07d}B"


def settings(home: Path, **tables: Any) -> ExchangeConfig:
    """Build a configuration; keyword arguments replace whole tables of `exchange.toml`."""
    server = {"host": "127.0.0.1", "username": "dhcs", "key_file": "/nowhere", "known_hosts": "/nowhere"}
    raw: dict[str, Any] = {
        "plan": {"name": "Sample Health Plan", "id": "SHP", "hcp_codes": ["010", "011"], "counties": ["Fresno"]},
        "paths": {"home": home},
        "sources": [{"name": "dhcs", "kind": "834", "layout": "dhcs", "folder": "/", "pattern": "*", **server}],
        "delivery": {"providers": "/nowhere"},
        "justice_involved": {
            "locators": [
                {
                    "name": "special aid code",
                    "segment": "2300/REF*CE",
                    "slots": [3, 5, 7],
                    "one_of": [JI_AID_CODE],
                    "months": "current",
                }
            ],
            "hcp_status": {
                "active": ["01", "51"],
                "hold": ["05", "55"],
                "terminated": ["00"],
                "not_covered": ["59"],
            },
        },
    }
    return ExchangeConfig.model_validate(raw | tables)


def provider(number: int, **given: Any) -> Provider:
    """Build a provider of the roster: active, JI-capable, Fresno, adults, English, ten places."""
    columns: dict[str, Any] = {
        "npi": npi(number), "name": f"Provider {number}", "tin": "000000000", "active": True, "ji_provider": True,
        "service_scope": "PRE_RELEASE", "counties": ("Fresno",), "populations": ("ADULT",), "languages": ("ENG",),
        "capacity": 10, "host": "127.0.0.1", "port": 22, "username": f"provider{number}", "key_file": "/nowhere",
        "folder": "/assignments", "formats": ("csv",), "full_day": "MON",
    }  # fmt: skip
    return Provider.model_validate(columns | given)


@dataclass(frozen=True)
class ReceivedFile:
    """A file of the ledger whose rows are facts."""

    file_id: str
    file_order: int
    file_date: date
    source: str


@dataclass
class Exchange:
    """The store with builders of facts and the stations in their order."""

    warehouse: Warehouse
    config: ExchangeConfig
    roster: Roster = field(default_factory=lambda: Roster((provider(1), provider(2))))
    rows: int = 0

    def configure(self, **tables: Any) -> None:
        self.config = settings(self.warehouse.home, **tables)

    def providers(self, *listed: Provider) -> None:
        self.roster = Roster(tuple(sorted(listed, key=lambda each: each.npi)))

    def file(
        self,
        dated: str | date,
        sequence: int = 1,
        scope: str = "DAILY",
        *,
        kind: str = "834",
        source: str = "",
        name: str = "",
    ) -> ReceivedFile:
        """Enter an accepted file into the ledger."""
        on, source = day(dated), source or {"834": "dhcs", "mini_mif": "community"}.get(kind, kind)
        file_id = name or f"{source}-{on}-{scope}-{sequence}"
        rank = FileOrder(on, sequence, scope).rank
        texts = dict.fromkeys(("name", "layout", "sha256", "reason", "detail"), "")
        counts = dict.fromkeys(("size", "modified", "rows_in", "rows_loaded", "rows_rejected", "rows_duplicate"), 0)
        arrival = self.warehouse.value("SELECT count(*) + 1 FROM ledger.files")
        self._insert(
            "ledger.files",
            texts
            | counts
            | {
                "file_id": file_id, "source": source, "kind": kind, "business_date": on, "arrival": arrival,
                "file_date": on, "sequence": sequence, "scope": scope, "file_order": rank, "status": "ACCEPTED",
                "rows_warned": 0, "applied": False,
            },
        )  # fmt: skip
        return ReceivedFile(file_id, rank, on, source)

    def member(
        self,
        file: ReceivedFile,
        cin: str,
        coverage: Iterable[dict[str, Any]] = (),
        reporting: Iterable[dict[str, Any]] = (),
        **columns: Any,
    ) -> None:
        """Put what an 834 says of one person (an INS loop) into the facts."""
        self.rows += 1
        stamp = {"file_id": file.file_id, "file_order": file.file_order, "cin": cin}
        defaults = {
            "maintenance_type": "001", "last_name": f"Quillon{cin}", "first_name": "Ardith", "birth_date": "1984-03-12",
            "gender": "F", "language": "ENG", "address_1": "1 Elm Way", "city": "Fresno", "state": "CA", "zip": "93701",
            "county_code": "10", "ref_0f": f"M{cin}",
        }  # fmt: skip
        stamp["member_no"] = columns.pop("member_no", self.rows)
        segment_no = stamp["member_no"] * 100
        self._insert("facts.enrollment_members", defaults | stamp | {"segment_no": segment_no} | columns)
        for number, loop in enumerate(coverage, start=1):
            self._insert("facts.enrollment_coverage", stamp | {"segment_no": segment_no + number} | loop)
        for number, loop in enumerate(reporting, start=51):
            self._insert("facts.enrollment_reporting", stamp | {"segment_no": segment_no + number} | loop)

    @staticmethod
    def coverage(month: str, status: str, *, ji: bool = False, **columns: Any) -> dict[str, Any]:
        """Give one benefit month (an HD loop) of the plan's first HCP code."""
        first = date.fromisoformat(f"{month}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return {
            "maintenance_type": "001", "insurance_line": "HLT", "hcp_code": "010", "hcp_status": status,
            "benefit_begin": first, "benefit_end": last, "benefit_month": first, "aid_code": "M1",
            "ref_ce": f"M1;4;{JI_AID_CODE};4" if ji else "M1;4",
        } | columns  # fmt: skip

    def seen(self, dated: str | date, cin: str, *months: dict[str, Any], sequence: int = 1, **columns: Any) -> None:
        """Let a daily 834 that names this person alone arrive."""
        self.member(self.file(dated, sequence, name=f"dhcs-{dated}-{sequence}-{cin}"), cin, months, **columns)

    def referral(self, file: ReceivedFile, cin: str | None, **columns: Any) -> None:
        self._insert(
            "facts.referrals",
            self._row(file)
            | {
                "referral_id": f"R-{cin}", "record_action": "ADD", "referral_received_date": file.file_date,
                "cin": cin, "pof_justice_involved": "Y",
            }
            | columns,
        )  # fmt: skip

    def notice(self, file: ReceivedFile, cin: str | None, **columns: Any) -> None:
        defaults = {"notice_id": f"N-{cin}", "facility_name": "Brindlemoor Jail", "cin": cin, "consent_on_file": "Y"}
        self._insert("facts.release_notices", self._row(file) | defaults | columns)

    def mif(self, file: ReceivedFile, cin: str, **columns: Any) -> None:
        self._insert(
            "facts.mif_members",
            self._row(file)
            | {
                "cin": cin, "pof_justice_involved": "Y", "member_record_status": "CONTINUING",
                "ecm_assignment_date": file.file_date, "ecm_provider_npi": npi(1),
            }
            | columns,
        )  # fmt: skip

    def returned(self, file: ReceivedFile, cin: str, npi: str, **columns: Any) -> None:
        """Let a provider report on one of its members."""
        self._insert("facts.return_transmissions", self._row(file) | {"cin": cin, "reporting_npi": npi} | columns)

    def attempted(self, file: ReceivedFile, cin: str, npi: str, on: str | date, **columns: Any) -> None:
        """Let a provider tell of an attempt to reach a member by phone, in vain unless told otherwise."""
        told = {"attempt_date": day(on), "attempt_method": "PHONE", "attempt_successful": "N"}
        stamp = self._row(file) | {"cin": cin, "reporting_npi": npi}
        self._insert("facts.outreach_attempts", stamp | told | columns)

    def referred(self, dated: str | date, cin: str | None, sequence: int = 1, **columns: Any) -> None:
        """Let a referral file with this person alone arrive."""
        source = columns.pop("source", "community")
        name = f"{source}-{dated}-{sequence}-{cin}-{self.rows}"
        self.referral(self.file(dated, sequence, kind="mini_mif", source=source, name=name), cin, **columns)

    def noticed(self, dated: str | date, cin: str | None, **columns: Any) -> None:
        """Let a release notice of this person alone arrive."""
        source = columns.pop("source", "jail")
        file = self.file(dated, kind="release_notice", source=source, name=f"{source}-{dated}-{cin}-{self.rows}")
        self.notice(file, cin, **columns)

    def received(self, dated: str | date, cin: str | None, **columns: Any) -> None:
        """Let a receipt of this person's reentry care plan alone arrive: the plan has it."""
        kind = "care_plan_receipt"
        file = self.file(dated, kind=kind, source="receipts", name=f"receipts-{dated}-{cin}-{self.rows}")
        defaults = {
            "receipt_id": f"C-{cin}", "cin": cin, "facility_name": "Brindlemoor Jail", "received_by": "PLAN",
            "reentry_care_plan_received_date": file.file_date,
        }  # fmt: skip
        self._insert("facts.care_plan_receipts", self._row(file) | defaults | columns)

    def decision(self, cin: str, npi: str, on: str | date) -> None:
        """Store a decision of the JI liaison."""
        sequence = self.warehouse.value("SELECT count(*) + 1 FROM facts.liaison_decisions")
        columns = {"decision_id": f"D{sequence}", "decided_on": day(on), "sequence": sequence, "cin": cin, "npi": npi}
        self._insert("facts.liaison_decisions", columns | {"reason": "known", "decided_by": "liaison"})

    def authorize(self, night: str | date, *, everyone: bool = False) -> None:
        """Run the stations from the members to the authorizations as of a night."""
        on = day(night)
        apply_enrollment(self.warehouse, self.config, everyone=everyone)
        resolve_aliases(self.warehouse, self.config, on)
        match_identities(self.warehouse, self.config, on)
        derive_episodes(self.warehouse, self.config, on)
        derive_authorizations(self.warehouse, self.config.authorization, on, self.config.plan.holidays)

    def derive(self, night: str | date, *, everyone: bool = False) -> dict[str, int]:
        """Run the stations from the members to the clocks as of a night; return the new assignments by method."""
        on = day(night)
        self.authorize(on, everyone=everyone)
        made = assign_members(self.warehouse, self.config.assignment, self.roster, on)
        derive_reports(self.warehouse)
        plan = self.config.plan
        derive_clocks(self.warehouse, self.config.clocks, on, plan.holidays, plan.timezone)
        return made

    def all(self, table: str, cin: str | None = None, order: str = "ALL") -> list[dict[str, Any]]:
        """Return the rows of a table, of one member or of all, as dictionaries with plain dates and None."""
        where = "" if cin is None else "WHERE cin = $cin"
        cursor = self.warehouse.connection.execute(
            f"SELECT * FROM {table} {where} ORDER BY {order}",  # noqa: S608 - names from the tests
            {} if cin is None else {"cin": cin},
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, table: str, cin: str | None) -> dict[str, Any]:
        """Return the only row a member has in a table, or of a table that has but one."""
        found = self.all(table, cin)
        assert len(found) == 1, f"{len(found)} rows in {table}"
        return found[0]

    def episodes(self, cin: str) -> list[dict[str, Any]]:
        return self.all("exchange.ji_episodes", cin, "ordinal")

    def authorizations(self, cin: str) -> list[dict[str, Any]]:
        """Authorizations in the order of their episodes."""
        found = {row["episode_id"]: row for row in self.all("exchange.ecm_authorizations", cin)}
        return [found[episode["episode_id"]] for episode in self.episodes(cin)]

    def open_assignment(self, cin: str) -> dict[str, Any]:
        found = [row for row in self.all("exchange.ecm_assignments", cin) if row["ended_on"] is None]
        assert len(found) == 1, f"{len(found)} open assignments"
        return found[0]

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Return every derived table, for comparing two ways to the same end."""
        tables = ("members", "coverage_months", "ji_evidence", "cin_aliases", "prior_identifiers", "identities",
                  "identity_proposals", "ji_statements", "ji_steps", "ji_episodes", "ji_contradictions",
                  "ecm_authorizations", "ecm_assignments", "unassigned", "unassigned_candidates", "provider_reports",
                  "contact_attempts", "care_days", "clocks")  # fmt: skip
        return {table: self.all(f"exchange.{table}") for table in tables}

    def clear(self) -> None:
        """Empty every table."""
        with self.warehouse.transaction():
            for schema, table in self.warehouse.rows(
                "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'warehouse'"
            ):
                if schema in EMPTIED:
                    self.warehouse.run(f"DELETE FROM {schema}.{table}")  # noqa: S608 - from the catalogue
        self.config = settings(self.warehouse.home)
        self.providers(provider(1), provider(2))

    def _row(self, file: ReceivedFile) -> dict[str, Any]:
        self.rows += 1
        return {"row_no": self.rows, "line_no": self.rows, **vars(file)}

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        names, values = ", ".join(row), ", ".join(f"${name}" for name in row)
        self.warehouse.run(f"INSERT INTO {table} ({names}) VALUES ({values})", row)  # noqa: S608 - names of columns


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path_factory.mktemp("plan") / "home") as warehouse:
        yield warehouse


@pytest.fixture(scope="session")
def a_exchange(store: Warehouse) -> Exchange:
    """The exchange as the last test left it; whoever uses it clears it first."""
    return Exchange(store, settings(store.home))


@pytest.fixture
def exchange(a_exchange: Exchange) -> Exchange:
    """An exchange without facts, with two equal providers in Fresno."""
    a_exchange.clear()
    return a_exchange


@pytest.fixture(scope="session")
def person() -> Any:
    """Function that makes the CIN of the n-th test person."""
    return cin


@pytest.fixture(scope="session")
def npi_of() -> Any:
    """Function that makes the NPI of the n-th test provider."""
    return npi


@pytest.fixture(scope="session")
def a_provider() -> Any:
    """Function that builds the n-th provider of a roster."""
    return provider
