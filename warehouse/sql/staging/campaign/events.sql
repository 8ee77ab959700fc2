-- Something dated that may move buzz or money.
-- grain:  one row for each event of each campaign
-- key:    campaign_id, event_id
-- units:  times in UTC; starts_on a local day of `timezone`; starts_at NULL = the source gives the day only
-- column title: Title of the event.
-- column starts_on: Local day of the event.
-- column starts_at: When it starts; NULL = the source gives the day only.
-- column ends_at: When it ends; NULL = not known.
-- column timezone: IANA zone of the event.
-- column channels: Who broadcast it.
-- column participants: Candidates who took part.
-- column audience_millions: Viewers, in millions.
-- column territory: Territory that it concerns.
-- column is_held: False: cancelled, a control.
-- column calls_for: What a push asks people for: meeting, donate, join, share; NULL where nobody says.
-- column channel: The channel of channels.csv by which it went out.
-- column source_url: Where these facts come from.
SELECT DISTINCT e.* EXCLUDE (load_id, campaign_hash)
FROM raw.events AS e
SEMI JOIN staging.campaigns USING (campaign_id, campaign_hash)
