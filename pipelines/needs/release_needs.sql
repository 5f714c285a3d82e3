-- One row for each need of each person whose release is awaited or past: what is wanted, what is arranged, what is
-- missing. A need for the treatment of substance use is told as one of specialty care, which the county links (R30):
-- that it is there is all that anybody needs to know here (R37, 42 CFR part 2).
CREATE OR REPLACE TEMP MACRO spoken(codes) AS
    [CASE code WHEN 'ECM' THEN code ELSE lower(replace(code, '_', ' ')) END for code in codes];

CREATE OR REPLACE TEMP TABLE known_needs AS
SELECT
    e.cin, e.episode_id, e.state, e.released, e.due_out, e.effectuation_date,
    max(w.value) FILTER (field = 'transportation_needed') AS ride_needed,
    max(w.told_at) FILTER (field = 'transportation_needed') AS ride_needed_at,
    max(w.value) FILTER (field = 'transportation_arranged') AS ride_arranged,
    max(w.told_at) FILTER (field = 'transportation_arranged') AS ride_arranged_at,
    max(w.value) FILTER (field = 'transportation_pickup') AS pickup,
    string_split(max(w.value) FILTER (field = 'community_supports'), '; ') AS supports,
    max(w.told_at) FILTER (field = 'community_supports') AS supports_at,
    max(w.value) FILTER (field = 'community_supports_authorization_numbers') AS numbers,
    max(w.told_at) FILTER (field = 'community_supports_authorization_numbers') AS numbers_at,
    max(w.value) FILTER (field = 'community_supports_authorization_status') AS authorization_status,
    max(w.told_at) FILTER (field = 'community_supports_authorization_status') AS status_at,
    max(w.value) FILTER (field = 'behavioral_health_need') AS care_needed,
    max(w.told_at) FILTER (field = 'behavioral_health_need') AS care_needed_at,
    max(w.value) FILTER (field = 'behavioral_health_owner') AS care_owner,
    max(w.value) FILTER (field = 'behavioral_health_linked_date') AS linked_on,
    max(w.told_at) FILTER (field = 'behavioral_health_linked_date') AS linked_at,
    max(w.value) FILTER (field = 'appointments_booked') AS booked,
    max(w.told_at) FILTER (field = 'appointments_booked') AS booked_at,
    string_split(max(w.value) FILTER (field = 'appointment_dates'), '; ') AS dates,
    max(w.told_at) FILTER (field = 'appointment_dates') AS dates_at,
    string_split(max(w.value) FILTER (field = 'appointment_kinds'), '; ') AS kinds
FROM needing AS e
LEFT JOIN need_words AS w ON w.cin = e.cin
GROUP BY ALL;

-- R27: a ride on the day of release, which the plan gives once the enrolment is in effect.
CREATE OR REPLACE TEMP TABLE rides AS
SELECT
    cin, 'TRANSPORTATION' AS need, 'R27' AS rule, ride_needed AS wanted, due_out AS due,
    CASE
        WHEN ride_arranged = 'Y' AND NOT coalesce(ride_needed = 'N' AND ride_needed_at > ride_arranged_at, false) THEN 'ARRANGED'
        WHEN ride_needed = 'N' THEN 'NOT_NEEDED'
        WHEN ride_needed = 'Y' THEN 'MISSING'
        ELSE 'UNKNOWN'
    END AS status,
    CASE status
        WHEN 'ARRANGED' THEN concat_ws(': ', 'arranged for the day of release', pickup)
        WHEN 'NOT_NEEDED' THEN 'no ride is needed'
        WHEN 'MISSING' THEN concat(
            'needed on the day of release, not arranged',
            CASE WHEN effectuation_date IS NULL THEN '; the plan gives it once the enrolment is in effect' END
        )
        ELSE concat(CASE WHEN ride_arranged = 'N' THEN 'none is arranged, and ' END, 'nobody has said whether a ride is needed')
    END AS detail,
    -- On the days after it nobody can be driven on the day of release any more.
    released IS NULL OR (released >= getvariable('business_date') AND coalesce(effectuation_date <= released, true)) AS is_open
FROM known_needs;

-- R28: community supports that the plan has elected, authorized by the day of release.
CREATE OR REPLACE TEMP TABLE supports AS
WITH asked AS (
    SELECT
        *,
        [each for each in supports if list_contains(getvariable('elected_supports'), each)] AS offered,
        [each for each in supports if each <> 'NONE' AND NOT list_contains(getvariable('elected_supports'), each)] AS others,
        coalesce(len(string_split(numbers, '; ')), 0) AS authorized
    FROM known_needs
),
judged AS (
    SELECT
        *,
        CASE
            WHEN supports IS NOT NULL AND len(offered) = 0
                AND coalesce(supports_at >= greatest(status_at, numbers_at), true) THEN 'NOT_NEEDED'
            WHEN authorization_status = 'APPROVED' AND status_at >= coalesce(supports_at, status_at) THEN 'ARRANGED'
            WHEN authorized > 0 AND authorized >= coalesce(len(offered), 0) AND coalesce(numbers_at > status_at, true)
                THEN 'ARRANGED'
            WHEN len(offered) > 0 OR authorization_status IN ('REQUESTED', 'DENIED', 'NOT_REQUESTED') THEN 'MISSING'
            ELSE 'UNKNOWN'
        END AS status
    FROM asked
)
SELECT
    cin, 'COMMUNITY_SUPPORTS' AS need, 'R28' AS rule, due_out AS due, status,
    nullif(array_to_string([w.words[each] for each in offered], ', '), '') AS wanted,
    concat(
        CASE status
            WHEN 'UNKNOWN' THEN 'nobody has said which are wanted'
            WHEN 'NOT_NEEDED' THEN 'none is wanted'
            ELSE concat_ws(': ', wanted, CASE
                WHEN status = 'ARRANGED' THEN concat('authorized', ' (' || numbers || ')')
                WHEN authorization_status = 'DENIED' THEN 'the authorization was denied'
                WHEN authorization_status = 'REQUESTED' THEN 'the authorization is requested, and not given yet'
                WHEN authorized > 0 THEN concat(authorized, ' of ', len(offered), ' authorized (', numbers, ')')
                ELSE 'not authorized yet'
            END)
        END,
        CASE WHEN len(others) > 0 THEN
            '; not offered by the plan: ' || array_to_string([w.words[each] for each in others], ', ') END
    ) AS detail,
    true AS is_open
