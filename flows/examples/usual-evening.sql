-- What is usual from nine to midnight, by weekday?
SELECT source_id, candidate_id, dayname(local_on) AS weekday, count(*) AS evenings, round(avg(amount), 2) AS mean_amount
FROM (
    SELECT source_id, candidate_id, local_on, sum(amount) AS amount
    FROM donations_hourly
    WHERE hour(local_start) >= 21
    GROUP BY source_id, candidate_id, local_on
    HAVING count(*) = 3
)
GROUP BY ALL
ORDER BY source_id, candidate_id, mean_amount DESC
