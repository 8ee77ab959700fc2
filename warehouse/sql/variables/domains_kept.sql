-- The domains that aliases name, as a regular expression: a campaign that writes elizabethwarren.com wants it counted.
-- grain:  one row; NULL where no alias is a domain
-- key:    pattern
-- units:  for a text in lower case and without accents
SELECT '\b(' || string_agg(DISTINCT replace(lower(alias), '.', '\.'), '|' ORDER BY replace(lower(alias), '.', '\.')) || ')\b' AS pattern
FROM raw.aliases
SEMI JOIN staging.campaigns USING (campaign_id, campaign_hash)
WHERE regexp_full_match(lower(alias), '[a-z0-9-]+(\.[a-z0-9-]+)+')