FROM judged
CROSS JOIN (SELECT map(list(support), list(words)) AS words FROM support_words) AS w;

-- R30: the ECM provider links to care that is not specialty care, county professionals to all other.
CREATE OR REPLACE TEMP TABLE links AS
SELECT
    cin, 'BEHAVIORAL_HEALTH' AS need, 'R30' AS rule, due_out AS due,
    CASE WHEN care_needed = 'SUD' THEN 'SPECIALTY' ELSE care_needed END AS wanted,
    CASE
        WHEN linked_on IS NOT NULL AND NOT coalesce(care_needed = 'NONE' AND care_needed_at > linked_at, false) THEN 'ARRANGED'
        WHEN care_needed = 'NONE' THEN 'NOT_NEEDED'
        WHEN care_needed IS NOT NULL THEN 'MISSING'
        ELSE 'UNKNOWN'
    END AS status,
    CASE WHEN status = 'NOT_NEEDED' THEN 'no link is needed'
         WHEN status = 'UNKNOWN' THEN 'nobody has said whether a link is needed'
         ELSE concat_ws(
            ', ',
            CASE wanted WHEN 'NON_SPECIALTY' THEN 'non-specialty care' WHEN 'SPECIALTY' THEN 'specialty care' END,
            concat(
                CASE WHEN status = 'ARRANGED' THEN 'linked' ELSE 'to be linked' END,
                CASE coalesce(care_owner, CASE wanted WHEN 'NON_SPECIALTY' THEN 'ECM_PROVIDER' WHEN 'SPECIALTY' THEN 'COUNTY' END)
                    WHEN 'ECM_PROVIDER' THEN ' by the ECM provider'
                    WHEN 'COUNTY' THEN ' by county professionals, the ECM provider attending as needed'
                END,
                CASE WHEN status = 'ARRANGED' THEN ' on ' || linked_on END
            )
         )
    END AS detail,
    true AS is_open
FROM known_needs;

-- R29: appointments after the release, booked before it.
CREATE OR REPLACE TEMP TABLE bookings AS
SELECT
    cin, 'APPOINTMENTS' AS need, 'R29' AS rule, due_out - 1 AS due, 'Y' AS wanted,
    CASE
        WHEN booked = 'Y' AND coalesce(booked_at >= dates_at, true) THEN 'ARRANGED'
        WHEN dates IS NOT NULL AND coalesce(booked <> 'N' OR dates_at > booked_at, true) THEN 'ARRANGED'
        WHEN booked = 'N' THEN 'MISSING'
        ELSE 'UNKNOWN'
    END AS status,
    CASE status
        WHEN 'MISSING' THEN 'none is booked'
        WHEN 'UNKNOWN' THEN 'nobody has said whether any is booked'
        ELSE CASE
            WHEN dates IS NULL THEN concat_ws(', ', array_to_string(spoken(kinds), ', '), 'booked, the day is not told')
            WHEN len(kinds) = len(dates) THEN array_to_string(
                [concat_ws(' ', dates[n], spoken(kinds)[n]) for n in range(1, len(dates) + 1)], '; ')
            ELSE concat(array_to_string(dates, '; '), ' (' || array_to_string(spoken(kinds), ', ') || ')')
        END
    END AS detail,
    true AS is_open
FROM known_needs;

DELETE FROM exchange.release_needs;

INSERT INTO exchange.release_needs BY NAME
WITH every_need AS (
    FROM rides UNION ALL BY NAME FROM supports UNION ALL BY NAME FROM links UNION ALL BY NAME FROM bookings
),
-- Which row or record had the last word on a need.
last_words AS (
    SELECT
        cin,
        CASE
            WHEN field LIKE 'transportation%' THEN 'TRANSPORTATION' WHEN field LIKE 'community%' THEN 'COMMUNITY_SUPPORTS'
            WHEN field LIKE 'behavioral%' THEN 'BEHAVIORAL_HEALTH' ELSE 'APPOINTMENTS'
        END AS need,
        file_id, row_no, event_id
    FROM need_words
    QUALIFY row_number() OVER (PARTITION BY cin, need ORDER BY told_at DESC) = 1
)
SELECT
    n.cin, e.episode_id, n.need, n.wanted, n.status, n.detail, n.due, n.rule,
    n.is_open AND CASE n.status
        WHEN 'MISSING' THEN coalesce(
            e.released IS NULL OR e.released + CAST(getvariable('missing_after') AS INTEGER) >= getvariable('business_date'), true)
        -- What nobody speaks of is missing as the release comes near; who is out already is asked oneself.
        WHEN 'UNKNOWN' THEN coalesce(
            e.released IS NULL
            AND e.due_out - CAST(getvariable('unknown_within') AS INTEGER) <= getvariable('business_date'), false)
        ELSE false
    END AS is_missing,
    w.file_id, w.row_no, w.event_id
FROM every_need AS n
JOIN needing AS e ON e.cin = n.cin
LEFT JOIN last_words AS w ON w.cin = n.cin AND w.need = n.need
ORDER BY n.cin, n.need;
