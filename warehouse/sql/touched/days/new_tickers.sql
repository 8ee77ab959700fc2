-- Every day of a campaign where a ticker begins to tell: of a day that it does not span, it is known why.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH tickers_beginning AS (
    SELECT DISTINCT campaign_id
    FROM raw.ticker_readings
    ANTI JOIN staging.ticker_increments USING (campaign_id, source_id)
    WHERE load_id > getvariable('last_built')
)

SELECT campaign_id, local_on
FROM staging.days
SEMI JOIN tickers_beginning USING (campaign_id)
