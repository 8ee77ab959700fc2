-- Gifts by local day, so that a sum over rows counts each gift once.
-- grain:  one row for each source, candidate, currency and observed local day; a gap is no row, and a sum of disjoint sources is left out, for its parts are here
-- key:    campaign_id, candidate_id, source_id, currency, interval_start_at
-- units:  amounts in `currency`; two sources that saw the same gifts both hold them: filter on source_id unless the campaign declares them disjoint
-- column local_start: Start of the day on the clock of the campaign's zone.
-- column amount: Sum of the gifts.
-- column small_gifts: Gifts of at most the campaign's small_gift_max.
-- column new_donors: Donors never seen before in this source; NULL where donors are not known.
-- column refunds: Refunds, counted apart and never netted.
-- column refunded_amount: Their sum, as a positive amount.
-- column gifts: Gifts with an amount above zero; NULL where the source gives sums only.
SELECT
    d.campaign_id,
    d.candidate_id,
    d.source_id,
    d.interval_start_at,
    d.interval_start_at AT TIME ZONE c.timezone AS local_start,
    d.local_on,
    d.gifts,
    d.amount,
    d.currency,
    d.small_gifts,
    d.new_donors,
    d.refunds,
    d.refunded_amount,
    d.expected,
    d.coverage,
    d.status,
    d.flags,
    d.run_id
FROM metrics.donation_by_interval AS d
INNER JOIN facts.campaigns AS c USING (campaign_id)
WHERE
    d.interval_minutes = 1440
    AND NOT EXISTS (SELECT 1 FROM facts.sources AS s WHERE s.campaign_id = d.campaign_id AND s.summed_as = d.source_id)
