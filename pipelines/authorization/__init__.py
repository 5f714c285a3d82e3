"""Episodes -> ECM authorizations (rules R2 to R6)."""

from pipelines.authorization.derive import derive_authorizations

__all__ = ["derive_authorizations"]
