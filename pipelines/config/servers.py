"""What must be known of a partner's server beyond the way to it: how much it bears, and what it only seems to offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from pipelines.config.table import Table


class ServerRules(Table):
    """How one server, by host and port, is treated for every account on it; one that is not named needs nothing."""

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    connections: Annotated[int, Field(ge=1, le=16)] = 1
    """Accounts visited at once. Many servers drop or punish an address that comes with several connections."""
    time_limit: Annotated[float, Field(ge=1, le=14_400)] = 1800.0
    """Seconds that one visit to one account may take."""
    request_size: Annotated[int, Field(ge=1024, le=261_120)] | None = None
    """Bytes per request, where a server fails at what it says it can take."""
    files_at_once: Annotated[int, Field(ge=1, le=64)] | None = None
    """Files under way at once on one connection, where a server opens fewer."""
    without: tuple[Literal["fsync", "posix-rename", "statvfs"], ...] = ()
    """Extensions that the server offers and that do not work there."""


def rules_for(servers: Sequence[ServerRules], host: str, port: int) -> ServerRules:
    """Return the rules of a server, those without any bound where none are configured."""
    return next(
        (s for s in servers if (s.host.lower(), s.port) == (host.lower(), port)), ServerRules(host=host, port=port)
    )


def treated_twice(servers: Sequence[ServerRules]) -> bool:
    """Tell whether two tables speak of one server."""
    return any(count > 1 for count in Counter((s.host.lower(), s.port) for s in servers).values())
