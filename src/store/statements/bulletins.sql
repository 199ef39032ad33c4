-- Bulletins: for whoever follows their author, until they end.

-- part bulletin_columns
b.id, '/bulletins/' || b.id AS url, b.subject, b.content, a.name AS author, a.display_name, b.created_at, b.ends_at,
b.hidden & 1 AS is_hidden, b.hidden & 2 <> 0 AS is_held

-- part follower viewer author
EXISTS (SELECT 1 FROM follows WHERE follower_id = $viewer AND followed_id = $author)

-- Those of whom ?3 follows, and their own. A person has few that run, so the way goes by the people.
-- query bulletins
SELECT {bulletin_columns}, b.account_id
FROM (SELECT followed_id AS id FROM follows WHERE follower_id = ?3 UNION ALL SELECT ?3) f
CROSS JOIN bulletins b INDEXED BY bulletins_of ON b.account_id = f.id
JOIN accounts a ON a.id = b.account_id
WHERE b.id < ?1 AND b.ends_at > unixepoch() AND (b.account_id = ?3 OR ({shown b} AND {seen_by ?3 b.account_id}))
ORDER BY b.id DESC LIMIT ?2

-- One, for ?2 or an administrator (?3): as post_for, but for followers only.
-- query bulletin
SELECT {bulletin_columns}, b.account_id
FROM bulletins b
JOIN accounts a ON a.id = b.account_id
WHERE b.id = ?1 AND b.ends_at > unixepoch() AND (?3 OR b.account_id = ?2
    OR ({reachable b} AND {follower ?2 b.account_id} AND {not_blocked ?2 b.account_id}))

-- somebody's own, for their export: ?4 with the hidden ones
-- query bulletins_of
SELECT {bulletin_columns}
FROM bulletins b
JOIN accounts a ON a.id = b.account_id
WHERE b.account_id = ?3 AND b.id < ?1 AND b.ends_at > unixepoch() AND ({reachable b} OR ?4)
ORDER BY b.id DESC LIMIT ?2

-- query bulletin_count_of
SELECT count(*) FROM bulletins WHERE account_id = ?1 AND ends_at > unixepoch()

-- query bulletins_held
SELECT b.id, b.account_id
FROM bulletins b INDEXED BY bulletins_held
WHERE b.hidden & 2 AND b.hidden & 9 = 0 AND b.id > 0
ORDER BY b.id LIMIT ?1

-- ?7: how many may run at a time
-- write bulletin_add
INSERT INTO bulletins (account_id, subject, content, created_at, ends_at, hidden)
SELECT ?1, ?2, ?3, ?4, ?5, ?6
WHERE (SELECT count(*) FROM bulletins WHERE account_id = ?1 AND ends_at > unixepoch()) < ?7

-- write bulletin_known
SELECT 1 FROM bulletins WHERE account_id = ?1 AND created_at = ?2 AND subject = ?3
LIMIT 1

-- write bulletins_expire
DELETE FROM bulletins WHERE ends_at <= ?1

-- write bulletin_delete
DELETE FROM bulletins WHERE id = ?2 AND ?1 IN (0, account_id)

-- write hide_bulletin
UPDATE bulletins SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1

-- write release_bulletins
UPDATE bulletins SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2
