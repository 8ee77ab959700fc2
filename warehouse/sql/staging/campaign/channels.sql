-- A channel that a campaign pays for or works in.
-- grain:  one row for each channel of each campaign
-- key:    campaign_id, channel
-- units:  spent in `currency`; hours worked; local days, both included
-- column channel: The channel, as gifts and sign-ups carry it.
-- column title: What it is called.
-- column channel_kind: network, online, field, media or mail.
-- column spent: Money spent on it, in all.
-- column hours: Hours worked in it, in all.
-- column starts_on: First local day.
-- column ends_on: Last local day.
-- column source_url: Where these facts come from.
SELECT DISTINCT c.* EXCLUDE (load_id, campaign_hash)
FROM raw.channels AS c
SEMI JOIN staging.campaigns USING (campaign_id, campaign_hash)
