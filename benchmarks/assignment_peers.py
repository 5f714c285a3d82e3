"""Other ways to choose for the members of a night: in rounds, and one member after the other.

Both choose among the same members, providers and places as the station, which left them in the session's tables.
"""

from __future__ import annotations

import pandas as pd

from pipelines.warehouse import Warehouse

_ASKABLE = """
CREATE OR REPLACE TEMP TABLE askable AS
SELECT n.cin, n.priority, f.npi, f.mismatch, md5(concat_ws('|', n.cin, f.npi)) AS tie
FROM waiting AS n
JOIN fits AS f ON f.profile = n.profile AND f.fit = 'FITS'
"""

_ROUND = """
INSERT INTO granted
WITH free AS (
    SELECT l.npi, l.capacity - l.open - count(g.cin) AS places, (l.open + count(g.cin)) / l.capacity AS load
    FROM loads AS l
    LEFT JOIN granted AS g ON g.npi = l.npi
    WHERE l.capacity > 0
    GROUP BY l.npi, l.capacity, l.open
),
asked AS (
    SELECT a.cin, a.npi, a.priority, free.places
    FROM askable AS a
    JOIN free ON free.npi = a.npi AND free.places > 0
    WHERE a.cin NOT IN (SELECT cin FROM granted)
    QUALIFY row_number() OVER (PARTITION BY a.cin ORDER BY a.mismatch, free.load, a.tie) = 1
)
SELECT cin, npi, 50, 'RULE'
FROM asked
QUALIFY row_number() OVER (PARTITION BY npi ORDER BY priority)
    <= greatest(1, least(places // 20, count(*) OVER (PARTITION BY npi) // 4))
"""


def rounds(warehouse: Warehouse) -> None:
    """Let everyone left ask the best-fitting, emptiest provider, which takes the most urgent few, again and again."""
    warehouse.run(_ASKABLE)
    granted = -1
    while granted != (granted := warehouse.value("SELECT count(*) FROM granted")):
        warehouse.run(_ROUND)


def one_by_one(warehouse: Warehouse) -> None:
    """Give each member, the most urgent first, the best-fitting, emptiest provider that has a place then."""
    waiting = warehouse.rows("SELECT cin, profile FROM waiting ORDER BY priority")
    fitting: dict[int, list[tuple[int, bool, int, str]]] = {}
    for profile, *fit in warehouse.rows(
        "SELECT profile, mismatch, NOT served_before, tie, npi FROM fits WHERE fit = 'FITS' ORDER BY ALL"
    ):
        fitting.setdefault(profile, []).append((fit[0], fit[1], fit[2], fit[3]))
    loads = {npi: [open_, capacity] for npi, open_, capacity in warehouse.rows("SELECT npi, open, capacity FROM loads")}
    chosen = []
    for cin, profile in waiting:
        able = [
            (mismatch, stranger, loads[npi][0] / loads[npi][1], tie, npi)
            for mismatch, stranger, tie, npi in fitting.get(profile, ())
            if loads[npi][0] < loads[npi][1]
        ]
        if able:
            npi = min(able)[-1]
            loads[npi][0] += 1
            chosen.append((cin, npi))
    warehouse.lend("chosen", pd.DataFrame(chosen, columns=["cin", "npi"], dtype="str"))
    warehouse.run("INSERT INTO granted SELECT cin, npi, 50, 'RULE' FROM chosen")
