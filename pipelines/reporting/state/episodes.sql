-- Episodes of the month with their days; `billable_from` and the like stand with the authorization.
SELECT
    cin, episode_id, ordinal, basis, state, string_split(ji_sources, ';') AS indicator_sources, opened_on,
    expected_release_date, release_date, effectuation_date, noticed_on, back_inside_on, closed_on, close_reason
FROM episodes_of_month
ORDER BY cin, ordinal
