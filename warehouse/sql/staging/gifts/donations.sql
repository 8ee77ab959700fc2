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
WITH rows_standing AS (
    SELECT d.*
    FROM raw.donations AS d
    SEMI JOIN staging.touched_donations USING (campaign_id, source_id, donation_id)
    INNER JOIN staging.files_standing AS f
        ON d.campaign_id = f.campaign_id AND d.source_id = f.source_id AND d.file_sha256 = f.file_sha256 AND d.known_at > f.withdrawn_at
),

ids_told_again AS (
    -- By hash, which is cheap: where two ids share one, both go the slow way, and nothing else happens.
    SELECT hash(campaign_id, source_id, donation_id) AS id_hash FROM rows_standing GROUP BY ALL HAVING count(*) > 1
),

rows_holding AS (
    -- Nearly every gift is told once: only the others are worth a sort.
    SELECT r.* FROM rows_standing AS r ANTI JOIN ids_told_again AS t ON hash(r.campaign_id, r.source_id, r.donation_id) = t.id_hash
    UNION ALL
    SELECT r.*
    FROM rows_standing AS r
    SEMI JOIN ids_told_again AS t ON hash(r.campaign_id, r.source_id, r.donation_id) = t.id_hash
    QUALIFY row_number() OVER (
        PARTITION BY campaign_id, source_id, donation_id ORDER BY version DESC, known_at DESC, file_sha256, line_number DESC
    ) = 1
)

SELECT
    campaign_id,
    donation_id,
    source_id,
    candidate_id,
    occurred_at,
    occurred_on AS local_on,
    precision,
    amount,
    currency,
    gift_kind,
    is_memo,
    refunded_at,
    channel,
    scope,
    territory,
    donor_key,
    flags,
    known_at
FROM rows_holding
