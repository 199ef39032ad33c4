-- Messages. Only the two of a conversation read its lines, neither while there is a block between them, and whoever was
-- written to not before they said yes. What the desk reads is a copy: reported_messages.

-- Does whom message m was sent to take what its sender writes?
-- part message_taken m
EXISTS (SELECT 1 FROM conversations k WHERE k.account_id = $m.to_id AND k.other_id = $m.by_id AND k.state = 'open')

-- part message_columns viewer
m.id, '/messages/' || iif(m.by_id = $viewer, b.name, a.name) || '?before=' || (m.id + 1) || '#m' || m.id AS url,
a.name AS author, a.display_name, b.name AS recipient, m.by_id AS account_id, m.is_nudge, m.content,
iif(i.message_id IS NULL, NULL, '/messages/' || m.id || '/full.jpg') AS image_url, i.bytes, i.width, i.height, m.alt, m.created_at

-- part message_joins
JOIN accounts a ON a.id = m.by_id
JOIN accounts b ON b.id = m.to_id
LEFT JOIN message_images i ON i.message_id = m.id

-- a conversation: ?1 before, ?2 limit, ?3 with whom, ?4 the viewer
-- query messages
SELECT {message_columns ?4}
FROM messages m INDEXED BY messages_between
{message_joins}
WHERE m.low_id = min(?3, ?4) AND m.high_id = max(?3, ?4) AND m.id < ?1 AND {not_blocked ?4 ?3}
    AND (m.by_id = ?4 OR {message_taken m})
ORDER BY m.id DESC LIMIT ?2

-- one of them, for ?2, who is one of the two; an administrator (?3) is nobody here
-- query message
SELECT {message_columns ?2}
FROM messages m
{message_joins}
WHERE m.id = ?1 AND (m.by_id = ?2 OR (m.to_id = ?2 AND {message_taken m})) AND {not_blocked m.by_id m.to_id} AND ?3 IS NOT NULL

-- one that ?2 received, for a report: blocked or not, since who was blocked may have written before
-- query message_received
SELECT m.id, '/messages/' || a.name AS url, a.name AS author
FROM messages m
JOIN accounts a ON a.id = m.by_id
WHERE m.id = ?1 AND m.to_id = ?2 AND {message_taken m} AND ?3 IS NOT NULL

-- Whoever wrote message ?1 to ?2, for the report.
-- query message_sender
SELECT by_id FROM messages m WHERE id = ?1 AND to_id = ?2 AND {message_taken m}

-- with whom ?3 talks, the newest line first: ?1 before, ?2 limit
-- query conversations
SELECT c.last_id AS id, '/messages/' || a.name AS url, a.name, a.display_name, (SELECT '/i/' || hash || '.jpg' FROM images WHERE id = a.avatar_image) AS avatar_url,
    c.came_id > c.read_id AS is_new, m.by_id = ?3 AS is_own, m.is_nudge, substr(m.content, 1, 120) AS words,
    EXISTS (SELECT 1 FROM message_images WHERE message_id = m.id) AS has_picture, m.created_at
FROM conversations c INDEXED BY conversations_open
JOIN accounts a ON a.id = c.other_id
JOIN messages m ON m.id = c.last_id
WHERE c.account_id = ?3 AND c.state = 'open' AND c.last_id > 0 AND c.last_id < ?1 AND {seen_by ?3 c.other_id}
ORDER BY c.last_id DESC LIMIT ?2

-- who would like to write to ?1, the newest first; nothing of what they wrote: ?2 limit
-- query conversations_asked
SELECT a.name, a.display_name, c.came_id > c.read_id AS is_new, c.came_id AS until, m.created_at
FROM conversations c INDEXED BY conversations_asked
JOIN accounts a ON a.id = c.other_id
JOIN messages m ON m.id = c.last_id
WHERE c.account_id = ?1 AND c.state = 'asked' AND c.last_id > 0 AND a.state = 'active' AND NOT a.is_banned AND {seen_by ?1 c.other_id}
ORDER BY c.last_id DESC LIMIT ?2

-- somebody by name as ?2 may write to them, and how the two stand
-- query conversation
SELECT a.id, a.name, a.state = 'active' AND NOT a.is_banned AS is_here, a.takes_nudges,
    coalesce(mine.state, '') AS mine, coalesce(mine.came_id, 0) AS came_id, coalesce(mine.read_id, 0) AS read_id,
    coalesce(mine.last_id, 0) AS last_id,
    coalesce(theirs.state, '') = 'open' OR EXISTS (SELECT 1 FROM follows WHERE follower_id = a.id AND followed_id = ?2) AS takes_mine
FROM accounts a
LEFT JOIN conversations mine ON mine.account_id = ?2 AND mine.other_id = a.id
LEFT JOIN conversations theirs ON theirs.account_id = a.id AND theirs.other_id = ?2
WHERE a.name = lower(?1) AND {not_blocked ?2 a.id}

