"""What must not be rewritten or forgotten: a chain of hashes beside the store, what each entry tells of, and a mark.

`<home>/audit/` follows `ledger.audit`, entry by entry. It is never rolled back: where the store is, by a lost
write-ahead log, a copy put back by hand or a backup, it says so, and holds what has to be entered again.
"""
