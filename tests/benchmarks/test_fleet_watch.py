"""What processes took is what the system says of them, with all that came of them."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.fleet.watch import watching

_BUSY = """
import subprocess, sys, time
held = bytearray(60_000_000)
subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.4: pass"], check=True)
print("done", flush=True)
sys.stdin.read()
"""


def test_a_group_counts_with_the_children_that_have_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", _BUSY], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with watching({"busy": [process.pid]}) as taken:
            process.stdout.readline()
        process.stdin.close()
    assert 0.4 <= taken["busy"].cpu_seconds < 2
    assert 60 <= taken["busy"].peak_mb <= taken["busy"].together_mb < 200
