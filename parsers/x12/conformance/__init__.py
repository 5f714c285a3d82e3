"""Hold an 834 to the implementation guide as strictly as pyx12 does, at the speed of columns.

Columns of numbers prove what is right (`walk`, `values`); whatever they cannot prove is put to pyx12 itself, segment by
segment (`authority`, `envelope`), so that no verdict is milder than pyx12's and every place and code is its own.
"""

from parsers.x12.conformance.check import Examined, FileJudge, check_conformance, examine
from parsers.x12.conformance.envelope import NOT_FINISHED

__all__ = ["NOT_FINISHED", "Examined", "FileJudge", "check_conformance", "examine"]
