-- Moderation: reports, decisions, appeals, the block lists, who does not see whom.

-- query subject_owner
SELECT {subject_of}

-- the administrator's queue: ?1 after, ?2 limit
-- query reports
SELECT r.id, r.kind, r.subject_id, coalesce(r.account_id, 0) AS account_id, a.name AS author, r.times, r.times = 1 AS is_once, r.created_at,
    (SELECT json_group_array(json_object('reason', n.reason, 'note', n.note, 'created_at', n.created_at, 'by',
    (SELECT name FROM accounts WHERE id = n.reporter_id))) FROM report_notes n
    WHERE n.report_id = r.id) AS notes_json
FROM reports r INDEXED BY reports_queue
LEFT JOIN accounts a ON a.id = r.account_id
WHERE r.closed_at IS NULL AND r.id > ?1
ORDER BY r.id LIMIT ?2

-- query report_count
SELECT count(*) FROM reports INDEXED BY reports_queue WHERE closed_at IS NULL
  AND id > 0

-- Does anything wait for administrators? Asked for every page of theirs.
-- query desk_waits
SELECT EXISTS (SELECT 1 FROM reports INDEXED BY reports_queue WHERE closed_at IS NULL AND id > 0)
    OR EXISTS (SELECT 1 FROM appeals INDEXED BY appeals_queue WHERE answered_at IS NULL AND id > 0)
    OR EXISTS (SELECT 1 FROM pictures INDEXED BY pictures_held WHERE hidden & 2 AND hidden & 9 = 0 AND id > 0)
    OR EXISTS (SELECT 1 FROM statuses INDEXED BY statuses_held WHERE hidden & 2 AND hidden & 9 = 0 AND id > 0)
    OR EXISTS (SELECT 1 FROM moods INDEXED BY moods_held WHERE hidden & 2 AND hidden & 9 = 0 AND id > 0)
    OR EXISTS (SELECT 1 FROM wall_entries INDEXED BY wall_held WHERE hidden & 2 AND hidden & 9 = 0 AND id > 0)
    OR EXISTS (SELECT 1 FROM bulletins INDEXED BY bulletins_held WHERE hidden & 2 AND hidden & 9 = 0 AND id > 0)
    OR EXISTS (SELECT 1 FROM layouts INDEXED BY layouts_held WHERE hidden & 2 AND hidden & 9 = 0 AND id > 0)
    OR EXISTS (SELECT 1 FROM neighbours INDEXED BY neighbours_held WHERE hidden & 2 AND hidden & 9 = 0 AND id > 0)

-- query pictures_held
SELECT p.id, p.account_id
FROM pictures p INDEXED BY pictures_held
WHERE p.hidden & 2 AND p.hidden & 9 = 0 AND p.id > 0
ORDER BY p.id LIMIT ?1

-- query statuses_held
SELECT s.id, s.account_id
FROM statuses s INDEXED BY statuses_held
WHERE s.hidden & 2 AND s.hidden & 9 = 0 AND s.id > 0
ORDER BY s.id LIMIT ?1

-- query moods_held
SELECT m.id, m.account_id
FROM moods m INDEXED BY moods_held
WHERE m.hidden & 2 AND m.hidden & 9 = 0 AND m.id > 0
ORDER BY m.id LIMIT ?1

-- query appeals
SELECT p.id, p.words, p.created_at, p.account_id, a.name AS author
FROM appeals p INDEXED BY appeals_queue
JOIN accounts a ON a.id = p.account_id
WHERE p.answered_at IS NULL AND p.id > 0
ORDER BY p.id LIMIT ?1

-- a person, for administrators: ?1 account
-- query history_of
SELECT a.id, a.name, a.created_at, a.seen_at, a.state, a.is_admin, a.is_muted, a.is_banned,
    a.suspended_until > unixepoch() AS is_suspended, a.suspended_until, a.is_trusted, a.quota_bytes,
    a.storage_bytes, a.picture_count, a.status_count, a.mood_count,
    (SELECT name FROM accounts WHERE id = a.invited_by) AS invited_by,
    (SELECT count(*) FROM accounts WHERE invited_by = a.id) AS invited_count,
    (SELECT coalesce(sum(times), 0) FROM reports WHERE account_id = a.id) AS report_count,
    (SELECT count(*) FROM decisions WHERE account_id = a.id) AS decision_count
