-- A row or document that was set aside, with the reason.
-- grain:  one row for each thing set aside, each time it was seen, and for each campaign that has its source
-- key:    campaign_id, source_id, what, line_number, seen_at
-- units:  times in UTC
-- column what: The file's name or the document's address.
-- column line_number: Line of the file; NULL where it is a document or an answer.
-- column reason: Why it could not be read; never a quotation of what it says.
-- column seen_at: When it was read.
SELECT s.campaign_id, s.source_id, s.source_kind, r.what, r.line_number, r.reason, r.seen_at
FROM raw.rejects AS r
INNER JOIN staging.sources AS s USING (source_key)
