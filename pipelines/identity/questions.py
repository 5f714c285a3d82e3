"""What the liaison is asked about identities: one query, for the work lists, the checks and the command line."""

from __future__ import annotations

REASONS: dict[str, tuple[str, str]] = {
    "CIN_OF_ANOTHER": (
        "the CIN is a member's whose name and birth date are both others",
        "Ask the sender whom the row means; accept the member or reject the row.",
    ),
    "ANOTHER_OF_THE_FAMILY": (
        "the CIN's holder has this last name and another first name",
        "Find out which of the family is meant, a twin perhaps; accept the member or reject the row.",
    ),
    "ANOTHER_MEMBER_FITS": (
        "the name and birth date are wholly those of another member than the CIN's",
        "Find out which of the two is meant and accept that member.",
    ),
    "UNKNOWN_CIN_OF_A_NAMESAKE": (
        "no 834 has the CIN, and a member has the name and birth date",
        "If the CIN is mistyped or an old one, accept the member; if two CINs are one person, merge them.",
    ),
    "SEVERAL_FIT": ("several members fit", "Find out which one is meant and accept that member."),
    "SEX_DIFFERS": (
        "all agrees with one member but the sex",
        "If it is the same person, accept the member; else reject the row.",
    ),
    "ONLY_NAME_AND_BIRTH_DATE": (
        "name and birth date fit one member and nothing more does",
        "Look for one more thing that agrees; accept the member or reject the row.",
    ),
    "CIN_NOT_ON_834": (
        "no 834 has the CIN yet",
        "Nothing yet: it is tried again every night. If it is nobody of ours, reject the row.",
    ),
    "NOT_ON_834": (
        "no member has this name and birth date yet",
        "Nothing yet: it is tried again every night. If it is nobody of ours, reject the row.",
    ),
    "TOO_LITTLE": (
        "there is neither a CIN nor a whole name with a birth date",
        "Ask the sender for the CIN, or for name and birth date.",
    ),
    "PRIOR_IDENTIFIER": (
        "an 834 gives another CIN as this member's prior identifier",
        "If both are one person, merge the other CIN into the member's; else unmerge it.",
    ),
    "PRIOR_IDENTIFIER_UNCLEAR": (
        "834s give this CIN as the prior identifier of several members, or in a circle",
        "Find out whose it is and merge it; or unmerge it.",
    ),
}
"""What is open, by reason: meaning, and what to do."""

EXPIRED = "It was tried for as long as the plan tries: accept a member or reject the row; a new version starts again."

_WORDS = ", ".join(
    "({})".format(", ".join("'{}'".format(text.replace("'", "''")) for text in (code, *words)))
    for code, words in sorted(REASONS.items())
)

QUESTIONS = f"""
    WITH words (reason, meaning, what_to_do) AS (VALUES {_WORDS})
    SELECT
        CASE WHEN p.cin IS NULL THEN i.method ELSE 'PROPOSAL' END AS question, i.kind, i.source, i.key, i.file_id,
        i.row_no, i.line_no, i.told_on AS since, i.method, i.reason, p.cin, p.probability,
        coalesce(p.agreement, i.agreement) AS agreement, w.meaning,
        CASE WHEN i.method = 'EXPIRED' THEN '{EXPIRED}' ELSE w.what_to_do END AS what_to_do
    FROM exchange.identities AS i
    JOIN words AS w ON w.reason = i.reason
    LEFT JOIN exchange.identity_proposals AS p ON p.kind = i.kind AND p.file_id = i.file_id AND p.row_no = i.row_no
    WHERE i.rank = 1 AND i.in_force AND i.method IN ('REVIEW', 'UNMATCHED', 'EXPIRED')
    UNION ALL BY NAME
    SELECT
        'PRIOR_IDENTIFIER' AS question, '834' AS kind, f.source, a.alias AS key, a.file_id, a.segment_no AS row_no,
        a.segment_no AS line_no, a.since, a.outcome AS method, w.reason, a.cin, w.meaning, w.what_to_do,
        'prior_identifier' AS agreement
    FROM exchange.prior_identifiers AS a
    JOIN ledger.files AS f ON f.file_id = a.file_id
    JOIN words AS w
      ON w.reason = CASE a.outcome WHEN 'UNCLEAR' THEN 'PRIOR_IDENTIFIER_UNCLEAR' ELSE 'PRIOR_IDENTIFIER' END
    WHERE a.outcome IN ('ASKED', 'UNCLEAR')
"""  # noqa: S608 - words from here
"""What is open. One row per statement that is not matched (`REVIEW`, `UNMATCHED`, `EXPIRED`) or, where members are
proposed for it, per proposal (`PROPOSAL`); one per prior identifier that is not settled (`PRIOR_IDENTIFIER`: `key` is
the other CIN, `row_no` and `line_no` the segment). Columns: question, kind, source, key, file_id, row_no, line_no,
since, method, reason, cin (proposed), probability (NULL where a rule names the member), agreement, meaning,
what_to_do."""
