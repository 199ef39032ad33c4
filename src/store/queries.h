/*
 * Every statement that reads, by name. Column names are what templates and JSON twins show.
 *
 * Timelines page by the id: ?1 is the cursor ("before"), a row is older when its id is less.
 *
 * Nobody sees what moderation hides (migrations/0004_moderation.sql says what the bits of hidden mean), and no viewer
 * sees whom they muted or who is blocked. A viewer is the id of an account; left unbound it is NULL and sees what
 * everybody sees. Every query of posts says one of:
 *     SHOWN(p)              common timelines: nothing is hidden for any reason
 *     REACHABLE(p)          pages of people, direct addresses: a muted author's posts are there as well
 *     SEEN_BY(viewer, who)  neither muted nor blocked;  NOT_BLOCKED(viewer, who)  not blocked in either direction
 */
#ifndef PICLOG_STORE_QUERIES_H
#define PICLOG_STORE_QUERIES_H

#include "moderation_queries.h"

#define SHOWN(p)             p ".hidden = 0"
#define REACHABLE(p)         p ".hidden & 11 = 0"
#define SEEN_BY(viewer, who) "NOT EXISTS (SELECT 1 FROM unseen WHERE viewer_id = " viewer " AND author_id = " who ")"
#define NOT_BLOCKED(viewer, who)                                                                                       \
    "NOT EXISTS (SELECT 1 FROM unseen WHERE viewer_id = " viewer " AND author_id = " who " AND kind <> 'mute')"

/* The bytes of what is hidden are not public: their address is one that asks who is there (pictures.c). */
#define PICTURE_COLUMNS                                                                                                \
    "p.id, '/p/' || p.id AS url, iif(" REACHABLE(                                                                      \
        "p") ", '/i/' || i.hash, '/p/' || p.id || '/full') || '.jpg' AS "                                              \
             "image_url, iif(" REACHABLE(                                                                              \
                 "p") ", '/t/' || t.hash, '/p/' || p.id || '/thumb') || '.jpg' AS thumb_url,"                          \
                      " i.bytes, i.width, i.height, t.bytes AS thumb_bytes, t.width AS thumb_width, t.height AS "      \
                      "thumb_height,"                                                                                  \
                      " p.source_format, p.source_bytes, p.source_width, p.source_height, p.preset, p.quality, "       \
                      "p.caption, p.alt, p.note,"                                                                      \
                      " a.name AS author, a.display_name, p.created_at, p.edited_at, p.hidden & 1 AS is_hidden,"       \
                      " p.hidden & 2 <> 0 AS is_held,"                                                                 \
                      " (SELECT json_group_array(g.name) FROM picture_tags pt JOIN tags g ON g.id = pt.tag_id"         \
                      "  WHERE pt.picture_id = p.id) AS tags_json"
#define PICTURE_JOINS                                                                                                  \
    " JOIN accounts a ON a.id = p.account_id JOIN images i ON i.id = p.image_id JOIN images t ON t.id = p.thumb_id"
#define STATUS_COLUMNS                                                                                                 \
    "s.id, '/statuses/' || s.id AS url, s.face, s.content, a.name AS author, a.display_name, s.created_at, "           \
    "s.edited_at, s.hidden & 1 AS is_hidden, s.hidden & 2 <> 0 AS is_held"
#define MOOD_COLUMNS                                                                                                   \
    "m.id, '/moods/' || m.id AS url, m.mood, m.face, m.note, a.name AS author, a.display_name, m.created_at, "         \
    "m.edited_at, m.hidden & 1 AS is_hidden, m.hidden & 2 <> 0 AS is_held"
/* One post for ?2, or for an administrator (?3): its author sees it also while it is hidden. */
#define POST_FOR(p)                                                                                                    \
    " WHERE " p ".id = ?1 AND (?3 OR " p                                                                               \
    ".account_id = ?2 OR (" REACHABLE(p) " AND " NOT_BLOCKED("?2", p ".account_id") "))"
/* Somebody's posts by ?3, with the hidden ones when ?4 is true: that somebody looks, or an administrator. */
#define POSTS_OF(p)                                                                                                    \
    " WHERE " p ".account_id = ?3 AND " p ".id < ?1 AND (" REACHABLE(p) " OR ?4) ORDER BY " p ".id DESC LIMIT ?2"

