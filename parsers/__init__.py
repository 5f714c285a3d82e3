"""Bytes to tables: X12 files, and delimited or Excel files by layout. Knows the schemas and nothing above."""
