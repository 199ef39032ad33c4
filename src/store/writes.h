/* Every statement that writes, by name; only the nouns of the store use them. */
#ifndef PICLOG_STORE_WRITES_H
#define PICLOG_STORE_WRITES_H

#include "queries.h"

/* One statement a line, name first. */
/* clang-format off */
#define WRITES(W)                                                                                                      \
    W(BEGIN, "BEGIN IMMEDIATE")                                                                                        \
    W(COMMIT, "COMMIT")                                                                                                \
    W(ROLLBACK, "ROLLBACK")                                                                                            \
    W(SETTING_SET,                                                                                                     \
      "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")      \
    /* accounts */                                                                                                     \
    W(ACCOUNT_ADD, "INSERT INTO accounts (name, password_hash, is_admin, invited_by, created_at, seen_at, is_trusted) VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?5, coalesce((SELECT value FROM settings WHERE key = 'new_accounts'), 'free') = 'free')")                                                              \
    W(ACCOUNT_PASSWORD, "UPDATE accounts SET password_hash = ?2 WHERE id = ?1")                                        \
    W(ACCOUNT_STATE, "UPDATE accounts SET state = ?2 WHERE id = ?1")                                                   \
    W(ACCOUNT_EDIT, "UPDATE accounts SET display_name = ?2, homepage = ?3, about = ?4, css = ?5 WHERE id = ?1")        \
    W(ACCOUNT_CSS, "UPDATE accounts SET css = ?2, css_draft = NULL WHERE id = ?1")                                     \
    W(ACCOUNT_DRAFT, "UPDATE accounts SET css_draft = ?2 WHERE id = ?1")                                               \
    W(ACCOUNT_AVATAR, "UPDATE accounts SET avatar_image = (SELECT id FROM images WHERE hash = ?2) WHERE id = ?1")      \
    W(ACCOUNT_BACKGROUND,                                                                                              \
      "UPDATE accounts SET background_image = (SELECT id FROM images WHERE hash = ?2) WHERE id = ?1")                  \
    /* of everybody who shows the bytes of picture ?1 as themselves */ \
    W(AVATARS_SAME, "UPDATE accounts SET avatar_image = NULL WHERE avatar_image IN (SELECT image_id FROM pictures WHERE id = ?1 UNION ALL SELECT thumb_id FROM pictures WHERE id = ?1)") \
    W(BACKGROUNDS_SAME, "UPDATE accounts SET background_image = NULL WHERE background_image IN (SELECT image_id FROM pictures WHERE id = ?1 UNION ALL SELECT thumb_id FROM pictures WHERE id = ?1)") \
    W(LINKS_CLEAR, "DELETE FROM account_links WHERE account_id = ?1")                                                  \
    W(LINK_ADD, "INSERT INTO account_links (account_id, position, url, label) VALUES (?1, ?2, ?3, ?4)")                \
    W(ACCOUNT_DELETE, "DELETE FROM accounts WHERE id = ?1")                                                            \
    W(ACCOUNT_SEEN, "UPDATE accounts SET seen_at = ?2 WHERE id = ?1 AND seen_at < ?2 - 60")                            \
    W(RECOVERY_CLEAR, "DELETE FROM recovery_codes WHERE account_id = ?1")                                              \
    W(RECOVERY_ADD, "INSERT INTO recovery_codes (hash, account_id) VALUES (?1, ?2)")                                   \
    W(RECOVERY_USE, "DELETE FROM recovery_codes WHERE hash = ?1 AND account_id = ?2")                                  \
    W(INVITE_ADD, "INSERT INTO invites (hash, created_by, is_admin, created_at, expires_at) VALUES (?1, nullif(?2, "   \
                  "0), ?3, ?4, ?5)")                                                                                   \
    W(INVITE_USE, "UPDATE invites SET used_by = ?2 WHERE hash = ?1 AND used_by IS NULL AND expires_at > ?3")           \
    W(INVITE_DELETE, "DELETE FROM invites WHERE created_by = ?1 AND id = ?2 AND used_by IS NULL")                      \
    W(SESSION_ADD, "INSERT INTO sessions (hash, account_id, agent, created_at, used_at) VALUES (?1, ?2, ?3, ?4, ?4)")  \
    W(SESSION_USED, "UPDATE sessions SET used_at = ?2 WHERE id = ?1")                                                  \
    W(SESSION_DELETE, "DELETE FROM sessions WHERE account_id = ?1 AND id = ?2")                                        \
    W(SESSIONS_CLEAR, "DELETE FROM sessions WHERE account_id = ?1 AND id <> ?2")                                       \
    W(SESSIONS_EXPIRE, "DELETE FROM sessions WHERE account_id = ?1 AND used_at < ?2")                                  \
    W(TOKEN_ADD, "INSERT INTO tokens (hash, account_id, label, created_at, scope) VALUES (?1, ?2, ?3, ?4, ?5)")                   \
    W(TOKEN_USED, "UPDATE tokens SET used_at = ?2 WHERE id = ?1")                                                      \
    W(TOKEN_DELETE, "DELETE FROM tokens WHERE account_id = ?1 AND id = ?2")                                            \
    /* posts; account 0 is the administrator */                                                                        \
    W(IMAGE_ADD, "INSERT INTO images (hash, width, height, bytes, data) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT "      \
                 "(hash) DO NOTHING")                                                                                  \
    W(PICTURE_ADD, "INSERT INTO pictures (account_id, image_id, thumb_id, caption, alt, preset, quality, fingerprint, source_format, source_bytes, source_width, source_height, created_at, note, hidden) VALUES (?1, (SELECT id FROM images WHERE hash = ?2), (SELECT id FROM images WHERE hash = ?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)") \
    W(PICTURE_EDIT,                                                                                                    \
      "UPDATE pictures SET caption = ?3, alt = ?4, edited_at = ?5, hidden = hidden | ?6, note = coalesce(?7, note) WHERE id = ?2 AND ?1 IN (0, account_id)")            \
    W(PICTURE_DELETE, "DELETE FROM pictures WHERE id = ?2 AND ?1 IN (0, account_id)")                                  \
    W(STATUS_ADD, "INSERT INTO statuses (account_id, face, content, created_at, hidden) VALUES (?1, ?2, ?3, ?4, ?5)")              \
    W(STATUS_EDIT,                                                                                                     \
      "UPDATE statuses SET face = ?3, content = ?4, edited_at = ?5, hidden = hidden | ?6 WHERE id = ?2 AND ?1 IN (0, account_id)")           \
    W(STATUS_DELETE, "DELETE FROM statuses WHERE id = ?2 AND ?1 IN (0, account_id)")                                   \
    W(MOOD_ADD, "INSERT INTO moods (account_id, mood, face, note, created_at, hidden) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")            \
    W(MOOD_EDIT,                                                                                                       \
      "UPDATE moods SET mood = ?3, face = ?4, note = ?5, edited_at = ?6, hidden = hidden | ?7 WHERE id = ?2 AND ?1 IN (0, account_id)")      \
    W(MOOD_DELETE, "DELETE FROM moods WHERE id = ?2 AND ?1 IN (0, account_id)")                                        \
    W(PICTURE_TIMES, "UPDATE pictures SET created_at = ?2, edited_at = nullif(?3, 0) WHERE id = ?1")                   \
    W(STATUS_TIMES, "UPDATE statuses SET created_at = ?2, edited_at = nullif(?3, 0) WHERE id = ?1")                    \
    W(MOOD_TIMES, "UPDATE moods SET created_at = ?2, edited_at = nullif(?3, 0) WHERE id = ?1")                         \
    W(TAG_ADD, "INSERT INTO tags (name) VALUES (?1) ON CONFLICT (name) DO NOTHING")                                    \
    W(PICTURE_TAG,                                                                                                     \
      "INSERT INTO picture_tags (picture_id, tag_id) SELECT ?1, id FROM tags WHERE name = ?2 ON CONFLICT DO NOTHING")  \
    W(PICTURE_UNTAG, "DELETE FROM picture_tags WHERE picture_id = ?1")                                                 \
    W(STATUS_TAG,                                                                                                      \
      "INSERT INTO status_tags (status_id, tag_id) SELECT ?1, id FROM tags WHERE name = ?2 ON CONFLICT DO NOTHING")    \
    W(STATUS_UNTAG, "DELETE FROM status_tags WHERE status_id = ?1")                                                    \
    W(TAGS_SWEEP, "DELETE FROM tags WHERE NOT EXISTS (SELECT 1 FROM picture_tags WHERE tag_id = tags.id) AND NOT "     \
                  "EXISTS (SELECT 1 FROM status_tags WHERE tag_id = tags.id)")                                         \
    W(CANDIDATE_ADD,     "INSERT INTO candidates (account_id, caption, alt, note, tags, fingerprint, source_format, source_bytes, source_width, source_height, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)") \
    W(CANDIDATE_IMAGE,   "INSERT INTO candidate_images (candidate_id, preset, width, height, quality, bytes, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)") \
    W(CANDIDATE_DELETE,  "DELETE FROM candidates WHERE id = ?1 AND account_id = ?2") \
    W(CANDIDATES_EXPIRE, "DELETE FROM candidates WHERE created_at <= ?1") \
    W(CANDIDATES_TRIM,   "DELETE FROM candidates WHERE account_id = ?1 AND id NOT IN (SELECT id FROM candidates WHERE account_id = ?1 ORDER BY id DESC LIMIT ?2)") \
    W(CANDIDATE_FIND, "SELECT fingerprint, source_format, source_bytes, source_width, source_height FROM candidates WHERE id = ?1 AND account_id = ?2 AND created_at > ?3") \
    W(CANDIDATE_IMAGE_OF, "SELECT width, height, quality, data FROM candidate_images WHERE candidate_id = ?1 AND preset = ?2") \
    W(CANDIDATE_DATA,    "SELECT i.data FROM candidate_images i JOIN candidates c ON c.id = i.candidate_id WHERE c.id = ?1 AND c.account_id = ?2 AND i.preset = ?3 AND c.created_at > ?4") \
    /* what was done once: ?1 account */ \
    W(ONCE_FIND, "SELECT made, words FROM once WHERE account_id = ?1 AND key = ?2 AND created_at > ?3") \
    W(ONCE_ADD, "INSERT INTO once (account_id, key, words, made, created_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (account_id, key) DO UPDATE SET words = ?3, made = ?4, created_at = ?5") \
    W(ONCE_TRIM, "DELETE FROM once WHERE account_id = ?1 AND key IN (SELECT key FROM once WHERE account_id = ?1 ORDER BY created_at DESC LIMIT -1 OFFSET ?2)") \
    W(ONCE_EXPIRE, "DELETE FROM once WHERE created_at <= ?1") \
    /* webhooks */                                                                                                     \
    W(WEBHOOK_SET, "INSERT INTO webhooks (account_id, url, secret, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT "   \
                   "(account_id) DO UPDATE SET url = ?2, secret = ?3, created_at = ?4, is_on = 1, failures = 0, "      \
                   "next_at = 0, tried_at = NULL, last_status = 0, last_error = ''")                                   \
    W(WEBHOOK_TURN, "UPDATE webhooks SET is_on = ?2, failures = 0, next_at = 0 WHERE account_id = ?1")                 \
    W(WEBHOOK_FORGET, "DELETE FROM webhook_events WHERE account_id = ?1")                                              \
    W(WEBHOOK_DELETE, "DELETE FROM webhooks WHERE account_id = ?1")                                                    \
    W(WEBHOOK_HOLD, "UPDATE webhooks SET next_at = ?2 WHERE account_id = ?1")                                          \
    W(WEBHOOK_EVENT_DELETE, "DELETE FROM webhook_events WHERE id = ?1")                                                \
    W(WEBHOOK_EVENTS_EXPIRE, "DELETE FROM webhook_events WHERE created_at < ?1")                                       \
    W(WEBHOOK_DONE, "UPDATE webhooks SET failures = 0, next_at = 0, tried_at = ?3, last_status = iif(?2, ?2, last_status), last_error = '' " \
                    "WHERE account_id = ?1")                                                                           \
    W(WEBHOOK_FAILED, "UPDATE webhooks SET failures = failures + 1, last_status = ?2, last_error = ?3, tried_at = ?4, "\
                      "next_at = ?5, is_on = ?6 WHERE account_id = ?1")                                                \
    /* reads that show secrets, so that they are no queries */                                                         \
    W(PASSWORD_OF, "SELECT id, password_hash FROM accounts WHERE name = ?1 AND state = 'active'")                      \
    W(SESSION_FIND, "SELECT s.id, s.account_id, a.name, a.is_admin, s.used_at, " RESTRICTION ", 'create update delete media settings' FROM sessions s JOIN accounts a ON "     \
                    "a.id = s.account_id WHERE s.hash = ?1 AND a.state = 'active'")                                    \
    W(TOKEN_FIND, "SELECT t.id, t.account_id, a.name, a.is_admin, t.used_at, " RESTRICTION ", t.scope FROM tokens t JOIN accounts a ON a.id = "  \
                  "t.account_id WHERE t.hash = ?1 AND a.state = 'active'")                                             \
    /* whoever may not post here may not let others in either */ \
    W(INVITE_FIND, "SELECT is_admin, created_by FROM invites WHERE hash = ?1 AND used_by IS NULL AND expires_at > ?2 AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = created_by AND (a.is_banned OR a.suspended_until > unixepoch() OR a.state <> 'active'))") \
    W(PICTURE_KNOWN, "SELECT 1 FROM pictures p JOIN images i ON i.id = p.image_id WHERE p.account_id = ?1 AND "        \
                     "p.created_at = ?2 AND i.hash = ?3 LIMIT 1")                                                      \
    W(STATUS_KNOWN, "SELECT 1 FROM statuses WHERE account_id = ?1 AND created_at = ?2 AND content = ?3 LIMIT 1")       \
    W(MOOD_KNOWN, "SELECT 1 FROM moods WHERE account_id = ?1 AND created_at = ?2 AND mood = ?3 LIMIT 1")               \
    /* of a picture that is shown, or of a person who is */ \
    W(IMAGE_DATA, "SELECT data FROM images i WHERE hash = ?1 AND (EXISTS (SELECT 1 FROM pictures p WHERE p.image_id = i.id AND " REACHABLE("p") ") OR EXISTS (SELECT 1 FROM pictures p WHERE p.thumb_id = i.id AND " REACHABLE("p") ") OR EXISTS (SELECT 1 FROM accounts a WHERE a.avatar_image = i.id AND NOT a.is_banned AND a.state = 'active') OR EXISTS (SELECT 1 FROM accounts a WHERE a.background_image = i.id AND NOT a.is_banned AND a.state = 'active'))") \
    W(IMAGE_PORTRAIT, "SELECT data FROM images WHERE id = (SELECT iif(?2, background_image, avatar_image) FROM accounts WHERE id = ?1)") \
    W(IMAGE_OF, "SELECT i.data FROM pictures p JOIN images i ON i.id = iif(?2, p.thumb_id, p.image_id) WHERE p.id = ?1") \
    MODERATION_WRITES(W) \
    W(QUOTA_OF, "SELECT coalesce(quota_bytes, iif(NOT is_trusted AND NOT is_admin AND created_at > unixepoch() - 7 * 86400 AND (SELECT value FROM settings WHERE key = 'new_accounts') = 'quota', coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'new_quota_bytes'), 500000), ?2)) FROM accounts WHERE id = ?1") \
    W(WEBHOOKS_DUE,                                                                                                    \
      "SELECT e.id, w.account_id, e.post_id, e.created_at, w.failures, a.name, e.event, e.kind, w.url, w.secret "      \
      "FROM webhooks w JOIN accounts a ON a.id = w.account_id JOIN webhook_events e ON e.id = (SELECT min(id) FROM "   \
      "webhook_events WHERE account_id = w.account_id) WHERE w.is_on AND a.state = 'active' AND w.next_at <= ?1 "      \
      "ORDER BY w.next_at LIMIT ?2")                                                                                   \
    W(WEBHOOK_NEXT, "SELECT min(w.next_at) FROM webhooks w JOIN accounts a ON a.id = w.account_id WHERE w.is_on AND "  \
                    "a.state = 'active' AND EXISTS (SELECT 1 FROM webhook_events WHERE account_id = w.account_id)")    \
    W(STORAGE_OF, "SELECT storage_bytes FROM accounts WHERE id = ?1")
/* clang-format on */

enum write {
#define WRITE_NAME(name, sql) WRITE_##name,
    WRITES(WRITE_NAME)
#undef WRITE_NAME
        WRITE_COUNT
};

#endif
