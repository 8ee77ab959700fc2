SELECT run_id, built_at, version, rows_loaded, inputs_hash, spec_hash FROM metrics.runs ORDER BY built_at DESC LIMIT 5
