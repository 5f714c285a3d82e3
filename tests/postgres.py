"""A real PostgreSQL server, started when it is first asked for: each test takes plans of its own in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dagster_project.fleet.rehearsal.parts import Part, postgres


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Part]:
    with postgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server
