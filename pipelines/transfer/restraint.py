"""What is asked of a server less than it offers: some promise in their greeting what they do not keep."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines.transfer.session import Offer


@dataclass(frozen=True)
class Restraint:
    """Bounds on what is made use of; `None` is no bound.

    Attributes
    ----------
    request_size
        Bytes per read and write request.
    files_at_once
        Files under way at once on one connection.
    without
        Extensions that are not used although they are offered, by their names on the wire.
    """

    request_size: int | None = None
    files_at_once: int | None = None
    without: frozenset[bytes] = frozenset()

    def of(self, offer: Offer) -> Offer:
        """Return what of an offer is left."""
        return replace(
            offer,
            read=min(offer.read, self.request_size or offer.read),
            write=min(offer.write, self.request_size or offer.write),
            open_files=min(offer.open_files, self.files_at_once or offer.open_files),
            extensions=offer.extensions - self.without,
        )


NO_RESTRAINT = Restraint()
