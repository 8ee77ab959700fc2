-- A campaign's own settings, as its folder stood when it was last landed.
-- grain:  one row for each campaign
-- key:    campaign_id
-- units:  start_on and end_on are local days of `timezone`, both in the season; starts_at and ends_at in UTC
-- column spec: The campaign's overrides of the pre-specified analysis, as JSON.
-- column campaign_hash: Hash of everything that the campaign's folder says.
-- column spec_hash: Hash of its pre-specified analysis.
-- column spec: Its overrides of the pre-specified analysis, as JSON.
-- column title: Title of the campaign.
-- column timezone: IANA zone of the campaign's local days.
-- column start_on: First local day of the season.
-- column end_on: Last local day of the season.
-- column starts_at: Start of the season.
-- column ends_at: End of the season.
-- column small_gift_max: A gift of at most this much is small.
-- column language: Language of its pages: en or fr.
-- column claims: Claims of the campaign's own, as JSON; NULL where it states none.
-- column landed_at: When the folder was last read anew.
SELECT
    campaign_id,
    campaign_hash,
    spec_hash,
    spec,
    title,
    timezone,
    currency,
    start_on,
    end_on,
    start_on::TIMESTAMP AT TIME ZONE timezone AS starts_at,
    (end_on + 1)::TIMESTAMP AT TIME ZONE timezone AS ends_at,
    small_gift_max,
    coalesce(language, 'en') AS language,
    claims,
    landed_at
FROM raw.campaigns
QUALIFY row_number() OVER (PARTITION BY campaign_id ORDER BY landed_at DESC, campaign_hash) = 1
