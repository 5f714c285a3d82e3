"""The positions of all delimiters, found by numpy and dropped: the floor for reading by columns of bytes."""

import json
import sys
from pathlib import Path

import numpy as np

found = 0
with Path(sys.argv[1]).open("rb", buffering=0) as stream:
    while piece := stream.read(2 << 20):
        data = np.frombuffer(piece, np.uint8)
        found += len(np.flatnonzero((data == ord("*")) | (data == ord("~"))))
print(json.dumps({"delimiters": found}))
