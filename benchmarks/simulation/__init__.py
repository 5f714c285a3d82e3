"""A plan's nights in a row, with all its partners: what they take, and what grows. `python -m benchmarks.simulation`.

`history` lives through the days, `inboxes` writes what the partners send of them, `plan` the configuration and the
providers; `partners` serves their folders, `night` runs one night in a process of its own, `report` makes the tables.
"""
