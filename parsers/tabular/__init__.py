"""Delimited and Excel files by layout: `read_tabular` turns one into a `TabularFile`."""

from parsers.tabular.reader import TabularFile, read_tabular

__all__ = ["TabularFile", "read_tabular"]
