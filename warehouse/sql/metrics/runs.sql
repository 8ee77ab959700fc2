-- The provenance of a build; the last row is the published one.
-- grain:  one row for each build that changed something
-- key:    run_id
-- units:  times in UTC; seconds of wall clock until the models stood
-- column run_id: The build.
-- column built_at: When it began; of a build as of an instant, that instant.
-- column version: Version of afterdebate.
-- column campaign_hash: Hash of the campaigns it built.
-- column spec_hash: Hash of their pre-specified analyses.
-- column inputs_hash: Hash of the names of every landed file that it rests on; erasure and retention rewrite a file under its name.
-- column rows_loaded: Rows loaded since the build before.
-- column seconds: How long it took; 0 of a build as of an instant, which is the same each time.
-- column as_of: The instant whose knowledge the tables tell, where `build --as-of` made them; NULL: all that had landed.
CREATE TABLE metrics.runs (
    run_id VARCHAR NOT NULL,
    built_at TIMESTAMPTZ NOT NULL,
    version VARCHAR NOT NULL,
    campaign_hash VARCHAR NOT NULL,
    spec_hash VARCHAR NOT NULL,
    inputs_hash VARCHAR NOT NULL,
    rows_loaded BIGINT NOT NULL,
    seconds DOUBLE NOT NULL,
    as_of TIMESTAMPTZ
);
