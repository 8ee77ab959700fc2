-- The same hour of every day of the season that holds no event, as the question `claim` looks for them.
SELECT e.event_id, (e.starts_at AT TIME ZONE e.timezone + to_days(d::INTEGER)) AT TIME ZONE e.timezone AS from_at
FROM facts.events AS e
INNER JOIN facts.campaigns AS c USING (campaign_id), range(-366, 367) AS r(d)
WHERE e.campaign_id = $campaign_id AND e.starts_at IS NOT NULL AND d != 0
    AND e.starts_on + d::INTEGER BETWEEN c.start_on AND c.end_on
    AND NOT EXISTS (
        SELECT 1 FROM facts.events AS o
        WHERE o.campaign_id = e.campaign_id AND o.is_held AND o.starts_on IN (e.starts_on + d::INTEGER, e.starts_on + d::INTEGER - 1)
    )
ORDER BY e.event_id, from_at
