"""The bytes of the file, read once and dropped: what nothing can be faster than."""

import json
import sys
from pathlib import Path

with Path(sys.argv[1]).open("rb", buffering=0) as stream:
    size = sum(iter(lambda: len(stream.read(4 << 20)), 0))
print(json.dumps({"bytes": size}))
