-- Why is there no estimate, and how often?
SELECT status, count(*) AS windows, list_sort(list_distinct(list(event_id))) AS events
FROM (FROM debate_buzz_effect UNION ALL BY NAME FROM debate_donation_effect)
WHERE status != 'ok'
GROUP BY status
ORDER BY windows DESC, status
