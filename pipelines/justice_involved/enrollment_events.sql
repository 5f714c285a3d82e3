-- The events that the 834s are (`events.csv`): one for each member and file, one more on the day an end told before comes,
-- and one on the day from which an indicator told before holds.
CREATE OR REPLACE TEMP TABLE enrollment_events AS
-- What is said under a merged CIN counts only where the CIN that counts neither runs nor rests.
WITH beside_the_main AS (
    SELECT DISTINCT bearer, hcp_code, place
    FROM (
        SELECT w.bearer, w.hcp_code, w.place, arg_max(m.coverage_class, m.place) AS main_class
        FROM lines AS w
        JOIN lines AS m ON m.member = w.member AND m.is_main AND m.place <= w.place
        WHERE NOT w.is_main
        GROUP BY w.bearer, w.hcp_code, w.place, m.hcp_code
    )
    WHERE main_class IN ('active', 'hold')
),
coverage AS (
    SELECT member, place, benefit_month, benefit_begin, coverage_class, position
    FROM words
    ANTI JOIN beside_the_main USING (bearer, hcp_code, place)
    WHERE coverage_class <> 'terminated'
    UNION ALL
    SELECT member, place, benefit_month, benefit_begin, 'terminated' AS coverage_class, position
    FROM ends
    WHERE ends_on = file_date AND hcp_code IS NOT NULL
),
newest_month AS (
    SELECT
        member, place, arg_max(benefit_month, position) AS benefit_month, arg_max(benefit_begin, position) AS benefit_begin,
        arg_max(coverage_class, position) AS coverage_class
    FROM coverage
    GROUP BY member, place
),
flags AS (
    SELECT
        p.member, o.place, min(e.segment_no) AS record_no, any_value(e.file_date) AS file_date,
        min(greatest(e.effective_date, e.file_date)) AS flagged_on
    FROM exchange.ji_evidence AS e
    JOIN persons AS p ON p.said = e.cin
    JOIN file_places AS o ON o.file_id = e.file_id
    GROUP BY p.member, o.place
),
seen AS (
    SELECT
        member, place, any_value(file_date) AS file_date, max(death_date) AS death_date,
        arg_max(plans, (is_main, record_no)) AS plans, arg_max(record_no, (is_main, record_no)) AS record_no
    FROM sightings
    GROUP BY member, place
),
moments AS (
    SELECT
        s.member, s.place, s.file_date AS happened_on, s.record_no, s.plans, s.death_date, f.member IS NOT NULL AS is_flagged,
        n.benefit_month, n.benefit_begin, n.coverage_class, e.member IS NOT NULL AS is_ended
    FROM seen AS s
    LEFT JOIN newest_month AS n ON n.member = s.member AND n.place = s.place
    LEFT JOIN flags AS f ON f.member = s.member AND f.place = s.place AND f.flagged_on <= f.file_date
    LEFT JOIN (SELECT DISTINCT member, place FROM ends WHERE hcp_code IS NULL AND ends_on = file_date) AS e
      ON e.member = s.member AND e.place = s.place
    UNION ALL BY NAME
    SELECT
        e.member, e.place, e.ends_on AS happened_on, any_value(s.record_no) AS record_no, any_value(s.plans) AS plans,
        false AS is_flagged, min(e.benefit_month) AS benefit_month, min(e.benefit_begin) AS benefit_begin,
        'terminated' AS coverage_class, bool_or(e.hcp_code IS NULL) AS is_ended
    FROM ends AS e
    JOIN seen AS s ON s.member = e.member AND s.place = e.place
    WHERE e.ends_on > e.file_date
    GROUP BY e.member, e.place, e.ends_on
),
-- A past month says nothing of today, and after a death no month up to that of the death does.
news AS (
    SELECT
        *,
        CASE
            WHEN is_ended THEN 'terminated'
            WHEN benefit_month >= coalesce(max(benefit_month) OVER earlier, benefit_month)
                AND coalesce(benefit_month > max(death_date) OVER earlier, true) THEN coverage_class
        END AS class_news
    FROM moments
    WINDOW earlier AS (
        PARTITION BY member ORDER BY happened_on, place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)
SELECT
    member, happened_on, place, record_no, CASE WHEN class_news IS NOT NULL THEN benefit_begin END AS benefit_begin,
    death_date,
    CASE
        WHEN death_date IS NOT NULL THEN 'DECEASED'
        WHEN class_news = 'terminated' THEN CASE WHEN plans_elsewhere(plans) THEN 'MOVED_PLAN' ELSE 'TERMINATED' END
        WHEN is_flagged THEN
            CASE WHEN class_news = 'active' THEN 'FLAGGED_ACTIVE' WHEN class_news IS NOT NULL THEN 'FLAGGED_HOLD' ELSE 'FLAGGED' END
        WHEN class_news = 'active' THEN 'ACTIVE'
        WHEN class_news IS NOT NULL THEN 'HOLD'
        ELSE 'NO_NEWS'
    END AS event
FROM news
UNION ALL BY NAME
SELECT member, flagged_on AS happened_on, place, record_no, 'FLAGGED' AS event
FROM flags
WHERE flagged_on > file_date AND flagged_on <= getvariable('business_date');
