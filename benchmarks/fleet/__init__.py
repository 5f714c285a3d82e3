"""Nights of many plans on many workers: measured on one machine, and simulated for fleets that are larger.

`sizes` says how large plans are, `nights` what single nights took, `cost` fits what they cost, `simulate` lets workers
share them; `tables` writes what `docs/scale.md` shows.
"""
