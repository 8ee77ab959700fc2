-- What people do with posts that a candidate writes, against those of the staff on the same account.
-- grain:  one row for each candidate and kind of source that has posts of an own account
-- key:    campaign_id, candidate_id, source_kind
-- units:  times in UTC; reactions are replies, reposts and likes
-- column period_start_at: The first post.
-- column period_end_at: A second after the last post.
-- column n_own: Posts by the candidate, told by the signature or the app that the campaign file names; reposts are not counted.
-- column n_staff: Posts by the staff.
-- column n_unknown: Posts that nobody can tell, or whose reactions were counted within a day.
-- column n_compared_own: Posts by the candidate that stand beside one of the staff in the same week, of the same kind.
-- column n_compared_staff: Posts of the staff that stand beside one by the candidate.
-- column median_own: Median reactions to posts by the candidate.
-- column median_staff: Median reactions to posts of the staff.
-- column ratio: Geometric mean of one and the reactions, own over staff, within weeks and kinds of post; NULL under 30 of each.
-- column p_perm: Two-sided p-value: hands dealt anew within weeks and kinds of post.
CREATE TABLE metrics.own_hand (
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    period_start_at TIMESTAMPTZ NOT NULL,
    period_end_at TIMESTAMPTZ NOT NULL,
    n_own BIGINT,
    n_staff BIGINT,
    n_unknown BIGINT,
    n_compared_own BIGINT,
    n_compared_staff BIGINT,
    median_own DOUBLE,
    median_staff DOUBLE,
    ratio DOUBLE,
    ci_low DOUBLE,
    ci_high DOUBLE,
    p_perm DOUBLE,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