-- Is there anything unread for ?1? Whether, and never how much.
-- query has_message
SELECT EXISTS (SELECT 1 FROM conversations c INDEXED BY conversations_new
    WHERE c.account_id = ?1 AND c.came_id > c.read_id AND c.state <> 'refused' AND {seen_by ?1 c.other_id}) AS has_message

-- for an export: ?1 before, ?2 limit, ?3 of whom, ?4 true
-- query messages_written
SELECT {message_columns ?3}
FROM messages m INDEXED BY messages_by
{message_joins}
WHERE m.by_id = ?3 AND m.id < ?1 AND ?4
ORDER BY m.id DESC LIMIT ?2

-- the same, from others: what was let in, without those of whom one blocked or is blocked by
-- query messages_to
SELECT {message_columns ?3}
FROM messages m INDEXED BY messages_to
{message_joins}
WHERE m.to_id = ?3 AND m.id < ?1 AND {message_taken m} AND {not_blocked ?3 m.by_id} AND ?4
ORDER BY m.id DESC LIMIT ?2

-- the six lines of the open report about message ?1, the oldest first
-- query reported_messages
SELECT c.id, c.message_id = ?1 AS is_reported, a.name AS author, c.is_nudge, c.content, c.alt, c.created_at,
    iif(c.data IS NULL, NULL, '/admin/reported/' || c.id || '.jpg') AS image_url, c.width, c.height
FROM reports r
JOIN reported_messages c ON c.report_id = r.id
JOIN accounts a ON a.id = c.by_id
WHERE r.kind = 'message' AND r.subject_id = ?1 AND r.closed_at IS NULL
ORDER BY c.message_id

-- Why ?1 may not write to ?2 (store/message.h): 0 they may. ?3: so many lines may wait, ?4: with so many people.
-- write message_bar
SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = ?2 AND a.state = 'active' AND NOT a.is_banned AND {not_blocked ?1 a.id}) THEN 1
    WHEN EXISTS (SELECT 1 FROM conversations WHERE account_id = ?2 AND other_id = ?1 AND state = 'open')
        OR EXISTS (SELECT 1 FROM follows WHERE follower_id = ?2 AND followed_id = ?1) THEN 0
    WHEN EXISTS (SELECT 1 FROM conversations WHERE account_id = ?2 AND other_id = ?1 AND state = 'refused') THEN 1
    WHEN (SELECT count(*) FROM messages WHERE low_id = min(?1, ?2) AND high_id = max(?1, ?2) AND by_id = ?1) >= ?3 THEN 2
    WHEN NOT EXISTS (SELECT 1 FROM conversations WHERE account_id = ?2 AND other_id = ?1 AND last_id > 0)
        AND (SELECT count(*) FROM conversations INDEXED BY conversations_with
            WHERE other_id = ?1 AND state = 'asked' AND last_id > 0) >= ?4 THEN 3
    ELSE 0 END

-- when ?1 nudged ?2
-- write message_nudged
SELECT nudged_at FROM conversations WHERE account_id = ?1 AND other_id = ?2

-- write message_add
INSERT INTO messages (by_id, to_id, is_nudge, content, alt, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- write message_image_add
INSERT INTO message_images (message_id, account_id, width, height, bytes, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- ?1: one of the two, who read it, or wrote it
-- write message_delete
DELETE FROM messages WHERE id = ?2 AND (by_id = ?1 OR (to_id = ?1 AND EXISTS
    (SELECT 1 FROM conversations k WHERE k.account_id = ?1 AND k.other_id = messages.by_id AND k.state = 'open')))

-- The desk deletes what was reported to it, and nothing else. ?1: always 0
-- write message_delete_reported
DELETE FROM messages WHERE id = ?2 AND ?1 = 0 AND EXISTS
    (SELECT 1 FROM reports WHERE kind = 'message' AND subject_id = ?2 AND closed_at IS NULL)

-- write message_image
SELECT data FROM message_images WHERE message_id = ?1

-- write reported_image
SELECT data FROM reported_messages WHERE id = ?1 AND data IS NOT NULL

-- write conversation_read
UPDATE conversations SET read_id = max(read_id, min(?3, came_id)) WHERE account_id = ?1 AND other_id = ?2

-- ?3 open, asked or refused
-- write conversation_set
UPDATE conversations SET state = ?3 WHERE account_id = ?1 AND other_id = ?2

-- write conversation_clear
DELETE FROM messages WHERE low_id = min(?1, ?2) AND high_id = max(?1, ?2)

-- Does ?2 take what ?1 writes?
-- write message_takes
SELECT EXISTS (SELECT 1 FROM conversations WHERE account_id = ?2 AND other_id = ?1 AND state = 'open')
    OR EXISTS (SELECT 1 FROM follows WHERE follower_id = ?2 AND followed_id = ?1)
