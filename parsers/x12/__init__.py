"""X12 files: the 834 into enrollment tables, its envelope, its conformance. pyx12 is used here alone."""
