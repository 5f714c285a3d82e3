"""What all tests share: the table of faults survived, which only the process that gathers reports can print; a real
server; a line that breaks; the guard that finds people in what tests print.
"""

import pytest

pytest_plugins = ["tests.faults.tally", "tests.line", "tests.openssh", "tests.security.guard"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="inject faults at every place and with more seeds")


@pytest.fixture(scope="session")
def deep(request: pytest.FixtureRequest) -> bool:
    """Whether to go through every case, however long it takes."""
    return bool(request.config.getoption("--deep"))
