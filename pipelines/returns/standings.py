"""What the words mean that providers tell a member's ECM status by: a closed list, compared without case or signs.

No list of these words is published, and providers write their own. A word that is not here means nothing: it is kept,
shown as it came, and nobody is asked about it.
"""

from __future__ import annotations

import pandas as pd

STANDINGS: dict[str, tuple[str, ...]] = {
    standing: tuple(word.strip() for word in words.split(","))
    for standing, words in {
        "OUTREACH": """
            outreach, in outreach, outreach in progress, outreach initiated, attempting outreach, new, referred,
            assigned, pending, pending outreach, pending enrollment, not enrolled, not yet enrolled
        """,
        "SERVED": """
            enrolled, newly enrolled, active, open, engaged, accepted, opted in, opt in, in care, receiving ecm,
            receiving services, continuing, reenrolled, re enrolled
        """,
        "ENDED": """
            discontinued, disenrolled, dis enrolled, ended, closed, terminated, termed, inactive, declined, refused,
            opted out, opt out, graduated, completed, unable to reach, unable to contact, unable to locate,
            lost to follow up, deceased, moved, transferred, excluded, not eligible, ineligible
        """,
    }.items()
}
"""OUTREACH: not in ECM yet. SERVED: in ECM. ENDED: not any more, for whatever reason."""


def standings_table() -> pd.DataFrame:
    """The list as a table: word, standing."""
    rows = [(word, standing) for standing, words in STANDINGS.items() for word in words]
    return pd.DataFrame(rows, columns=["word", "standing"])
