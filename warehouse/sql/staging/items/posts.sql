-- A post of a network in its last version; stored once, whatever the campaign that asked for it.
-- grain:  one row for each post and kind of source
-- key:    post_id, source_kind
-- units:  times in UTC; public metrics as counted at observed_at
-- restates: post_id of staging.touched_posts
-- column post_id: The post's id on its platform.
-- column author_key: Keyed hash of the author.
-- column source_key: The source of its last version; staging.posts_by_source has those of a post that came by several.
-- column account: The account's name, of declared public figures only.
-- column posted_at: When it was posted.
-- column post_type: original, reply, repost or quote.
-- column text: Its text.
-- column edit_of: Id of the first version, of a post that is an edit.
-- column like_count: Likes at observed_at.
-- column repost_count: Reposts at observed_at.
-- column reply_count: Replies at observed_at.
-- column quote_count: Quotes at observed_at.
-- column client: The app it was sent by, of declared public figures only; NULL where the source does not say.
-- column observed_at: When it was last seen.
-- column network: Where it was posted: x, bluesky, mastodon, facebook ...
-- column time_quality: How far posted_at is to be trusted: exact, or suspect where the network's own clock says otherwise.
WITH versions AS NOT MATERIALIZED (
    SELECT p.*
    FROM raw.posts AS p
    -- An archive that was taken back speaks no more; imported again, it has a later observed_at.
    ANTI JOIN raw.withdrawals AS w
        ON p.file_sha256 = w.file_sha256 AND p.source_key = w.campaign_id || '/' || w.source_id
        AND p.observed_at <= w.withdrawn_at
),

posts_repeated AS (
    -- Few posts have several versions: only their texts are carried through the choice of the last.
    SELECT post_id, source_kind
    FROM versions
    SEMI JOIN staging.touched_posts USING (post_id)
    GROUP BY post_id, source_kind
    HAVING count(*) > 1
),

versions_last AS (
    SELECT *
    FROM versions
    SEMI JOIN staging.touched_posts USING (post_id)
    ANTI JOIN posts_repeated USING (post_id, source_kind)
    UNION ALL
    SELECT *
    FROM versions
    SEMI JOIN posts_repeated USING (post_id, source_kind)
    QUALIFY row_number() OVER (PARTITION BY post_id, source_kind ORDER BY observed_at DESC, source_key, text) = 1
)

SELECT
    post_id,
    source_kind,
    source_key,
    author_key,
    account,
    posted_at,
    post_type,
    text,
    edit_of,
    like_count,
    repost_count,
    reply_count,
    quote_count,
    client,
    observed_at,
    coalesce(network, 'x') AS network,
    coalesce(time_quality, 'exact') AS time_quality
FROM versions_last
