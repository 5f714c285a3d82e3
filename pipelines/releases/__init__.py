"""What a check holds, a person can let through: once, exactly that, and on the record."""

from pipelines.releases.inbound import FILE_CODES, READ_AGAIN, apply_file_releases
from pipelines.releases.record import Released, ReleaseRefused, release

__all__ = ["FILE_CODES", "READ_AGAIN", "ReleaseRefused", "Released", "apply_file_releases", "release"]
