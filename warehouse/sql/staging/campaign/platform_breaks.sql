-- A dated change of a platform that every campaign's series of that kind share.
-- grain:  one row for each kind of source and change
-- key:    source_kind, broke_at, what
-- units:  times in UTC; the platform gives days, so the start of the day stands
SELECT source_kind, broke_at, what, url
FROM (VALUES
    (
        ['x_counts', 'x_posts'], TIMESTAMPTZ '2026-01-19 00:00:00+00',
        'operators min_likes, min_replies and min_reposts removed from search and counts', 'https://docs.x.com/changelog'
    ),
    (
        ['x_counts', 'x_posts', 'x_own'], TIMESTAMPTZ '2026-04-20 00:00:00+00',
        'apps may no longer quote, like or follow through the API: posts made by machines change', 'https://docs.x.com/changelog'
    ),
    (
        ['x_counts', 'x_posts'], TIMESTAMPTZ '2026-05-04 00:00:00+00',
        'new search index: keyword search and counts no longer return reposts; operators min_* are back', 'https://docs.x.com/changelog'
    )
) AS b (source_kinds, broke_at, what, url)
CROSS JOIN unnest(b.source_kinds) AS k (source_kind)
