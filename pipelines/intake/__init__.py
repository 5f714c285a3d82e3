"""Partner sFTP -> landing and ledger: every file gets one row, whatever becomes of it."""
