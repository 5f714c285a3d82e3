-- The JI episodes that were open on any day of the month: they say who is in the report.
CREATE OR REPLACE TEMP TABLE episodes_of_month AS
SELECT *
FROM exchange.ji_episodes
WHERE opened_on <= getvariable('last_day') AND (closed_on IS NULL OR closed_on >= getvariable('first_day'));
