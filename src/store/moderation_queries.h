/* Statements of moderation, reading and writing: parts of QUERIES in queries.h and of WRITES in writes.h. */
#ifndef PICLOG_STORE_MODERATION_QUERIES_H
#define PICLOG_STORE_MODERATION_QUERIES_H

/* Whose thing is it: ?1 kind, ?2 id. */
#define SUBJECT_OF                                                                                                     \
    "CASE ?1 WHEN 'picture' THEN (SELECT account_id FROM pictures WHERE id = ?2)"                                      \
    " WHEN 'status' THEN (SELECT account_id FROM statuses WHERE id = ?2)"                                              \
    " WHEN 'mood' THEN (SELECT account_id FROM moods WHERE id = ?2)"                                                   \
    " WHEN 'person' THEN (SELECT id FROM accounts WHERE id = ?2) END"

/* Of account a: may it only read, appeal, export and leave? How many decisions has the person not seen yet? */
#define RESTRICTION                                                                                                    \
    "a.is_banned OR a.suspended_until > unixepoch() AS is_restricted, (SELECT count(*) FROM decisions d WHERE "        \
    "d.account_id = a.id AND d.seen_at IS NULL) AS unread"

/* One statement a line, name first. */
/* clang-format off */
#define MODERATION_QUERIES(Q)                                                                                          \
    Q(SUBJECT_OWNER, "SELECT " SUBJECT_OF) \
    /* the administrator's queue: ?1 after, ?2 limit */ \
    Q(REPORTS, "SELECT r.id, r.kind, r.subject_id, r.account_id, a.name AS author, r.times, r.times = 1 AS is_once, r.created_at, (SELECT json_group_array(json_object('reason', n.reason, 'note', n.note, 'created_at', n.created_at, 'by', (SELECT name FROM accounts WHERE id = n.reporter_id))) FROM report_notes n WHERE n.report_id = r.id) AS notes_json FROM reports r INDEXED BY reports_queue JOIN accounts a ON a.id = r.account_id WHERE r.closed_at IS NULL AND r.id > ?1 ORDER BY r.id LIMIT ?2") \
    Q(REPORT_COUNT, "SELECT count(*) FROM reports INDEXED BY reports_queue WHERE closed_at IS NULL AND id > 0") \
    Q(PICTURES_HELD, "SELECT p.id, p.account_id FROM pictures p INDEXED BY pictures_held WHERE p.hidden & 2 AND p.hidden & 9 = 0 AND p.id > 0 ORDER BY p.id LIMIT ?1") \
    Q(STATUSES_HELD, "SELECT s.id, s.account_id FROM statuses s INDEXED BY statuses_held WHERE s.hidden & 2 AND s.hidden & 9 = 0 AND s.id > 0 ORDER BY s.id LIMIT ?1") \
    Q(MOODS_HELD, "SELECT m.id, m.account_id FROM moods m INDEXED BY moods_held WHERE m.hidden & 2 AND m.hidden & 9 = 0 AND m.id > 0 ORDER BY m.id LIMIT ?1") \
    Q(APPEALS, "SELECT p.id, p.words, p.created_at, p.account_id, a.name AS author FROM appeals p INDEXED BY appeals_queue JOIN accounts a ON a.id = p.account_id WHERE p.answered_at IS NULL AND p.id > 0 ORDER BY p.id LIMIT ?1") \
    /* a person, for administrators: ?1 account */ \
    Q(HISTORY_OF, "SELECT a.id, a.name, a.created_at, a.seen_at, a.state, a.is_admin, a.is_muted, a.is_banned, a.suspended_until > unixepoch() AS is_suspended, a.suspended_until, a.is_trusted, a.quota_bytes, a.storage_bytes, a.picture_count, a.status_count, a.mood_count, (SELECT name FROM accounts WHERE id = a.invited_by) AS invited_by, (SELECT count(*) FROM accounts WHERE invited_by = a.id) AS invited_count, (SELECT coalesce(sum(times), 0) FROM reports WHERE account_id = a.id) AS report_count, (SELECT count(*) FROM decisions WHERE account_id = a.id) AS decision_count FROM accounts a WHERE a.id = ?1") \
    Q(DECISIONS_OF, "SELECT id, action, kind, subject_id, reason, created_at, seen_at FROM decisions WHERE account_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3") \
    Q(APPEALS_OF, "SELECT id, words, answer, created_at, answered_at FROM appeals WHERE account_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3") \
    Q(INVITERS_OF, "WITH RECURSIVE up (id, depth) AS (VALUES (?1, 0) UNION ALL SELECT a.invited_by, up.depth + 1 FROM up JOIN accounts a ON a.id = up.id WHERE a.invited_by IS NOT NULL AND up.depth < 50) SELECT a.name, up.depth FROM up JOIN accounts a ON a.id = up.id WHERE up.depth > 0") \
    Q(BRANCH_OF, "WITH RECURSIVE down (id, depth) AS (VALUES (?1, 0) UNION SELECT a.id, down.depth + 1 FROM down JOIN accounts a ON a.invited_by = down.id WHERE down.depth < 50) SELECT a.id, a.name, down.depth, a.created_at, a.picture_count, a.status_count, a.mood_count, a.is_admin, a.is_banned, a.suspended_until > unixepoch() AS is_suspended, (SELECT name FROM accounts WHERE id = a.invited_by) AS invited_by FROM down JOIN accounts a ON a.id = down.id LIMIT ?2") \
    /* ?1 before, ?2 limit; names are those of today, since the log keeps numbers */ \
    Q(AUDIT, "SELECT l.id, l.created_at, l.actor_id, (SELECT name FROM accounts WHERE id = l.actor_id) AS actor, l.action, l.kind, l.subject_id, l.account_id, (SELECT name FROM accounts WHERE id = l.account_id) AS about, l.reason FROM audit l WHERE l.id < ?1 ORDER BY l.id DESC LIMIT ?2") \
    Q(AUDIT_ABOUT, "SELECT l.id, l.created_at, (SELECT name FROM accounts WHERE id = l.actor_id) AS actor, l.action, l.kind, l.subject_id, l.reason FROM audit l WHERE l.account_id = ?1 AND l.id < ?2 ORDER BY l.id DESC LIMIT ?3") \
    Q(BLOCKED_PICTURES, "SELECT id, printf('%016x', fingerprint) AS fingerprint, hash <> '' AS has_hash, reason, created_at, hits FROM blocked_pictures WHERE id < ?1 ORDER BY id DESC LIMIT ?2") \
    Q(BLOCKED_WORDS, "SELECT id, word, action, created_at FROM blocked_words WHERE id > ?1 ORDER BY id LIMIT ?2") \
    /* one's own lists: ?1 viewer */ \
    Q(UNSEEN_OF, "SELECT a.name, u.kind, u.created_at FROM unseen u JOIN accounts a ON a.id = u.author_id WHERE u.viewer_id = ?1 AND u.kind <> 'blocked'") \
    Q(IS_UNSEEN, "SELECT 1 FROM unseen WHERE viewer_id = ?1 AND author_id = ?2 AND kind = ?3") \
    Q(STANDING_OF, "SELECT is_muted, is_banned, suspended_until > unixepoch() AS is_suspended, suspended_until, EXISTS (SELECT 1 FROM appeals WHERE account_id = accounts.id AND answered_at IS NULL) AS has_open_appeal FROM accounts WHERE id = ?1")

