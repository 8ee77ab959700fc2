-- A territory: where gifts come from, how many live there and how many of them are online.
-- grain:  one row for each territory of each state of a campaign folder
-- key:    campaign_id, campaign_hash, territory
-- units:  population in people; online_share 0 to 1; control in a unit of the campaign's own
CREATE TABLE raw.territories (
    campaign_id VARCHAR NOT NULL,
    campaign_hash VARCHAR NOT NULL,
    territory VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    population BIGINT NOT NULL,
    online_share DOUBLE,
    parent VARCHAR,
    control DOUBLE,
    source_url VARCHAR,
    load_id BIGINT NOT NULL
);
