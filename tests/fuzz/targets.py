"""All fuzz targets by name."""

from __future__ import annotations

from tests.fuzz import configuration, enrollment, lists, lists_loaded, workbooks

TARGETS = {
    target.name: target
    for target in (
        enrollment.READING,
        enrollment.LOADING,
        lists.LISTS,
        lists_loaded.LOADING,
        workbooks.WORKBOOKS,
        configuration.EXCHANGE,
        configuration.TABLES,
        configuration.LAYOUTS,
        configuration.OUTBOUND,
        configuration.PROFILES,
    )
}
