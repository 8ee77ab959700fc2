SELECT
    e.event_id, e.event_kind, e.title, e.starts_on, e.starts_at, e.ends_at, e.is_held, e.participants, e.channels,
    e.audience_millions, e.source_url
FROM facts.events AS e
WHERE e.campaign_id = $campaign_id
ORDER BY e.starts_on, e.starts_at, e.event_id
