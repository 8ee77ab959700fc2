-- A gift, refund or redesignation in its last known version, from files that stand.
-- grain:  one row for each donation id of each source
-- key:    campaign_id, source_id, donation_id
-- units:  amount in `currency`, above zero a gift, below a refund or redesignation; occurred_at in UTC, NULL where the source gives days; local_on a day of the campaign's zone
-- restates: campaign_id, source_id, donation_id of staging.touched_donations
-- column donation_id: The gift's id at its source.
-- column occurred_at: When it was given; NULL where the source gives days.
-- column amount: Above zero a gift; below, a refund or redesignation.
-- column gift_kind: one_off, first_recurring or recurring.
-- column is_memo: Repeats another row: counted nowhere.
-- column refunded_at: When it was paid back.
-- column channel: How it came.
-- column territory: Where it came from.
-- column donor_key: Keyed hash of the donor.
-- column known_at: When the file that tells it was read.
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
