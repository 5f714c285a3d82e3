"""Many machines rehearsed on one: the real database, the real broker and real processes, on loopback only."""
