-- Posts of which a version landed, or whose archive was taken back.
-- grain:  one row for each post
-- key:    post_id
-- units:  none
SELECT post_id
FROM raw.posts
WHERE load_id > getvariable('last_built')
UNION
SELECT p.post_id
FROM raw.posts AS p
INNER JOIN raw.withdrawals AS w USING (file_sha256)
WHERE w.load_id > getvariable('last_built')
