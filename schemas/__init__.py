"""What data looks like: tables, code lists, findings and file layouts. This floor knows nothing of the others."""
