-- Every finding of the reconciliation, or those of one provider.
SELECT x.*, p.name AS provider
FROM reconciled AS x
LEFT JOIN exchange.provider_directory AS p ON p.npi = x.npi AND p.valid_to IS NULL
WHERE $npi IS NULL OR x.npi = $npi
ORDER BY x.npi, x.finding, x.last_name, x.first_name, x.cin, x.what
