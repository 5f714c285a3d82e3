"""TOML as people write it into files: whatever is wrong with it is one kind of error."""

from __future__ import annotations

import tomllib
from typing import Any


def parse_toml(text: str) -> dict[str, Any]:
    """Read a TOML document.

    Raises
    ------
    tomllib.TOMLDecodeError
        When it is none, also where the standard library's reader is overcome by it.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise tomllib.TOMLDecodeError("its values are nested too deeply") from None
    except ValueError:
        raise tomllib.TOMLDecodeError("one of its numbers has too many digits") from None
