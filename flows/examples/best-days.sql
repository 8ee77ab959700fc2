-- Which days brought the most money?
SELECT source_id, local_on, amount, coverage
FROM donations_daily
ORDER BY amount DESC
LIMIT 10
