-- A dated change of a platform, source or query that splits baselines: counts before and after do not compare.
-- grain:  one row for each campaign, series and change
-- key:    campaign_id, source_kind, source_id, broke_at, what
-- units:  times in UTC; source_id NULL = every source of the kind
-- column broke_at: When the series changed; the first interval counted otherwise.
-- column what: What changed.
-- column url: Where the platform says so; NULL for a change of the campaign's own.
SELECT campaign_id, source_kind, source_id, broke_at, what, url
FROM staging.series_breaks
