-- What decides whom a text names: its words of phrases in a row, at least one whole phrase among them, as a list.
-- grain:  a value
-- key:    bare
-- units:  bare as bare_text gives it; patterns as in sql/variables; a unit separator, chr(31), stands in no find
CREATE OR REPLACE TEMP MACRO names_in(bare, is_accented, spaced_pattern, plain_pattern) AS
    CASE
        -- Letters of another alphabet are left: its words end where no pattern for ASCII looks for it.
        WHEN is_accented AND regexp_matches(bare, '[^\x00-\x7F\PL]|[^\x00-\x7F\PN]')
            THEN regexp_extract_all(
                ' ' || regexp_replace(replace(bare, chr(31), ' ' || chr(31) || ' '), '[^\p{L}\p{N}\x1F]+', '  ', 'g') || ' ',
                spaced_pattern
            )
        ELSE regexp_extract_all(replace(bare, '_', ' '), plain_pattern)
    END
