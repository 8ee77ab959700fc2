SELECT
    o.event_id, o.event_kind, o.title, o.starts_on, o.starts_at, o.ends_at, o.is_held,
    o.starts_on - e.starts_on AS days_after
FROM facts.events AS e
INNER JOIN facts.events AS o ON e.campaign_id = o.campaign_id AND e.event_id != o.event_id
    AND abs(o.starts_on - e.starts_on) <= 3
WHERE e.campaign_id = $campaign_id AND e.event_id = $event_id
ORDER BY o.starts_on, o.starts_at
