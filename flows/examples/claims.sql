-- What do the data say of each claim?
SELECT claim_id, claim, verdict, estimate, ci_low, ci_high, reason
FROM claims
ORDER BY try_cast(regexp_extract(claim_id, '\d+') AS INTEGER), claim_id
