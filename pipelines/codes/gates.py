"""Codes of gates (G): why they hold, an example. What each means and what to do stand in `pipelines.delivery.gates`."""

from __future__ import annotations

from pipelines.codes.effects import PROVIDER_HELD, ROWS_HELD
from pipelines.codes.explained import Explained
from pipelines.delivery.gates import GATES

# fmt: off
WHYS: dict[str, tuple[str, str]] = {
    "G01": ("The provider's account or folder bears another provider's NPI, a row of the finished file names another provider, or it was encrypted for another key. A file in a wrong folder is a breach.", "a line of the providers table was copied, and the folder still names the NPI of the other"),
    "G02": ("More than `[safety] max_roster_shrink` of the provider's open members would be ended at once: by an 834 that is cut, or a provider that does leave.", "31 of a clinic's 40 members end in one night"),
    "G03": ("The table says that it does not serve, and rows would tell it of people to serve.", "`active` was set to no while an assignment was on its way"),
    "G04": ("Many times as many as on its busiest day, and more than `[safety] growth_floor`: an error in the table or in reading the 834 brings such numbers, a full month rarely.", "a clinic that had 4 new members on its busiest day gets 130"),
    "G05": ("More than `[safety] doubtful_rejected_share` of the newest 834 was rejected. Whom it did bring may be right; whom it ends may not be.", "an 834 of which a third has no birth date"),
    "G06": ("The last 834 of a source that sends daily is more than `[safety] enrollment_stale_days` business days old. That coverage ran out may only mean that nobody has told of the next month.", "no 834 since Monday, and it is the first of the month"),
    "G07": ("The provider's public key has run out, was revoked, or its file is gone. Nothing goes unencrypted instead.", "a key that was made for two years, two years ago"),
}
# fmt: on

HELD = tuple(
    Explained(
        code,
        gate.meaning,
        WHYS[code][0],
        (
            gate.remedy,
            'Released it goes with the next run: `ecm-exchange release ID --reason "..." --by NAME`, then `ecm-exchange run`.'
            if gate.releasable
            else "Then `ecm-exchange run`: what waited goes out.",
        ),
        PROVIDER_HELD if code in ("G01", "G07") else ROWS_HELD,
        WHYS[code][1],
    )
    for code, gate in GATES.items()
)
