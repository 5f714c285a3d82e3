"""Landed files -> facts and quarantine: one transaction for each file, one bad row never stops the others."""
