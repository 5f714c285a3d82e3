"""A store in memory into which nights are written as they would stand there: what came, what went, what is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import ExchangeConfig
from pipelines.reporting.page import Stop, night_figures, render_page
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import declaration
from tests.pipelines.reporting.page.reading import Page

PLAN = "Sample Health Plan"


def day(text: str | date) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


@dataclass
class Nights:
    """Nights of one plan."""

    warehouse: Warehouse
    config: ExchangeConfig
    rows: int = 0

    def ran(self, on: str | date, *problems: str, status: str = "FINISHED", attempt: int = 1) -> None:
        """Let a run of a night stand in the ledger, with what it said a person should look at."""
        self._insert("ledger.runs", run_id=f"{on}-{attempt}", business_date=day(on), attempt=attempt, status=status,
                     problems=len(problems))  # fmt: skip
        for place, problem in enumerate(problems, start=1):
            self._insert("ledger.problems", business_date=day(on), place=place, problem=problem)

    def unread(self, on: str | date, source: str, code: str, left: str = "") -> None:
        """Let a source be one that could not be read."""
        self._insert("ledger.visits", business_date=day(on), source=source, code=code, left_codes=left)

    def came(self, on: str | date, source: str, kind: str = "mini_mif", rows: int = 10, **columns: Any) -> str:
        """Let a file arrive; of its rows those are loaded that are not told to be rejected. Returns its id."""
        self.rows += 1
        file_id = columns.pop("file_id", f"{self.rows:04d}{source}")
        rejected, held = columns.pop("rejected", {}), "reason" in columns
        bad = sum(rejected.values())
        self._insert(
            "ledger.files",
            **{
                "file_id": file_id, "source": source, "name": f"{source}.csv", "kind": kind, "layout": kind, "size": 1,
                "modified": 1, "sha256": "", "business_date": day(on), "arrival": self.rows, "file_date": day(on),
                "status": "HELD" if held else "ACCEPTED_WITH_ERRORS" if bad else "ACCEPTED", "reason": "", "detail": "",
                "rows_in": 0 if held else rows, "rows_loaded": 0 if held else rows - bad, "rows_rejected": bad,
                "rows_duplicate": 0, "rows_warned": 0, "applied": True, **columns,
            },
        )  # fmt: skip
        place = 0
        for code, times in rejected.items():
            for place in range(place + 1, place + times + 1):  # noqa: B020 - numbered through
                self._insert("quarantine.rows", file_id=file_id, row=place, column_name="cin", code=code,
                             severity="REJECT", original="somebody's row")  # fmt: skip
        return file_id

    def provider(self, npi: str, name: str) -> None:
        """Let a provider stand in the directory."""
        texts = dict.fromkeys(("facility_contracts", "counties", "populations", "languages", "tin", "host", "username",
                               "folder", "changed"), "")  # fmt: skip
        self._insert(
            "exchange.provider_directory", npi=npi, version=1, valid_from=date(2026, 1, 1), listed=True, name=name,
            active=True, ji_provider=True, service_scope="PRE_RELEASE", capacity=9, port=22, status="DUE", entry=1,
            **texts,
        )  # fmt: skip

    def went(
        self, on: str | date, npi: str, *actions: str, scope: str = "DELTA", arrived: str | date | None = None,
        status: str = "DELIVERED", reason: str = "",
    ) -> None:  # fmt: skip
        """Let a file with rows of these actions be written for a provider; it arrives the same night unless told."""
        self.rows += 1
        outbox_id, count = f"o{self.rows}", len(actions)
        self._outbox(outbox_id, on, "PROVIDER", npi, scope, count, status, reason)
        if status == "DELIVERED":
            self._insert(
                "delivery.deliveries", outbox_id=outbox_id, recipient=npi, name="", business_date=day(on),
                delivered_on=day(arrived or on), sha256="", size=1, rows=count, outcome=status, delivery=self.rows,
            )  # fmt: skip
            for number, action in enumerate(actions):
                self._insert(
                    "delivery.delivered_rows", delivery=self.rows, outbox_id=outbox_id, npi=npi,
                    assignment_id=f"a{number}", cin=f"9{number:07d}B", record_action=action, change_reason="",
                    row_hash="", content="{}",
                )  # fmt: skip

    def answered(self, on: str | date, source: str, status: str = "DELIVERED") -> None:
        """Let the answer to a source's file be written, and sent unless told."""
        self.rows += 1
        self._outbox(f"o{self.rows}", on, "SOURCE", source, "RESPONSE", 1, status, "")

    def held(self, on: str | date, npi: str, code: str, rows: int, hold_id: str = "held rows") -> None:
        """Let a gate hold rows for a provider."""
        self._insert("delivery.holds", hold_id=hold_id, business_date=day(on), npi=npi, code=code, rows=rows,
                     detail="12 of 20", content_hash="")  # fmt: skip
        self._outbox(hold_id, on, "PROVIDER", npi, "DELTA", rows, "HELD", code)

    def clock(self, due: str | date, status: str = "OPEN", met: str | date | None = None, name: str = "FOLLOW_UP",
              rule: str = "R11", number: int = 1) -> None:  # fmt: skip
        """Let clocks of one name fall due on a day."""
        for _ in range(number):
            self.rows += 1
            self._insert(
                "exchange.clocks", clock_id=f"c{self.rows}", cin=f"9{self.rows:07d}B", rule=rule, name=name,
                trigger_date=day(due), days=7, unit="CALENDAR", due=day(due), is_target=True, status=status,
                met_on=None if met is None else day(met), calendar="",
            )  # fmt: skip

    def assigned(self, on: str | date, *, late: bool, number: int = 1) -> None:
        """Let people be assigned to a provider in a night."""
        for _ in range(number):
            self.rows += 1
            self._insert(
                "exchange.ecm_assignments", assignment_id=f"s{self.rows}", decision=self.rows,
                cin=f"9{self.rows:07d}B", npi="1", method="RULE", assigned_on=day(on), late_add=late, reason="",
            )  # fmt: skip

    def waits(self, work_list: str, number: int = 1) -> None:
        """Let items stand on a work list."""
        for _ in range(number):
            self.rows += 1
            self._insert("exchange.work_items", item_id=f"w{self.rows}", list=work_list, cin=f"9{self.rows:07d}B",
                         priority=1, reason="", rule="")  # fmt: skip

    def html(self, on: str | date, stop: Stop | None = None, sources: tuple[str, ...] = ()) -> str:
        return render_page(night_figures(self.warehouse, day(on), sources), PLAN, stop).decode("utf-8")

    def page(self, on: str | date, stop: Stop | None = None, sources: tuple[str, ...] = ()) -> Page:
        """Read the page of a night."""
        return Page.read(self.html(on, stop, sources))

    def _outbox(
        self, outbox_id: str, on: str | date, kind: str, recipient: str, scope: str, rows: int, status: str, reason: str
    ) -> None:
        self._insert(
            "delivery.outbox", outbox_id=outbox_id, recipient_kind=kind, recipient=recipient, business_date=day(on),
            sequence=self.rows, scope=scope, part=1, name="", folder="", path="", sha256="", size=1, rows=rows,
            status=status, reason=reason,
        )  # fmt: skip

    def _insert(self, table: str, **row: Any) -> None:
        names, values = ", ".join(row), ", ".join(f"${name}" for name in row)
        self.warehouse.run(f"INSERT INTO {table} ({names}) VALUES ({values})", row)  # noqa: S608 - names of columns


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(declaration())
    yield connection
    connection.close()


@pytest.fixture
def nights(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Iterator[Nights]:
    """No night yet; whatever the test writes is undone after it."""
    server = {"host": "127.0.0.1", "username": "dhcs", "key_file": "/nowhere", "known_hosts": "/nowhere"}
    config = ExchangeConfig.model_validate(
        {
            "plan": {"name": PLAN, "id": "SHP", "hcp_codes": ["010"], "counties": ["Fresno"]},
            "paths": {"home": tmp_path / "home"},
            "sources": [
                {"name": "dhcs", "kind": "834", "layout": "dhcs", "folder": "/", "pattern": "*", **server},
            ],
            "delivery": {"providers": "providers.csv"},
            "justice_involved": {"locators": [], "hcp_status": {"active": ["01"]}},
        }
    )
    warehouse = Warehouse(connection, tmp_path / "home")
    with warehouse.rehearsal():
        yield Nights(warehouse, config)
