-- What could not be read, and where does it stand?
SELECT source_id, what, line_number, reason
FROM facts.rejects
ORDER BY seen_at, source_id, line_number
LIMIT 20
