-- In which hours was a candidate named most?
SELECT candidate_id, source_kind, local_start, mentions, coverage
FROM buzz_hourly
ORDER BY mentions DESC, candidate_id
LIMIT 10
