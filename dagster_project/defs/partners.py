"""The outside world: where files come from and where they go. Nothing here is made by the exchange."""

from __future__ import annotations

import dagster as dg

from dagster_project.partner_inboxes import inboxes

_SAID_BY_THE_LIAISON = (
    (
        "liaison_decisions",
        "assignment",
        "Whom the JI liaison chose for a member (`assign`): above every rule.",
    ),
    ("liaison_events", "assignment", "What the JI liaison knows was done (`record`): it opens and meets clocks."),
    ("identity_decisions", "referrals", "Whom a row means, as the JI liaison says (`identity accept`, `reject`)."),
    ("cin_merges", "referrals", "CINs that are one person, as the JI liaison says (`identity merge`, `unmerge`)."),
)

_DELIVERED = [dg.AssetKey(["delivery", "deliveries"])]


@dg.definitions
def partners() -> dg.Definitions:
    """Describe each partner's inbox as configured, the folders that receive, and the liaison's word."""
    return dg.Definitions(
        assets=[
            *inboxes(),
            dg.AssetSpec(
                "provider_folders",
                deps=_DELIVERED,
                group_name="delivery",
                kinds={"sftp"},
                owners=["team:ecm-providers"],
                description="Each ECM provider's own folder on its sFTP server: what is new for it, once, every "
                "business day.",
            ),
            dg.AssetSpec(
                "sender_responses",
                deps=_DELIVERED,
                group_name="delivery",
                kinds={"sftp"},
                owners=["team:partners"],
                description="Each sender's response folder: which rows were accepted, and what to correct in the "
                "others.",
            ),
            *(
                dg.AssetSpec(
                    ["facts", name],
                    group_name=group,
                    kinds={"duckdb"},
                    owners=["team:ji-liaison"],
                    description=description,
                )
                for name, group, description in _SAID_BY_THE_LIAISON
            ),
        ]
    )
