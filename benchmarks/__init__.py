"""How fast the 834 engine is, beside others that read the same file: `make bench` measures and writes the tables.

Nothing of the project imports this, and nothing here judges: a shared machine is slow on some days, so that what counts
are ratios between programs that took turns in one run.
"""
