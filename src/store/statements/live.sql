-- /live: marks (migrations/0011_live.sql), and what they stand for as somebody may see it at the moment of telling.

-- Two who follow each other, neither of whom muted or blocked the other. Whether they show that they are here: apart.
-- part friends_here viewer other
{follow_each_other $viewer $other} AND {seen_by $viewer $other} AND {seen_by $other $viewer} AND {not_blocked $other $viewer}

-- part follow_each_other one other
EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = $one AND f.followed_id = $other)
    AND EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = $other AND f.followed_id = $one)

-- the newest status or mood of account a
-- part line_of a
coalesce(CASE WHEN (SELECT created_at FROM statuses x WHERE x.account_id = $a.id AND x.hidden = 0 ORDER BY x.id DESC LIMIT 1)
    >= coalesce((SELECT created_at FROM moods x WHERE x.account_id = $a.id AND x.hidden = 0 ORDER BY x.id DESC LIMIT 1), 0)
THEN (SELECT iif(x.face = '', '', x.face || ' ') || x.content FROM statuses x WHERE x.account_id = $a.id AND x.hidden = 0 ORDER BY x.id DESC LIMIT 1)
ELSE (SELECT iif(x.face = '', '', x.face || ' ') || x.mood || iif(x.note = '', '', ' – ' || x.note) FROM moods x
    WHERE x.account_id = $a.id AND x.hidden = 0 ORDER BY x.id DESC LIMIT 1) END, '') AS line

-- the last mark there ever was, and the oldest that is still there
-- write live_latest
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'live_events'), 0), (SELECT min(id) FROM live_events)

-- all marks behind ?1, at most ?2
-- write live_marks
SELECT id, account_id, kind, by_id, ref_id FROM live_events WHERE id > ?1 ORDER BY id LIMIT ?2

-- write live_followers
SELECT follower_id FROM follows WHERE followed_id = ?1

-- who may see ?1 here, and whom ?1 may
-- write live_friends_of
SELECT o.follower_id FROM follows o WHERE o.followed_id = ?1 AND {friends_here o.follower_id ?1}

-- May a stream of ?1 go on, that came with session ?2 or token ?3? ?4: sessions that were used last before are over.
-- write live_may
SELECT 1 FROM accounts a WHERE a.id = ?1 AND a.state = 'active' AND NOT a.is_banned AND a.suspended_until <= unixepoch()
    AND (EXISTS (SELECT 1 FROM sessions s WHERE s.id = ?2 AND s.account_id = a.id AND s.used_at >= ?4)
        OR EXISTS (SELECT 1 FROM tokens t WHERE t.id = ?3 AND t.account_id = a.id AND ' ' || t.scope || ' ' LIKE '% messages %'))

-- Marks older than ?1 go, and all but the newest ?2.
-- write live_expire
DELETE FROM live_events WHERE id < max(
    coalesce((SELECT id FROM live_events WHERE created_at >= ?1 ORDER BY id LIMIT 1), (SELECT max(id) FROM live_events)),
    (SELECT max(id) FROM live_events) - ?2)

-- Is the oldest mark older than ?1, or are there more than ?2? Asked often, and nearly always no.
-- write live_is_old
SELECT EXISTS (SELECT 1 FROM live_events WHERE id = (SELECT min(id) FROM live_events) AND created_at < ?1)
    OR (SELECT max(id) FROM live_events) - (SELECT min(id) FROM live_events) > ?2

-- what ?3 is told: marks behind ?1, at most ?2
-- query live_events_for
SELECT id, kind, by_id, ref_id FROM live_events WHERE account_id = ?3 AND id > ?1
UNION ALL
SELECT e.id, e.kind, e.by_id, e.ref_id FROM live_events e WHERE e.account_id = 0 AND e.id > ?1
    AND EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = ?3 AND f.followed_id = e.by_id)
ORDER BY id LIMIT ?2

-- Message ?1 as ?2 has it. Of one that waits for a yes, no more than that it does.
-- query live_message
SELECT m.id, a.name AS author, b.name AS recipient, m.by_id = ?2 AS is_own, iif({message_taken m} OR m.by_id = ?2, m.content, NULL) AS content,
    iif(EXISTS (SELECT 1 FROM message_images i WHERE i.message_id = m.id) AND ({message_taken m} OR m.by_id = ?2), '/messages/' || m.id || '/full.jpg', NULL) AS image_url,
    NOT (m.by_id = ?2 OR {message_taken m}) AS is_request, m.created_at
FROM messages m
JOIN accounts a ON a.id = m.by_id
JOIN accounts b ON b.id = m.to_id
WHERE m.id = ?1 AND (m.by_id = ?2 OR m.to_id = ?2) AND {not_blocked m.by_id m.to_id} AND {seen_by ?2 m.by_id}
    AND NOT EXISTS (SELECT 1 FROM conversations k WHERE k.account_id = ?2 AND k.other_id = m.by_id AND k.state = 'refused')

-- notice ?1 of ?2
-- query live_notice
SELECT n.id, n.kind, b.name AS author, n.created_at
FROM notices n
LEFT JOIN accounts b ON b.id = n.by_id
WHERE n.id = ?1 AND n.account_id = ?2 AND {notice_shown n} AND {seen_by ?2 n.by_id}

-- post ?1 for ?2
-- query live_picture
SELECT p.id, 'picture' AS kind, '/p/' || p.id AS url, a.name AS author, p.created_at
FROM pictures p
JOIN accounts a ON a.id = p.account_id
WHERE p.id = ?1 AND {shown p} AND {seen_by ?2 p.account_id}

-- query live_status
SELECT p.id, 'status' AS kind, '/statuses/' || p.id AS url, a.name AS author, p.created_at
FROM statuses p
JOIN accounts a ON a.id = p.account_id
WHERE p.id = ?1 AND {shown p} AND {seen_by ?2 p.account_id}

-- query live_mood
SELECT p.id, 'mood' AS kind, '/moods/' || p.id AS url, a.name AS author, p.created_at
FROM moods p
JOIN accounts a ON a.id = p.account_id
WHERE p.id = ?1 AND {shown p} AND {seen_by ?2 p.account_id}

-- ?2 as ?1 may see them here; is_friend: ?1 may know whether they are; is_seen: and is not muted, which looks like gone
-- query live_person
SELECT a.id AS account_id, a.name, (SELECT '/i/' || hash || '.jpg' FROM images WHERE id = a.avatar_image) AS avatar_url,
    a.shows_presence AND a.state = 'active' AND NOT a.is_banned AND {friends_here ?1 a.id} AS is_seen,
    a.shows_presence AND a.state = 'active' AND NOT a.is_banned AND {follow_each_other ?1 a.id} AND {seen_by ?1 a.id} AND {not_blocked a.id ?1} AS is_friend, {line_of a}
FROM accounts a
WHERE a.id = ?2

-- query shows_presence
SELECT coalesce((SELECT shows_presence FROM accounts WHERE id = ?1), 0)