FROM accounts a
WHERE a.id = ?1

-- query decisions_of
SELECT id, action, kind, subject_id, reason, created_at, seen_at
FROM decisions
WHERE account_id = ?1 AND id < ?2
ORDER BY id DESC LIMIT ?3

-- query appeals_of
SELECT id, words, answer, created_at, answered_at
FROM appeals
WHERE account_id = ?1 AND id < ?2
ORDER BY id DESC LIMIT ?3

-- query inviters_of
WITH RECURSIVE up (id, depth) AS (VALUES (?1, 0) UNION ALL SELECT a.invited_by, up.depth + 1 FROM up
    JOIN accounts a ON a.id = up.id WHERE a.invited_by IS NOT NULL AND up.depth < 50)
SELECT a.name, up.depth
FROM up
JOIN accounts a ON a.id = up.id
WHERE up.depth > 0

-- query branch_of
WITH RECURSIVE down (id, depth) AS (VALUES (?1, 0) UNION SELECT a.id, down.depth + 1 FROM down
    JOIN accounts a ON a.invited_by = down.id WHERE down.depth < 50)
SELECT a.id, a.name, down.depth, a.created_at, a.picture_count, a.status_count, a.mood_count, a.is_admin,
    a.is_banned, a.suspended_until > unixepoch() AS is_suspended,
    (SELECT name FROM accounts WHERE id = a.invited_by) AS invited_by
FROM down
JOIN accounts a ON a.id = down.id
LIMIT ?2

-- ?1 before, ?2 limit; names are those of today, since the log keeps numbers
-- query audit
SELECT l.id, l.created_at, l.actor_id,
    (SELECT name FROM accounts WHERE id = l.actor_id) AS actor, l.action, l.kind, l.subject_id, l.account_id,
    (SELECT name FROM accounts WHERE id = l.account_id) AS about, l.reason
FROM audit l
WHERE l.id < ?1
ORDER BY l.id DESC LIMIT ?2

-- query audit_about
SELECT l.id, l.created_at, (SELECT name FROM accounts WHERE id = l.actor_id) AS actor, l.action, l.kind,
    l.subject_id, l.reason
FROM audit l
WHERE l.account_id = ?1 AND l.id < ?2
ORDER BY l.id DESC LIMIT ?3

-- query blocked_pictures
SELECT id, printf('%016x', fingerprint) AS fingerprint, hash <> '' AS has_hash, reason, created_at, hits
FROM blocked_pictures
WHERE id < ?1
ORDER BY id DESC LIMIT ?2

-- query blocked_words
SELECT id, word, action, created_at FROM blocked_words WHERE id > ?1
ORDER BY id LIMIT ?2

-- one's own lists: ?1 viewer
-- query unseen_of
SELECT a.name, u.kind, u.created_at
FROM unseen u
JOIN accounts a ON a.id = u.author_id
WHERE u.viewer_id = ?1 AND u.kind <> 'blocked'

-- query is_unseen
SELECT 1 FROM unseen WHERE viewer_id = ?1 AND author_id = ?2 AND kind = ?3

-- query standing_of
SELECT is_muted, is_banned, suspended_until > unixepoch() AS is_suspended, suspended_until, EXISTS
    (SELECT 1 FROM appeals WHERE account_id = accounts.id AND answered_at IS NULL) AS has_open_appeal
FROM accounts
WHERE id = ?1

-- write report_open
INSERT INTO reports (kind, subject_id, account_id, created_at) VALUES (?1, ?2, iif(?3 > 0, ?3, NULL), ?4)
ON CONFLICT DO NOTHING

