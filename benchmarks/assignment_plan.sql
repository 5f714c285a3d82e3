-- A plan for `benchmarks.assignment`, with those columns of the derived tables that the station of assignments reads.
CREATE OR REPLACE TABLE exchange.members AS
SELECT
    printf('9%07dB', n) AS cin, n AS number,
    DATE '1950-01-01' + CAST(hash(n, 'born') % 22500 AS INTEGER) AS birth_date,
    CASE WHEN hash(n, 'speaks') % 3 > 0 THEN 'ENG'
         ELSE getvariable('languages')[CAST(1 + hash(n, 'language') % len(getvariable('languages')) AS INTEGER)]
    END AS language,
    getvariable('counties')[CAST(1 + least(hash(n, 'first') % 20, hash(n, 'second') % 30) AS INTEGER)] AS county
FROM range(getvariable('members')) AS numbered(n);

CREATE OR REPLACE TABLE exchange.ji_episodes AS
SELECT
    'episode' || cin AS episode_id, cin, 1 AS ordinal,
    CASE WHEN hash(cin, 'state') % 3 = 0 THEN 'PENDING_RELEASE' ELSE 'RELEASED' END AS state,
    getvariable('night') - CAST(hash(cin, 'opened') % 30 AS INTEGER) AS opened_on,
    CAST(NULL AS DATE) AS release_date, CAST(NULL AS DATE) AS expected_release_date,
    getvariable('night') - CAST(hash(cin, 'released') % 30 AS INTEGER) AS effectuation_date
FROM exchange.members
WHERE number < getvariable('needing');

CREATE OR REPLACE TABLE exchange.ecm_authorizations AS
SELECT
    'authorization' || cin AS authorization_id, cin, episode_id,
    CASE state WHEN 'RELEASED' THEN 'ACTIVE' ELSE state END AS status
FROM exchange.ji_episodes;
