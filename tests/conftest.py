"""What all tests share: the table of faults survived, which only the process that gathers reports can print."""

pytest_plugins = ["tests.faults.tally"]
