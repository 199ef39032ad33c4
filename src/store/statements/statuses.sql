-- Statuses. Timelines: ?1 before, ?2 limit, then the key, then the viewer.

-- what is said to everybody: no answers
-- query statuses
SELECT {status_columns ?3}
FROM statuses s INDEXED BY statuses_said
JOIN accounts a ON a.id = s.account_id
WHERE {shown s} AND s.reply_id = 0 AND s.id < ?1 AND {seen_by ?3 s.account_id}
ORDER BY s.id DESC LIMIT ?2

-- query statuses_and_answers
SELECT {status_columns ?3}
FROM statuses s INDEXED BY statuses_shown
JOIN accounts a ON a.id = s.account_id
WHERE {shown s} AND s.id < ?1 AND {seen_by ?3 s.account_id}
ORDER BY s.id DESC LIMIT ?2

-- query statuses_of
SELECT {status_columns ?5} FROM statuses s
JOIN accounts a ON a.id = s.account_id
{posts_of s}

-- query statuses_tagged
SELECT {status_columns ?4}
FROM status_tags x INDEXED BY status_tags_shown
JOIN statuses s ON s.id = x.status_id
JOIN accounts a ON a.id = s.account_id
WHERE x.shown AND x.tag_id = (SELECT id FROM tags WHERE name = ?3) AND x.status_id < ?1
  AND {seen_by ?4 s.account_id}
ORDER BY x.status_id DESC LIMIT ?2

-- query statuses_found
SELECT {status_columns ?4}
FROM statuses_text x
JOIN statuses s ON s.id = x.rowid
JOIN accounts a ON a.id = s.account_id
WHERE statuses_text MATCH ?3 AND x.rowid < ?1 AND {seen_by ?4 s.account_id}
ORDER BY x.rowid DESC LIMIT ?2

-- query status
SELECT {status_columns ?2}, s.account_id FROM statuses s
JOIN accounts a ON a.id = s.account_id
{post_for s}

-- what somebody says of themselves: no answer
-- query status_newest_of
SELECT {status_columns ?2}
FROM statuses s
JOIN accounts a ON a.id = s.account_id
WHERE s.account_id = ?1 AND s.reply_id = 0 AND {reachable s}
ORDER BY s.id DESC LIMIT 1

-- tags of somebody's newest posts, as often as they stand there
-- query status_tags_of
SELECT g.name
FROM statuses s
JOIN status_tags t ON t.status_id = s.id
JOIN tags g ON g.id = t.tag_id
WHERE s.account_id = ?1
ORDER BY s.id DESC LIMIT ?2

-- write status_add
INSERT INTO statuses (account_id, face, content, created_at, hidden, reply_kind, reply_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- write status_edit
UPDATE statuses SET face = ?3, content = ?4, edited_at = ?5, hidden = hidden | ?6
WHERE id = ?2 AND ?1 IN (0, account_id)

-- write status_delete
DELETE FROM statuses WHERE id = ?2 AND ?1 IN (0, account_id)

-- write status_times
UPDATE statuses SET created_at = ?2, edited_at = nullif(?3, 0) WHERE id = ?1

-- write status_tag
INSERT INTO status_tags (status_id, tag_id)
SELECT ?1, id FROM tags WHERE name = ?2
ON CONFLICT DO NOTHING

-- write status_untag
DELETE FROM status_tags WHERE status_id = ?1

-- write status_known
SELECT 1 FROM statuses WHERE +account_id = ?1 AND created_at = ?2 AND content = ?3
LIMIT 1
