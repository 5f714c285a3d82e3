"""No key, password or token stands in a file that is handed on: detect-secrets looks at every line of each.

What only looks like one is named below with its reason, or in its own line by a comment `# pragma: allowlist secret`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings

FILTERS = "detect_secrets.filters"

NO_SECRET_FILES = (
    r"/golden/",  # what the program writes about invented people, byte by byte
)
NO_SECRET_LINES = (
    r"^\s+--hash=sha256:[0-9a-f]{64}( \\)?$",  # of a lock
    r'^DECLARED = \(\d+, "[0-9a-f]{64}"\)$',  # of the store's shape
    r'\bpassword_env"?[ :=]+"[A-Z_]+"',  # names a variable; a secret never stands in the configuration
    r"^\s+secretName: plan-[a-z0-9]+-keys$",  # names a Secret of a cluster; a manifest never holds one
)
NO_SECRETS = (
    r"^(canary-5550100|guess|hunter2|other|phrase|x)$",  # passwords of tests
    r"^9\d{7}[A-Za-z][\dA-Z]*$",  # a CIN, alone or with what follows it on a card
)


def tracked(root: Path) -> list[str]:
    """Name the files that belong to the project, relative to its folder `root`."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True)  # noqa: S607  # git is where the path says
    return [name for name in told.stdout.split("\0") if (root / name).is_file()]


def places(root: Path, names: Iterable[str]) -> list[str]:
    """Tell where a secret seems to stand, as `file:line: kind`; the secret itself is not repeated."""
    found = SecretsCollection(str(root))
    with default_settings() as settings:
        settings.configure_filters(
            [
                {"path": f"{FILTERS}.allowlist.is_line_allowlisted"},
                {"path": f"{FILTERS}.regex.should_exclude_file", "pattern": list(NO_SECRET_FILES)},
                {"path": f"{FILTERS}.regex.should_exclude_line", "pattern": list(NO_SECRET_LINES)},
                {"path": f"{FILTERS}.regex.should_exclude_secret", "pattern": list(NO_SECRETS)},
            ]
        )
        settings.disable_plugins("IPPublicDetector")  # an address is no secret
        for name in names:
            found.scan_file(name)
    return sorted(f"{name}:{secret.line_number}: {secret.type}" for name, secret in found)