-- write report_note
INSERT INTO report_notes (report_id, reporter, reporter_id, reason, note, created_at)
SELECT id, ?3, nullif(?4, 0), ?5, ?6, ?7
FROM reports
WHERE kind = ?1 AND subject_id = ?2 AND closed_at IS NULL
    AND (times < 50 OR EXISTS (SELECT 1 FROM report_notes n WHERE n.report_id = reports.id AND n.reporter = ?3))
ON CONFLICT DO UPDATE
SET reason = excluded.reason, note = excluded.note, created_at = excluded.created_at

-- write report_counted
UPDATE reports SET times = (SELECT count(*) FROM report_notes WHERE report_id = reports.id)
WHERE kind = ?1 AND subject_id = ?2 AND closed_at IS NULL

-- write reports_close
UPDATE reports SET closed_at = ?3 WHERE kind = ?1 AND subject_id = ?2 AND closed_at IS NULL

-- write hide_picture
UPDATE pictures SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1

-- write hide_status
UPDATE statuses SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1

-- write hide_mood
UPDATE moods SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1

-- write release_pictures
UPDATE pictures SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2

-- write release_statuses
UPDATE statuses SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2

-- write release_moods
UPDATE moods SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2

-- write account_trust
UPDATE accounts SET is_trusted = 1 WHERE id = ?1

-- write account_mute
UPDATE accounts SET is_muted = ?2 WHERE id = ?1

-- write account_suspend
UPDATE accounts SET suspended_until = ?2 WHERE id = ?1

-- write account_ban
UPDATE accounts SET is_banned = ?2 WHERE id = ?1

-- write account_quota
UPDATE accounts SET quota_bytes = iif(?2 < 0, NULL, ?2)
WHERE id = ?1 AND quota_bytes IS NOT iif(?2 < 0, NULL, ?2)

-- write account_is_admin
SELECT 1 FROM accounts WHERE id = ?1 AND is_admin

-- write decision_add
INSERT INTO decisions (account_id, action, kind, subject_id, reason, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- write decisions_seen
UPDATE decisions SET seen_at = ?2 WHERE account_id = ?1 AND seen_at IS NULL

-- write appeal_add
INSERT INTO appeals (account_id, words, created_at) VALUES (?1, ?2, ?3)

-- write appeal_answer
UPDATE appeals SET answer = ?2, answered_at = ?3 WHERE id = ?1 AND answered_at IS NULL

-- write appeal_owner
SELECT account_id FROM appeals WHERE id = ?1

-- write audit_add
INSERT INTO audit (created_at, actor_id, action, kind, subject_id, account_id, reason)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- write unseen_add
INSERT INTO unseen (viewer_id, author_id, kind, created_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO NOTHING

-- write unseen_delete
DELETE FROM unseen WHERE viewer_id = ?1 AND author_id = ?2 AND kind = ?3

-- write blocked_picture_add
INSERT INTO blocked_pictures (fingerprint, hash, reason, created_at)
SELECT p.fingerprint, i.hash, ?2, ?3
FROM pictures p
JOIN images i ON i.id = p.image_id
WHERE p.id = ?1

-- write blocked_picture_delete
DELETE FROM blocked_pictures WHERE id = ?1

-- write blocked_picture_hit
UPDATE blocked_pictures SET hits = hits + 1 WHERE id = ?1

-- write blocked_fingerprints
SELECT id, fingerprint FROM blocked_pictures

-- write blocked_hash
SELECT id FROM blocked_pictures WHERE hash = ?1

-- write pictures_same
SELECT b.id FROM pictures a
JOIN pictures b ON b.image_id = a.image_id WHERE a.id = ?1

-- write blocked_word_add
INSERT INTO blocked_words (word, action, created_at)
VALUES (?1, ?2, ?3)
ON CONFLICT (word) DO UPDATE
SET action = excluded.action
WHERE action <> excluded.action

-- write blocked_word_delete
DELETE FROM blocked_words WHERE id = ?1

-- write blocked_words_all
SELECT word, action FROM blocked_words
