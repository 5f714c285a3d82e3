"""How fast files go to a partner and come back, beside others on the same OpenSSH server: `make bench TRANSFER=1`."""
