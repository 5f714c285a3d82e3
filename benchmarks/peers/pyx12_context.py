"""pyx12's context reader: the loops of every member (2000) as trees of segments, errors to its null handler."""

import json
import sys
from pathlib import Path

from pyx12.error_handler import errh_null
from pyx12.params import ParamsBase
from pyx12.x12context import X12ContextReader

with Path(sys.argv[1]).open(encoding="ascii", newline="") as text:
    reader = X12ContextReader(ParamsBase(), errh_null(), text)
    members = sum(tree.id == "2000" for tree in reader.iter_segments("2000"))
print(json.dumps({"members": members}))
