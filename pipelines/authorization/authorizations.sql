-- One authorization for each episode. Pending while the person is inside; from the release it starts on the first anchor
-- date known (R5), never before enrolment is active, and runs for the configured months (R4). It does not end with the
-- indicator. A delegating plan's own authorization (MIF) is taken over with its number and dates.
DELETE FROM exchange.ecm_authorizations;

INSERT INTO exchange.ecm_authorizations BY NAME
WITH active_months AS (
    SELECT
        cin, benefit_begin, benefit_end,
        benefit_month - to_months(CAST(row_number() OVER (PARTITION BY cin ORDER BY benefit_month) AS INTEGER)) AS stretch
    FROM (
        SELECT cin, benefit_month, min(benefit_begin) AS benefit_begin, max(benefit_end) AS benefit_end
        FROM exchange.coverage_months
        WHERE coverage_class = 'active' AND cin IN (SELECT cin FROM exchange.ji_episodes)
        GROUP BY cin, benefit_month
    )
),
active_stretches AS (
    SELECT cin, min(benefit_begin) AS active_from, max(benefit_end) AS active_to FROM active_months GROUP BY cin, stretch
),
enrolled AS (
    SELECT e.episode_id, min(a.active_from) AS active_from, max(a.active_to) AS active_to
    FROM exchange.ji_episodes AS e
    JOIN active_stretches AS a ON a.cin = e.cin AND a.active_to >= e.effectuation_date
    GROUP BY e.episode_id
),
granted AS (
    SELECT cin, authorization_number, authorization_start, authorization_end
    FROM exchange.ji_statements
    WHERE said_by = 'MIF' AND coalesce(authorization_number, CAST(authorization_start AS VARCHAR)) IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY cin ORDER BY file_order DESC, authorization_end DESC, authorization_number
    ) = 1
),
anchored AS (
    SELECT
        e.*, n.active_from, least(n.active_to, m.death_date) AS active_to,
        CASE getvariable('anchors')[1] WHEN 'release_date' THEN e.release_date ELSE e.effectuation_date END AS first_choice,
        CASE getvariable('anchors')[2]
            WHEN 'release_date' THEN e.release_date WHEN 'effectuation_date' THEN e.effectuation_date
        END AS second_choice,
        CASE WHEN e.basis = 'MIF' THEN g.authorization_number END AS granted_number,
        CASE WHEN e.basis = 'MIF' THEN g.authorization_start END AS granted_start,
        CASE WHEN e.basis = 'MIF' THEN g.authorization_end END AS granted_end
    FROM exchange.ji_episodes AS e
    JOIN exchange.members AS m ON m.cin = e.cin
    LEFT JOIN enrolled AS n ON n.episode_id = e.episode_id
    LEFT JOIN granted AS g ON g.cin = e.cin
),
started AS (
    SELECT
        *,
        CASE
            WHEN released_seen_on IS NULL THEN NULL
            ELSE coalesce(granted_start, greatest(coalesce(first_choice, second_choice, effectuation_date), active_from))
        END AS start_date,
        CASE
            WHEN released_seen_on IS NULL THEN NULL
            WHEN granted_start IS NOT NULL THEN 'granted'
            WHEN first_choice IS NOT NULL THEN getvariable('anchors')[1]
            WHEN second_choice IS NOT NULL THEN getvariable('anchors')[2]
            ELSE 'effectuation_date'
        END AS anchor
    FROM anchored
),
spanned AS (
    SELECT
        *,
        least(
            coalesce(granted_end, CAST(start_date + to_months(getvariable('months')) AS DATE) - 1),
            lead(start_date) OVER (PARTITION BY cin ORDER BY ordinal) - 1,
            CASE WHEN close_reason <> 'NEW_EPISODE' THEN greatest(least(closed_on, active_to), start_date) END
        ) AS end_date
    FROM started
)
SELECT
    md5('authorization|' || episode_id) AS authorization_id,
    coalesce(granted_number, 'ECM-' || upper(substr(md5('authorization|' || episode_id), 1, 10))) AS authorization_number,
    cin, episode_id, basis,
    CASE
        WHEN state = 'CLOSED' THEN 'CLOSED'
        WHEN state = 'BACK_INSIDE' THEN 'SUSPENDED'
        WHEN state = 'PENDING_RELEASE' THEN 'PENDING_RELEASE'
        WHEN end_date < getvariable('business_date') THEN 'EXPIRED'
        ELSE 'ACTIVE'
    END AS status,
    CASE WHEN end_date >= start_date THEN start_date END AS start_date,
    CASE WHEN end_date >= start_date THEN end_date END AS end_date,
    anchor, effectuation_date, CAST(NULL AS DATE) AS benefit_start_date, close_reason,
    CASE basis WHEN 'PRESUMPTIVE_JI_834' THEN 'R1;R2;R4;R5;R6' ELSE 'R3;R4;R5;R6' END AS rules
FROM spanned;
