"""The stations a file passes, from a partner's sFTP server to the providers' folders, and the command line."""
