-- A feed entry in its last version, at the time that its first gave; stored once, whatever the campaign.
-- grain:  one row for each entry
-- key:    entry_id
-- units:  times in UTC; first_seen_at is ours, published_at the author's claim
-- restates: entry_id of staging.touched_entries
-- column entry_id: The entry, whatever its feed makes of its links and guids.
-- column feed_url: The feed that had it first.
-- column guid: The feed's own id of it.
-- column link: Its page.
-- column title: Its title.
-- column author: Who signs it: a keyed hash, or the name of somebody on the roster.
-- column summary: Its text as far as the feed gives it.
-- column published_at: When it appeared, as its author said first: a later date is an edit's; NULL = the feed gives no date.
-- column time_quality: How far published_at is to be trusted: exact, assumed_zone, assumed_date, suspect or missing.
-- column first_seen_at: When we first saw it.
-- column updated_at: When it was last changed, as its author says.
WITH versions AS (
    SELECT * FROM raw.entries SEMI JOIN staging.touched_entries USING (entry_id)
),

first_versions AS (
    -- An article that two feeds carry is told by the feed that had it first, whatever the other makes of it later.
    SELECT entry_id, min(fetched_at) AS first_seen_at, arg_min(feed_url, (fetched_at, feed_url)) AS feed_url
    FROM versions
    GROUP BY entry_id
),

first_dates AS (
    -- Some feeds date what they change: the date that was seen first is the nearest to the day of publication.
    SELECT entry_id, feed_url, arg_min((published_at, time_quality), (fetched_at, published_at, time_quality)) AS claim
    FROM versions
    WHERE published_at IS NOT NULL
    GROUP BY entry_id, feed_url
),

feeds AS (
    SELECT source_key AS feed_url, min(source_id) AS source_id, min(source_kind) AS source_kind
    FROM staging.sources
    GROUP BY source_key
)

SELECT
    v.entry_id,
    v.feed_url,
    v.guid,
    v.link,
    v.title,
    v.author,
    v.summary,
    d.claim[1] AS published_at,
    CASE
        WHEN d.claim IS NULL THEN 'missing'
        -- Nothing is published after it was read; clocks differ by minutes.
        WHEN d.claim[1] > f.first_seen_at + INTERVAL 10 MINUTES THEN 'suspect'
        ELSE d.claim[2]
    END AS time_quality,
    f.first_seen_at,
    v.updated_at,
    s.source_id,
    s.source_kind
FROM versions AS v
INNER JOIN first_versions AS f USING (entry_id, feed_url)
LEFT JOIN first_dates AS d USING (entry_id, feed_url)
LEFT JOIN feeds AS s USING (feed_url)
QUALIFY row_number() OVER (PARTITION BY v.entry_id ORDER BY v.fetched_at DESC, v.feed_url, v.title, v.summary) = 1
