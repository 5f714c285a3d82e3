"""Enrollment facts -> members and coverage months, as the newest file that speaks of each says."""

from pipelines.enrollment.apply import apply_enrollment

__all__ = ["apply_enrollment"]
