-- Notices: what somebody is told. Nothing here copies words; what is hidden, or by whom one does not see, is not told.

-- May its owner see notice n now? A wall entry that waits for its owner's look is one that the owner has to see; whom it
-- names are told when it shows.
-- part notice_shown n
($n.by_id IS NULL OR EXISTS (SELECT 1 FROM accounts b WHERE b.id = $n.by_id AND b.state = 'active' AND NOT b.is_banned))
AND CASE $n.post_kind WHEN '' THEN $n.kind <> 'follower' OR EXISTS
        (SELECT 1 FROM follows f WHERE f.follower_id = $n.by_id AND f.followed_id = $n.account_id)
    WHEN 'picture' THEN EXISTS (SELECT 1 FROM pictures p WHERE p.id = $n.post_id AND {shown p})
    WHEN 'status' THEN EXISTS (SELECT 1 FROM statuses p WHERE p.id = $n.post_id AND {shown p})
    WHEN 'mood' THEN EXISTS (SELECT 1 FROM moods p WHERE p.id = $n.post_id AND {shown p})
    WHEN 'wall' THEN EXISTS (SELECT 1 FROM wall_entries p WHERE p.id = $n.post_id AND p.hidden & iif($n.kind = 'wall', ~16, ~0) = 0
        AND {not_blocked $n.account_id p.owner_id} AND {not_blocked p.owner_id p.account_id}
        AND NOT EXISTS (SELECT 1 FROM accounts o WHERE o.id = p.owner_id AND (o.state <> 'active' OR o.is_banned))) END

-- ?1 before, ?2 limit, ?3 whose; words and pictures are those of today
-- query notices
SELECT n.id, n.kind, b.name AS author, b.display_name, n.post_kind, n.created_at, n.read_at IS NULL AS is_new,
    CASE n.post_kind WHEN 'picture' THEN 'pictures/' || n.post_id WHEN 'status' THEN 'statuses/' || n.post_id
        WHEN 'mood' THEN 'moods/' || n.post_id END AS post,
    CASE n.post_kind WHEN 'picture' THEN '/p/' || n.post_id WHEN 'status' THEN '/statuses/' || n.post_id
        WHEN 'mood' THEN '/moods/' || n.post_id WHEN 'wall' THEN coalesce('/~' || (SELECT o.name FROM wall_entries w
            JOIN accounts o ON o.id = w.owner_id WHERE w.id = n.post_id) || '/wall', '/guestbook')
            || iif(n.kind = 'wall', '', '?before=' || (n.post_id + 1) || '#e' || n.post_id) ELSE '/~' || b.name END AS url,
    CASE n.post_kind WHEN 'picture' THEN (SELECT caption FROM pictures WHERE id = n.post_id)
        WHEN 'status' THEN (SELECT content FROM statuses WHERE id = n.post_id)
        WHEN 'mood' THEN (SELECT mood || iif(note = '', '', ' – ' || note) FROM moods WHERE id = n.post_id)
        WHEN 'wall' THEN (SELECT content FROM wall_entries WHERE id = n.post_id) ELSE '' END AS words,
    CASE n.post_kind WHEN 'wall' THEN (SELECT name FROM wall_entries WHERE id = n.post_id) ELSE '' END AS visitor,
    n.post_kind = 'wall' AND EXISTS (SELECT 1 FROM wall_entries WHERE id = n.post_id AND hidden & 16) AS is_waiting,
    CASE WHEN n.kind = 'answer' THEN CASE n.post_kind WHEN 'picture' THEN (SELECT reply_kind FROM pictures WHERE id = n.post_id)
        WHEN 'status' THEN (SELECT reply_kind FROM statuses WHERE id = n.post_id) END END AS answered,
    CASE WHEN n.post_kind = 'picture' THEN (SELECT '/t/' || i.hash || '.jpg' FROM pictures p JOIN images i ON i.id = p.thumb_id
        WHERE p.id = n.post_id AND p.note = '') END AS thumb_url
FROM notices n INDEXED BY notices_of
LEFT JOIN accounts b ON b.id = n.by_id
WHERE n.account_id = ?3 AND n.id < ?1 AND {notice_shown n} AND {seen_by ?3 n.by_id}
ORDER BY n.id DESC LIMIT ?2

-- Is there anything that ?1 has not read? Asked for every page of theirs.
-- query has_news
SELECT EXISTS (SELECT 1 FROM notices n INDEXED BY notices_unread WHERE n.account_id = ?1 AND n.read_at IS NULL
    AND {notice_shown n} AND {seen_by ?1 n.by_id}) AS has_news

-- what somebody chose about others: who may answer, which kinds of notices are off (migrations/0009_neighbours.sql), kept
-- posts
-- query manners_of
SELECT answers, quiet, iif(shows_kept, 'true', 'false') AS shows_kept_json, shows_presence FROM accounts WHERE id = ?1

-- what is null stays as it is
-- write manners_edit
UPDATE accounts SET answers = coalesce(?2, answers), quiet = coalesce(?3, quiet), shows_kept = coalesce(?4, shows_kept)
WHERE id = ?1

-- Whom ?2 names is told by ?1 of post ?4, which is of kind ?3; once, and not when they are told that it answers them.
-- write notice_mention
INSERT INTO notice_of (account_id, kind, by_id, post_kind, post_id)
SELECT a.id, 'mention', ?1, ?3, ?4 FROM accounts a
WHERE a.name = ?2 AND a.state = 'active' AND NOT EXISTS (SELECT 1 FROM notices n
    WHERE n.post_kind = ?3 AND n.post_id = ?4 AND n.account_id = a.id)
    AND (SELECT count(*) FROM notices n WHERE n.post_kind = ?3 AND n.post_id = ?4 AND n.kind = 'mention') < ?5

-- Up to ?2, but for what is not told yet.
-- write notices_read
UPDATE notices AS n SET read_at = ?3
WHERE n.account_id = ?1 AND n.read_at IS NULL AND n.id <= ?2 AND {notice_shown n} AND {seen_by ?1 n.by_id}
