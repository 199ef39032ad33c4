-- Moods. Timelines: ?1 before, ?2 limit, then the key, then the viewer.

-- query moods
SELECT {mood_columns ?3}
FROM moods m INDEXED BY moods_shown
JOIN accounts a ON a.id = m.account_id
WHERE {shown m} AND m.id < ?1 AND {seen_by ?3 m.account_id}
ORDER BY m.id DESC LIMIT ?2

-- query moods_of
SELECT {mood_columns ?5} FROM moods m
JOIN accounts a ON a.id = m.account_id
{posts_of m}

-- query mood
SELECT {mood_columns ?2}, m.account_id FROM moods m
JOIN accounts a ON a.id = m.account_id
{post_for m}

-- query mood_newest_of
SELECT {mood_columns ?2}
FROM moods m
JOIN accounts a ON a.id = m.account_id
WHERE m.account_id = ?1 AND {reachable m}
ORDER BY m.id DESC LIMIT 1

-- ?3: the viewer
-- query mood_counts
SELECT mood, max(face) AS face, count(*) AS count
FROM moods m INDEXED BY moods_time
WHERE {shown m} AND created_at > ?1 AND {seen_by ?3 m.account_id}
GROUP BY mood
ORDER BY count DESC, mood LIMIT ?2

-- what was felt when: ?1 since, ?2 to ?8 moods that are told apart, ?9 the viewer
-- query mood_days
SELECT created_at / 86400 AS day, iif(mood IN (?2, ?3, ?4, ?5, ?6, ?7, ?8), mood, '') AS mood, count(*) AS count
FROM moods m INDEXED BY moods_time
WHERE {shown m} AND created_at > ?1 AND {seen_by ?9 m.account_id}
GROUP BY 1, 2

-- query mood_days_of
SELECT created_at, mood, face FROM moods m WHERE account_id = ?1 AND {reachable m}
ORDER BY id DESC LIMIT ?2

-- query moods_felt
SELECT {mood_columns ?3}
FROM moods m INDEXED BY moods_same
JOIN accounts a ON a.id = m.account_id
WHERE m.mood = ?4 AND {shown m} AND m.id < ?1 AND {seen_by ?3 m.account_id}
ORDER BY m.id DESC LIMIT ?2

-- who felt ?1 lately, but for ?2 and whom ?3 does not see
-- query feel_the_same
SELECT a.name AS author, a.display_name, x.face, max(x.id) AS id, '/moods/' || x.id AS url, x.created_at, NOT EXISTS
    (SELECT 1 FROM moods n WHERE n.account_id = x.account_id AND n.id > x.id) AS is_still
FROM (SELECT id, account_id, face, created_at FROM moods m INDEXED BY moods_same WHERE mood = ?1 AND {shown m}
    AND account_id <> ?2 ORDER BY id DESC LIMIT 200) x
JOIN accounts a ON a.id = x.account_id
WHERE {seen_by ?3 x.account_id}
GROUP BY x.account_id
ORDER BY max(x.id) DESC LIMIT 12

-- write mood_add
INSERT INTO moods (account_id, mood, face, note, created_at, hidden) VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- write mood_edit
UPDATE moods SET mood = ?3, face = ?4, note = ?5, edited_at = ?6, hidden = hidden | ?7
WHERE id = ?2 AND ?1 IN (0, account_id)

-- write mood_delete
DELETE FROM moods WHERE id = ?2 AND ?1 IN (0, account_id)

-- write mood_times
UPDATE moods SET created_at = ?2, edited_at = nullif(?3, 0) WHERE id = ?1

-- write mood_known
SELECT 1 FROM moods WHERE +account_id = ?1 AND created_at = ?2 AND mood = ?3
LIMIT 1
