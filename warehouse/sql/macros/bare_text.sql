-- A text in lower case and without accents.
-- grain:  a value
-- key:    whole_text
-- units:  is_accented as has_accents says of the text
CREATE OR REPLACE TEMP MACRO bare_text(whole_text, is_accented) AS
    CASE WHEN is_accented THEN strip_accents(lower(whole_text)) ELSE lower(whole_text) END
