"""What all tests share: the table of faults survived, which only the process that gathers reports can print; a real
server; a line that breaks; the guard that finds people in what tests print.
"""

import pytest

pytest_plugins = ["tests.faults.tally", "tests.line", "tests.openssh", "tests.security.guard"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="inject faults at every place and with more seeds")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "deep: takes long and finds what others find too; only with --deep")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--deep"):
        return
    left_out = [item for item in items if item.get_closest_marker("deep")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not item.get_closest_marker("deep")]


@pytest.fixture(scope="session")
def deep(request: pytest.FixtureRequest) -> bool:
    """Whether to go through every case, however long it takes."""
    return bool(request.config.getoption("--deep"))
