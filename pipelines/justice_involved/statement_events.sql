-- The events that referrals, notices and MIF rows are: SPOKEN_FOR, CUSTODY_TOLD, RELEASE_TOLD, OLD_RELEASE_TOLD and
-- WITHDRAWN (`events.csv`), one for each member, file and day.
CREATE OR REPLACE TEMP TABLE file_places AS
SELECT file_id, file_date, scope, row_number() OVER (ORDER BY file_order, file_id) AS place FROM ledger.files;

CREATE OR REPLACE TEMP TABLE statement_events AS
-- The newest version of a notice corrects the release that older ones told: its date, or that there was none.
WITH corrected AS (
    SELECT
        * REPLACE (
            CASE WHEN said_by = 'NOTICE' AND actual_release_date IS NOT NULL
                 THEN last_value(actual_release_date) OVER of_notice ELSE actual_release_date END AS actual_release_date,
            CASE WHEN said_by = 'NOTICE' AND actual_release_date IS NOT NULL
                 THEN last_value(expected_release_date) OVER of_notice ELSE expected_release_date END AS expected_release_date
        )
    FROM versions
    WHERE does = 'SAYS'
    WINDOW of_notice AS (
        PARTITION BY said_by, source, key ORDER BY rank DESC ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
),
placed AS (
    SELECT v.*, p.place, lead(v.file_date) OVER in_order AS replaced_on, lead(p.place) OVER in_order AS replaced_at
    FROM (
        SELECT * FROM corrected WHERE NOT says_nothing_new
        UNION ALL BY NAME
        SELECT * FROM versions WHERE does = 'ENDS'
    ) AS v
    JOIN file_places AS p ON p.file_id = v.file_id
    WINDOW in_order AS (PARTITION BY v.said_by, v.source, v.key ORDER BY v.rank DESC)
),
-- A release date that is still to come is an expected one until its day, unless the entry says otherwise by then.
told AS (
    SELECT
        *, file_date AS happened_on,
        CASE
            WHEN actual_release_date <= file_date THEN 'RELEASE_TOLD'
            WHEN actual_release_date > file_date OR incarceration_status = 'IN_CUSTODY' THEN 'CUSTODY_TOLD'
            WHEN incarceration_status <> 'UNKNOWN' THEN 'RELEASE_TOLD'
            WHEN said_by = 'NOTICE' AND expected_release_date > file_date THEN 'CUSTODY_TOLD'
            ELSE 'SPOKEN_FOR'
        END AS event
    FROM placed
    WHERE does = 'SAYS'
    UNION ALL BY NAME
    SELECT *, actual_release_date AS happened_on, 'RELEASE_TOLD' AS event
    FROM placed
    WHERE does = 'SAYS' AND actual_release_date > file_date AND actual_release_date <= getvariable('business_date')
      AND coalesce(replaced_on > actual_release_date, true)
    UNION ALL BY NAME
    SELECT *, file_date AS happened_on, 'WITHDRAWN' AS event
    FROM placed AS ended
    WHERE does = 'ENDS' AND NOT EXISTS (
        SELECT 1 FROM placed AS stands
        WHERE stands.cin = ended.cin AND stands.does = 'SAYS'
          AND stands.place <= ended.place AND coalesce(stands.replaced_at > ended.place, true)
    )
),
of_a_file AS (
    SELECT
        cin, happened_on, place,
        arg_max(event, array_position(['WITHDRAWN', 'SPOKEN_FOR', 'CUSTODY_TOLD', 'RELEASE_TOLD'], event)) AS event,
        min(row_no) AS record_no, min(dated) AS dated, bool_or(said_by = 'MIF') AS is_mif,
        CASE WHEN bool_and(actual_release_date IS NOT NULL) FILTER (event = 'RELEASE_TOLD')
             THEN max(actual_release_date) END AS released_on
    FROM told
    GROUP BY cin, happened_on, place
)
SELECT
    * REPLACE (
        CASE
            WHEN event = 'RELEASE_TOLD' AND released_on < max(happened_on) FILTER (event = 'CUSTODY_TOLD') OVER (
                PARTITION BY cin ORDER BY happened_on, place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) THEN 'OLD_RELEASE_TOLD'
            ELSE event
        END AS event
    )
FROM of_a_file;
