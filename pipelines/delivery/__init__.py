"""Assignments -> each provider's folder: what is new for it since what it was last told, once, verified."""
