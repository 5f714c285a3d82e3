"""hccinfhir's 834 parser for files of DHCS: one Pydantic object a member, from the whole text at once."""

import json
import sys
from pathlib import Path

from hccinfhir.extractor_834 import extract_enrollment_834

print(json.dumps({"members": len(extract_enrollment_834(Path(sys.argv[1]).read_text(encoding="ascii")))}))
