"""linuxforhealth-x12's models: the transaction set as one tree of validated Pydantic objects.

It refuses the files as DHCS writes them, because it does not know some codes of the guide; so it is given them with
codes that it knows.
"""

import json
import re
import sys
from pathlib import Path

from linuxforhealth.x12.io import X12ModelReader

KNOWN = {"**AC~": "**FT~", "~REF*6O*": "~REF*ABB*", "~REF*F6*": "~REF*D3*", "~NM1*31*1~": "~NM1*31*1*SAME~"}
"""What is replaced, by what: INS08, two qualifiers of REF in loop 2000, the name of 2100C that is left out."""

text = re.sub(
    "|".join(map(re.escape, KNOWN)), lambda found: KNOWN[found[0]], Path(sys.argv[1]).read_text(encoding="ascii")
)
with X12ModelReader(text) as reader:
    members = sum(len(model.loop_2000) for model in reader.models())
print(json.dumps({"members": members}))
