-- Stretches of justice involvement.
SELECT
    ordinal AS episode, state, basis, opened_on AS opened, expected_release_date AS expected, release_date AS released,
    effectuation_date AS effectuated, noticed_on AS noticed, closed_on AS closed, close_reason AS why_closed,
    CASE basis WHEN 'PRESUMPTIVE_JI_834' THEN 'R1;R8' ELSE 'R3;R8' END AS rule
FROM exchange.ji_episodes
WHERE list_contains($cins, cin)
ORDER BY ordinal
