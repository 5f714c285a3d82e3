"""pyx12's full validation against the guide's map, with a null error handler: nothing is written, only the verdict."""

import json
import logging
import sys
from pathlib import Path

from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

logging.disable(logging.CRITICAL)
with Path(sys.argv[1]).open(encoding="ascii", newline="") as text:
    print(json.dumps({"accepted": x12n_document(ParamsBase(), text, None, None)}))
