-- A text in lower case and without accents, and without the domains of links: elizabethwarren.com speaks of a page.
-- grain:  a value
-- key:    whole_text
-- units:  is_accented as has_accents says of the text; domains_kept as sql/variables; where a domain stood, chr(31), which no phrase crosses
CREATE OR REPLACE TEMP MACRO bare_text(whole_text, is_accented, domains_kept) AS
    regexp_replace(
        -- A domain that an alias names stays: an @ before it keeps it from what follows, and parts words as any other sign.
        regexp_replace(
            CASE WHEN is_accented THEN strip_accents(lower(whole_text)) ELSE lower(whole_text) END,
            coalesce(domains_kept, '\b\B'), '@\1', 'g'
        ),
        -- A handle (@ada.example.org) is no link. Endings that are words as well (de, us, le) are left: who forgets the
        -- blank after a full stop has written no link.
        '(^|[^@a-z0-9_.-])(?:https?://)?(?:[a-z0-9-]+\.)+(?:com|org|net|gov|edu|info|io|tv|fr|uk|eu|news|app|vote)\b',
        '\1 ' || chr(31) || ' ', 'g'
    )
