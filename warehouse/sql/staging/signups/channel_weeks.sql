-- What a channel had and brought in a calendar week: days of it, sign-ups and gifts.
-- grain:  one row for each channel and week in which it had a day
-- key:    campaign_id, channel, week_on
-- units:  amount in the channel's currency; gifts in another one are left out; gifts and sign-ups outside its days too
-- column week_on: The week's Monday, a local day.
-- column days: Days of the channel in the week.
-- column days_in_all: Days of the channel.
-- column signups: Sign-ups that name it.
-- column gifts: Gifts that name it.
-- column amount: Their sum.
WITH days_listed AS (
    SELECT c.campaign_id, c.channel, c.currency, unnest(generate_series(c.starts_on, c.ends_on, INTERVAL 1 DAY))::DATE AS local_on
    FROM staging.channels AS c
),

weeks_listed AS (
    SELECT campaign_id, channel, currency, date_trunc('week', local_on)::DATE AS week_on, count(*) AS days
    FROM days_listed
    GROUP BY ALL
),

signups_counted AS (
    SELECT s.campaign_id, s.channel, date_trunc('week', s.local_on)::DATE AS week_on, count(*) AS signups
    FROM staging.signups AS s
    INNER JOIN staging.channels AS c
        ON s.campaign_id = c.campaign_id AND s.channel = c.channel AND s.local_on BETWEEN c.starts_on AND c.ends_on
    GROUP BY ALL
),

gifts_counted AS (
    SELECT d.campaign_id, d.channel, date_trunc('week', d.local_on)::DATE AS week_on, count(*) AS gifts, sum(d.amount) AS amount
    FROM staging.donations AS d
    INNER JOIN staging.channels AS c
        ON d.campaign_id = c.campaign_id AND d.channel = c.channel AND d.currency = c.currency
        AND d.local_on BETWEEN c.starts_on AND c.ends_on
    WHERE d.amount > 0 AND NOT d.is_memo AND NOT coalesce(list_contains(d.flags, 'refund'), false)
    GROUP BY ALL
)

SELECT
    w.campaign_id,
    w.channel,
    w.week_on,
    w.days,
    sum(w.days) OVER (PARTITION BY w.campaign_id, w.channel)::BIGINT AS days_in_all,
    coalesce(s.signups, 0) AS signups,
    coalesce(g.gifts, 0) AS gifts,
    coalesce(g.amount, 0)::DECIMAL(18, 2) AS amount
FROM weeks_listed AS w
LEFT JOIN signups_counted AS s USING (campaign_id, channel, week_on)
LEFT JOIN gifts_counted AS g USING (campaign_id, channel, week_on)
