-- Whether a text has a letter, mark or digit other than ASCII: stripping accents is the dear part, and most texts have none.
-- grain:  a value
-- key:    whole_text
-- units:  true or false
CREATE OR REPLACE TEMP MACRO has_accents(whole_text) AS
    strlen(whole_text) != length(whole_text)
    AND regexp_matches(whole_text, '[^\x00-\x7F\PL]|[^\x00-\x7F\PM]|[^\x00-\x7F\PN]')