#define IMAGE_URL(column) "(SELECT '/i/' || hash || '.jpg' FROM images WHERE images.id = accounts." column ")"
#define PERSON_COLUMNS                                                                                                 \
    "id, name, display_name, homepage, about, css, is_admin, iif(state = 'active' AND is_banned, 'banned', state) AS " \
    "state, created_at, seen_at, picture_count, "                                                                      \
    "status_count, mood_count, storage_bytes, " IMAGE_URL("avatar_image") " AS avatar_url, " IMAGE_URL(                \
        "background_image") " AS background_url"

/* One statement a line, name first. */
/* clang-format off */
#define QUERIES(Q)                                                                                                     \
    /* pictures: ?1 before, ?2 limit, then the key, then the viewer */                                                 \
    Q(PICTURES, "SELECT " PICTURE_COLUMNS " FROM pictures p INDEXED BY pictures_shown" PICTURE_JOINS " WHERE " SHOWN("p") " AND p.id < ?1 AND " SEEN_BY("?3", "p.account_id") " ORDER BY p.id DESC LIMIT ?2") \
    Q(PICTURES_AFTER, "SELECT " PICTURE_COLUMNS " FROM pictures p INDEXED BY pictures_shown" PICTURE_JOINS " WHERE " SHOWN("p") " AND p.id > ?1 AND " SEEN_BY("?3", "p.account_id") " ORDER BY p.id LIMIT ?2") \
    Q(PICTURES_OF, "SELECT " PICTURE_COLUMNS " FROM pictures p" PICTURE_JOINS POSTS_OF("p")) \
    Q(PICTURES_TAGGED, "SELECT " PICTURE_COLUMNS " FROM picture_tags x INDEXED BY picture_tags_shown JOIN pictures p ON p.id = x.picture_id" PICTURE_JOINS " WHERE x.shown AND x.tag_id = (SELECT id FROM tags WHERE name = ?3) AND x.picture_id < ?1 AND " SEEN_BY("?4", "p.account_id") " ORDER BY x.picture_id DESC LIMIT ?2") \
    Q(PICTURES_FOUND, "SELECT " PICTURE_COLUMNS " FROM pictures_text x JOIN pictures p ON p.id = x.rowid" PICTURE_JOINS " WHERE pictures_text MATCH ?3 AND x.rowid < ?1 AND " SEEN_BY("?4", "p.account_id") " ORDER BY x.rowid DESC LIMIT ?2") \
    Q(PICTURES_CRUSHED, "SELECT " PICTURE_COLUMNS " FROM pictures p INDEXED BY pictures_time" PICTURE_JOINS " WHERE " SHOWN("p") " AND p.created_at > ?1 AND " SEEN_BY("?3", "p.account_id") " ORDER BY p.source_bytes / i.bytes DESC LIMIT ?2") \
    Q(PICTURE, "SELECT " PICTURE_COLUMNS ", p.account_id FROM pictures p" PICTURE_JOINS POST_FOR("p")) \
    Q(PICTURE_RANDOM, "SELECT id FROM pictures p INDEXED BY pictures_shown WHERE " SHOWN("p") " AND id >= abs(random()) % (SELECT max(id) FROM pictures) + 1 AND " SEEN_BY("?1", "p.account_id") " ORDER BY id LIMIT 1") \
    Q(CANDIDATE,           "SELECT id, account_id, caption, alt, note, tags, fingerprint, source_format, source_bytes, source_width, source_height, created_at FROM candidates WHERE id = ?1 AND account_id = ?2 AND created_at > ?3") \
    Q(CANDIDATE_WAITING,   "SELECT id FROM candidates WHERE account_id = ?1 AND created_at > ?2 ORDER BY id LIMIT 1") \
    Q(CANDIDATE_IMAGES,    "SELECT preset, '/upload/' || candidate_id || '/' || preset || '.jpg' AS image_url, width, height, quality, bytes FROM candidate_images WHERE candidate_id = ?1") \
    /* statuses: ?1 before, ?2 limit, then the key, then the viewer */                                                 \
    Q(STATUSES, "SELECT " STATUS_COLUMNS " FROM statuses s INDEXED BY statuses_shown JOIN accounts a ON a.id = s.account_id WHERE " SHOWN("s") " AND s.id < ?1 AND " SEEN_BY("?3", "s.account_id") " ORDER BY s.id DESC LIMIT ?2") \
    Q(STATUSES_OF, "SELECT " STATUS_COLUMNS " FROM statuses s JOIN accounts a ON a.id = s.account_id" POSTS_OF("s")) \
    Q(STATUSES_TAGGED, "SELECT " STATUS_COLUMNS " FROM status_tags x INDEXED BY status_tags_shown JOIN statuses s ON s.id = x.status_id JOIN accounts a ON a.id = s.account_id WHERE x.shown AND x.tag_id = (SELECT id FROM tags WHERE name = ?3) AND x.status_id < ?1 AND " SEEN_BY("?4", "s.account_id") " ORDER BY x.status_id DESC LIMIT ?2") \
    Q(STATUSES_FOUND, "SELECT " STATUS_COLUMNS " FROM statuses_text x JOIN statuses s ON s.id = x.rowid JOIN accounts a ON a.id = s.account_id WHERE statuses_text MATCH ?3 AND x.rowid < ?1 AND " SEEN_BY("?4", "s.account_id") " ORDER BY x.rowid DESC LIMIT ?2") \
    Q(STATUS, "SELECT " STATUS_COLUMNS ", s.account_id FROM statuses s JOIN accounts a ON a.id = s.account_id" POST_FOR("s")) \
    Q(STATUS_NEWEST_OF, "SELECT " STATUS_COLUMNS " FROM statuses s JOIN accounts a ON a.id = s.account_id WHERE s.account_id = ?1 AND " REACHABLE("s") " ORDER BY s.id DESC LIMIT 1") \
    /* moods: ?1 before, ?2 limit, then the key, then the viewer */                                                    \
    Q(MOODS, "SELECT " MOOD_COLUMNS " FROM moods m INDEXED BY moods_shown JOIN accounts a ON a.id = m.account_id WHERE " SHOWN("m") " AND m.id < ?1 AND " SEEN_BY("?3", "m.account_id") " ORDER BY m.id DESC LIMIT ?2") \
    Q(MOODS_OF, "SELECT " MOOD_COLUMNS " FROM moods m JOIN accounts a ON a.id = m.account_id" POSTS_OF("m")) \
    Q(MOOD, "SELECT " MOOD_COLUMNS ", m.account_id FROM moods m JOIN accounts a ON a.id = m.account_id" POST_FOR("m")) \
    Q(MOOD_NEWEST_OF, "SELECT " MOOD_COLUMNS " FROM moods m JOIN accounts a ON a.id = m.account_id WHERE m.account_id = ?1 AND " REACHABLE("m") " ORDER BY m.id DESC LIMIT 1") \
    Q(MOOD_COUNTS, "SELECT mood, max(face) AS face, count(*) AS count FROM moods m INDEXED BY moods_time WHERE " SHOWN("m") " AND created_at > ?1 GROUP BY mood ORDER BY count DESC, mood LIMIT ?2") \
    /* what was felt when: ?1 since, ?2 to ?8 moods that are told apart */                                            \
    Q(MOOD_DAYS, "SELECT created_at / 86400 AS day, iif(mood IN (?2, ?3, ?4, ?5, ?6, ?7, ?8), mood, '') AS mood, count(*) AS count FROM moods m INDEXED BY moods_time WHERE " SHOWN("m") " AND created_at > ?1 GROUP BY 1, 2") \
    Q(MOOD_DAYS_OF, "SELECT created_at, mood, face FROM moods m WHERE account_id = ?1 AND " REACHABLE("m") " ORDER BY id DESC LIMIT ?2") \
    Q(MOODS_FELT, "SELECT " MOOD_COLUMNS " FROM moods m INDEXED BY moods_same JOIN accounts a ON a.id = m.account_id WHERE m.mood = ?4 AND " SHOWN("m") " AND m.id < ?1 AND " SEEN_BY("?3", "m.account_id") " ORDER BY m.id DESC LIMIT ?2") \
    /* who felt ?1 lately, but for ?2 and whom ?3 does not see */                                                      \
    Q(FEEL_THE_SAME, "SELECT a.name AS author, a.display_name, x.face, max(x.id) AS id, '/moods/' || x.id AS url, x.created_at, NOT EXISTS (SELECT 1 FROM moods n WHERE n.account_id = x.account_id AND n.id > x.id) AS is_still FROM (SELECT id, account_id, face, created_at FROM moods m INDEXED BY moods_same WHERE mood = ?1 AND " SHOWN("m") " AND account_id <> ?2 ORDER BY id DESC LIMIT 200) x JOIN accounts a ON a.id = x.account_id WHERE " SEEN_BY("?3", "x.account_id") " GROUP BY x.account_id ORDER BY max(x.id) DESC LIMIT 12") \
    /* people */                                                                                                       \
    /* ?2: the viewer. Whoever is banned or disabled is found, and state says so. */                                   \
    Q(PERSON, "SELECT " PERSON_COLUMNS " FROM accounts WHERE name = lower(?1) AND " NOT_BLOCKED("?2", "accounts.id"))   \
    Q(PERSON_BY_ID, "SELECT " PERSON_COLUMNS " FROM accounts WHERE id = ?1")                                           \
    Q(LINKS_OF, "SELECT label, url FROM account_links WHERE account_id = ?1 ORDER BY position")                        \
    Q(CSS_DRAFT_OF, "SELECT css_draft FROM accounts WHERE id = ?1 AND css_draft IS NOT NULL")                          \
    Q(PEOPLE, "SELECT id, name, display_name, homepage, created_at, seen_at, picture_count, status_count, mood_count FROM accounts WHERE state = 'active' AND NOT is_banned AND id < ?1 AND " SEEN_BY("?3", "accounts.id") " ORDER BY id DESC LIMIT ?2") \
    /* one's own things */                                                                                             \
    Q(SESSIONS_OF, "SELECT id, agent, created_at, used_at FROM sessions WHERE account_id = ?1 ORDER BY used_at DESC")  \
    Q(TOKENS_OF, "SELECT id, label, scope, created_at, used_at FROM tokens WHERE account_id = ?1 ORDER BY id DESC")           \
    Q(INVITES_OF,                                                                                                      \
      "SELECT id, created_at, expires_at FROM invites WHERE created_by = ?1 AND used_by IS NULL ORDER BY id DESC")     \
    /* tags of somebody's newest posts, as often as they stand there */                                                \
    Q(STATUS_TAGS_OF, "SELECT g.name FROM statuses s JOIN status_tags t ON t.status_id = s.id JOIN tags g ON g.id = t.tag_id WHERE s.account_id = ?1 ORDER BY s.id DESC LIMIT ?2") \
    Q(PICTURE_TAGS_OF, "SELECT g.name FROM pictures p JOIN picture_tags t ON t.picture_id = p.id JOIN tags g ON g.id = t.tag_id WHERE p.account_id = ?1 ORDER BY p.id DESC LIMIT ?2") \
    Q(WEBHOOK_OF, "SELECT url, is_on, failures, tried_at, last_status, last_error, created_at, (SELECT count(*) FROM " \
                  "webhook_events e WHERE e.account_id = w.account_id) AS waiting_count FROM webhooks w WHERE "        \
                  "w.account_id = ?1")                                                                                 \
    Q(RECOVERY_CODES_LEFT, "SELECT count(*) FROM recovery_codes WHERE account_id = ?1")                                \
    /* the whole */                                                                                                    \
    Q(SETTING, "SELECT value FROM settings WHERE key = ?1")                                                            \
    MODERATION_QUERIES(Q) \
    Q(ACCOUNT_COUNT, "SELECT count(*) FROM accounts")                                                                  \
    Q(ADMIN_COUNT, "SELECT count(*) FROM accounts WHERE is_admin")                                                     \
    Q(STATS, "SELECT (SELECT count(*) FROM accounts) AS accounts, (SELECT coalesce(sum(picture_count), 0) FROM "       \
             "accounts) AS pictures, (SELECT coalesce(sum(status_count), 0) FROM accounts) AS statuses, (SELECT "      \
             "coalesce(sum(mood_count), 0) FROM accounts) AS moods, (SELECT coalesce(sum(bytes), 0) FROM images) AS "  \
             "image_bytes, (SELECT coalesce(sum(source_bytes), 0) FROM pictures) AS source_bytes")
/* clang-format on */

enum query {
#define QUERY_NAME(name, sql) QUERY_##name,
    QUERIES(QUERY_NAME)
#undef QUERY_NAME
        QUERY_COUNT
};

#endif
