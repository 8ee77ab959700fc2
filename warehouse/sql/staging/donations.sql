-- A gift, refund or redesignation in its last known version, from files that stand.
-- grain:  one row for each donation id of each source
-- key:    campaign_id, source_id, donation_id
-- units:  amount in `currency`, above zero a gift, below a refund or redesignation; occurred_at in UTC, NULL where the source gives days; local_on a day of the campaign's zone
-- restates: campaign_id, source_id, donation_id of staging.touched_donations
SELECT
    d.campaign_id,
    d.donation_id,
    d.source_id,
    d.candidate_id,
    d.occurred_at,
    d.occurred_on AS local_on,
    d.precision,
    d.amount,
    d.currency,
    d.gift_kind,
    d.is_memo,
    d.refunded_at,
    d.channel,
    d.scope,
    d.territory,
    d.donor_key,
    d.flags,
    d.known_at
FROM raw.donations AS d
SEMI JOIN staging.touched_donations USING (campaign_id, source_id, donation_id)
INNER JOIN staging.files_standing AS f
    ON d.campaign_id = f.campaign_id AND d.source_id = f.source_id AND d.file_sha256 = f.file_sha256 AND d.known_at > f.withdrawn_at
QUALIFY row_number() OVER (PARTITION BY d.campaign_id, d.source_id, d.donation_id ORDER BY d.version DESC, d.known_at DESC, d.file_sha256, d.line_number DESC) = 1