#define MODERATION_WRITES(W)                                                                                           \
    W(REPORT_OPEN, "INSERT INTO reports (kind, subject_id, account_id, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING") \
    W(REPORT_NOTE, "INSERT INTO report_notes (report_id, reporter, reporter_id, reason, note, created_at) SELECT id, ?3, nullif(?4, 0), ?5, ?6, ?7 FROM reports WHERE kind = ?1 AND subject_id = ?2 AND closed_at IS NULL AND (times < 50 OR EXISTS (SELECT 1 FROM report_notes n WHERE n.report_id = reports.id AND n.reporter = ?3)) ON CONFLICT DO UPDATE SET reason = excluded.reason, note = excluded.note, created_at = excluded.created_at") \
    W(REPORT_COUNTED, "UPDATE reports SET times = (SELECT count(*) FROM report_notes WHERE report_id = reports.id) WHERE kind = ?1 AND subject_id = ?2 AND closed_at IS NULL") \
    W(REPORTS_CLOSE, "UPDATE reports SET closed_at = ?3 WHERE kind = ?1 AND subject_id = ?2 AND closed_at IS NULL") \
    W(HIDE_PICTURE, "UPDATE pictures SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1") \
    W(HIDE_STATUS, "UPDATE statuses SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1") \
    W(HIDE_MOOD, "UPDATE moods SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1") \
    W(RELEASE_PICTURES, "UPDATE pictures SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2") \
    W(RELEASE_STATUSES, "UPDATE statuses SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2") \
    W(RELEASE_MOODS, "UPDATE moods SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2") \
    W(ACCOUNT_TRUST, "UPDATE accounts SET is_trusted = 1 WHERE id = ?1") \
    W(ACCOUNT_MUTE, "UPDATE accounts SET is_muted = ?2 WHERE id = ?1") \
    W(ACCOUNT_SUSPEND, "UPDATE accounts SET suspended_until = ?2 WHERE id = ?1") \
    W(ACCOUNT_BAN, "UPDATE accounts SET is_banned = ?2 WHERE id = ?1") \
    W(ACCOUNT_QUOTA, "UPDATE accounts SET quota_bytes = iif(?2 < 0, NULL, ?2) WHERE id = ?1") \
    W(ACCOUNT_IS_ADMIN, "SELECT 1 FROM accounts WHERE id = ?1 AND is_admin") \
    W(DECISION_ADD, "INSERT INTO decisions (account_id, action, kind, subject_id, reason, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)") \
    W(DECISIONS_SEEN, "UPDATE decisions SET seen_at = ?2 WHERE account_id = ?1 AND seen_at IS NULL") \
    W(APPEAL_ADD, "INSERT INTO appeals (account_id, words, created_at) VALUES (?1, ?2, ?3)") \
    W(APPEAL_ANSWER, "UPDATE appeals SET answer = ?2, answered_at = ?3 WHERE id = ?1 AND answered_at IS NULL") \
    W(APPEAL_OWNER, "SELECT account_id FROM appeals WHERE id = ?1") \
    W(AUDIT_ADD, "INSERT INTO audit (created_at, actor_id, action, kind, subject_id, account_id, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)") \
    W(UNSEEN_ADD, "INSERT INTO unseen (viewer_id, author_id, kind, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING") \
    W(UNSEEN_DELETE, "DELETE FROM unseen WHERE viewer_id = ?1 AND author_id = ?2 AND kind = ?3") \
    W(BLOCKED_PICTURE_ADD, "INSERT INTO blocked_pictures (fingerprint, hash, reason, created_at) SELECT p.fingerprint, i.hash, ?2, ?3 FROM pictures p JOIN images i ON i.id = p.image_id WHERE p.id = ?1") \
    W(BLOCKED_PICTURE_DELETE, "DELETE FROM blocked_pictures WHERE id = ?1") \
    W(BLOCKED_PICTURE_HIT, "UPDATE blocked_pictures SET hits = hits + 1 WHERE id = ?1") \
    W(BLOCKED_FINGERPRINTS, "SELECT id, fingerprint FROM blocked_pictures") \
    W(BLOCKED_HASH, "SELECT id FROM blocked_pictures WHERE hash = ?1") \
    W(PICTURES_SAME, "SELECT b.id FROM pictures a JOIN pictures b ON b.image_id = a.image_id WHERE a.id = ?1") \
    W(BLOCKED_WORD_ADD, "INSERT INTO blocked_words (word, action, created_at) VALUES (?1, ?2, ?3) ON CONFLICT (word) DO UPDATE SET action = excluded.action") \
    W(BLOCKED_WORD_DELETE, "DELETE FROM blocked_words WHERE id = ?1") \
    W(BLOCKED_WORDS_ALL, "SELECT word, action FROM blocked_words")
/* clang-format on */

#endif
