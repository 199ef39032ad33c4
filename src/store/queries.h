/*
 * Every statement that reads, by name. Column names are what templates and JSON twins show.
 *
 * Timelines page by the id: ?1 is the cursor ("before"), a row is older when its id is less.
 */
#ifndef PICLOG_STORE_QUERIES_H
#define PICLOG_STORE_QUERIES_H

#define PICTURE_COLUMNS                                                                                                \
    "p.id, '/p/' || p.id AS url, '/i/' || i.hash || '.jpg' AS image_url, '/t/' || t.hash || '.jpg' AS thumb_url,"      \
    " i.bytes, i.width, i.height, t.bytes AS thumb_bytes, t.width AS thumb_width, t.height AS thumb_height,"           \
    " p.source_format, p.source_bytes, p.source_width, p.source_height, p.preset, p.quality, p.caption, p.alt,"        \
    " a.name AS author, a.display_name, p.created_at, p.edited_at,"                                                    \
    " (SELECT json_group_array(g.name) FROM picture_tags pt JOIN tags g ON g.id = pt.tag_id"                           \
    "  WHERE pt.picture_id = p.id) AS tags_json"
#define PICTURE_JOINS                                                                                                  \
    " JOIN accounts a ON a.id = p.account_id JOIN images i ON i.id = p.image_id JOIN images t ON t.id = p.thumb_id"
#define STATUS_COLUMNS                                                                                                 \
    "s.id, '/statuses/' || s.id AS url, s.face, s.content, a.name AS author, a.display_name, s.created_at, "           \
    "s.edited_at"
#define MOOD_COLUMNS                                                                                                   \
    "m.id, '/moods/' || m.id AS url, m.mood, m.face, m.note, a.name AS author, a.display_name, m.created_at, "         \
    "m.edited_at"

#define IMAGE_URL(column) "(SELECT '/i/' || hash || '.jpg' FROM images WHERE images.id = accounts." column ")"
#define PERSON_COLUMNS                                                                                                 \
    "id, name, display_name, homepage, about, css, is_admin, state, created_at, seen_at, picture_count, "              \
    "status_count, mood_count, storage_bytes, " IMAGE_URL("avatar_image") " AS avatar_url, " IMAGE_URL(                \
        "background_image") " AS background_url"

/* One statement a line, name first. */
/* clang-format off */
#define QUERIES(Q)                                                                                                     \
    /* pictures: ?1 before, ?2 limit */                                                                                \
    Q(PICTURES,                                                                                                        \
      "SELECT " PICTURE_COLUMNS " FROM pictures p" PICTURE_JOINS " WHERE p.id < ?1 ORDER BY p.id DESC LIMIT ?2")       \
    Q(PICTURES_AFTER,                                                                                                  \
      "SELECT " PICTURE_COLUMNS " FROM pictures p" PICTURE_JOINS " WHERE p.id > ?1 ORDER BY p.id LIMIT ?2")            \
    Q(PICTURES_OF, "SELECT " PICTURE_COLUMNS " FROM pictures p" PICTURE_JOINS                                          \
                   " WHERE p.account_id = ?3 AND p.id < ?1 ORDER BY p.id DESC LIMIT ?2")                               \
    Q(PICTURES_TAGGED,                                                                                                 \
      "SELECT " PICTURE_COLUMNS " FROM picture_tags x JOIN pictures p ON p.id = x.picture_id" PICTURE_JOINS            \
      " WHERE x.tag_id = (SELECT id FROM tags WHERE name = ?3) AND x.picture_id < ?1 ORDER BY x.picture_id DESC "      \
      "LIMIT ?2")                                                                                                      \
    Q(PICTURES_FOUND,                                                                                                  \
      "SELECT " PICTURE_COLUMNS " FROM pictures_text x JOIN pictures p ON p.id = x.rowid" PICTURE_JOINS                \
      " WHERE pictures_text MATCH ?3 AND x.rowid < ?1 ORDER BY x.rowid DESC LIMIT ?2")                                 \
    Q(PICTURES_CRUSHED, "SELECT " PICTURE_COLUMNS " FROM pictures p" PICTURE_JOINS                                     \
                        " WHERE p.created_at > ?1 ORDER BY p.source_bytes / i.bytes DESC LIMIT ?2")                    \
    Q(PICTURE, "SELECT " PICTURE_COLUMNS ", p.account_id FROM pictures p" PICTURE_JOINS " WHERE p.id = ?1")            \
    Q(PICTURE_RANDOM,                                                                                                  \
      "SELECT id FROM pictures WHERE id >= abs(random()) % (SELECT max(id) FROM pictures) + 1 ORDER BY id LIMIT 1")    \
    Q(CANDIDATE,           "SELECT id, account_id, caption, alt, tags, fingerprint, source_format, source_bytes, source_width, source_height, created_at FROM candidates WHERE id = ?1 AND account_id = ?2 AND created_at > ?3") \
    Q(CANDIDATE_IMAGES,    "SELECT preset, '/upload/' || candidate_id || '/' || preset || '.jpg' AS image_url, width, height, quality, bytes FROM candidate_images WHERE candidate_id = ?1") \
    /* statuses: ?1 before, ?2 limit */                                                                                \
    Q(STATUSES, "SELECT " STATUS_COLUMNS                                                                               \
                " FROM statuses s JOIN accounts a ON a.id = s.account_id WHERE s.id < ?1 ORDER BY s.id DESC LIMIT ?2") \
    Q(STATUSES_OF, "SELECT " STATUS_COLUMNS " FROM statuses s JOIN accounts a ON a.id = s.account_id WHERE "           \
                                            "s.account_id = ?3 AND s.id < ?1 ORDER BY s.id DESC LIMIT ?2")             \
    Q(STATUSES_TAGGED,                                                                                                 \
      "SELECT " STATUS_COLUMNS                                                                                         \
      " FROM status_tags x JOIN statuses s ON s.id = x.status_id JOIN accounts a ON a.id = s.account_id WHERE "        \
      "x.tag_id = (SELECT id FROM tags WHERE name = ?3) AND x.status_id < ?1 ORDER BY x.status_id DESC LIMIT ?2")      \
    Q(STATUSES_FOUND, "SELECT " STATUS_COLUMNS                                                                         \
                      " FROM statuses_text x JOIN statuses s ON s.id = x.rowid JOIN accounts a ON a.id = "             \
                      "s.account_id WHERE statuses_text MATCH ?3 AND x.rowid < ?1 ORDER BY x.rowid DESC LIMIT ?2")     \
    Q(STATUS, "SELECT " STATUS_COLUMNS                                                                                 \
              ", s.account_id FROM statuses s JOIN accounts a ON a.id = s.account_id WHERE s.id = ?1")                 \
    Q(STATUS_NEWEST_OF,                                                                                                \
      "SELECT " STATUS_COLUMNS                                                                                         \
      " FROM statuses s JOIN accounts a ON a.id = s.account_id WHERE s.account_id = ?1 ORDER BY s.id DESC LIMIT 1")    \
    /* moods: ?1 before, ?2 limit */                                                                                   \
    Q(MOODS, "SELECT " MOOD_COLUMNS                                                                                    \
             " FROM moods m JOIN accounts a ON a.id = m.account_id WHERE m.id < ?1 ORDER BY m.id DESC LIMIT ?2")       \
    Q(MOODS_OF, "SELECT " MOOD_COLUMNS " FROM moods m JOIN accounts a ON a.id = m.account_id WHERE m.account_id = ?3 " \
                                       "AND m.id < ?1 ORDER BY m.id DESC LIMIT ?2")                                    \
    Q(MOOD,                                                                                                            \
      "SELECT " MOOD_COLUMNS ", m.account_id FROM moods m JOIN accounts a ON a.id = m.account_id WHERE m.id = ?1")     \
    Q(MOOD_NEWEST_OF,                                                                                                  \
      "SELECT " MOOD_COLUMNS                                                                                           \
      " FROM moods m JOIN accounts a ON a.id = m.account_id WHERE m.account_id = ?1 ORDER BY m.id DESC LIMIT 1")       \
    Q(MOOD_COUNTS, "SELECT mood, max(face) AS face, count(*) AS count FROM moods WHERE created_at > ?1 GROUP BY mood " \
                   "ORDER BY count DESC, mood LIMIT ?2")                                                               \
    /* people */                                                                                                       \
    Q(PERSON, "SELECT " PERSON_COLUMNS " FROM accounts WHERE name = lower(?1)")                                        \
    Q(PERSON_BY_ID, "SELECT " PERSON_COLUMNS " FROM accounts WHERE id = ?1")                                           \
    Q(LINKS_OF, "SELECT label, url FROM account_links WHERE account_id = ?1 ORDER BY position")                        \
    Q(CSS_DRAFT_OF, "SELECT css_draft FROM accounts WHERE id = ?1 AND css_draft IS NOT NULL")                          \
    Q(PEOPLE, "SELECT id, name, display_name, homepage, created_at, seen_at, picture_count, status_count, mood_count " \
              "FROM accounts WHERE state = 'active' AND id < ?1 ORDER BY id DESC LIMIT ?2")                            \
    /* one's own things */                                                                                             \
    Q(SESSIONS_OF, "SELECT id, agent, created_at, used_at FROM sessions WHERE account_id = ?1 ORDER BY used_at DESC")  \
    Q(TOKENS_OF, "SELECT id, label, created_at, used_at FROM tokens WHERE account_id = ?1 ORDER BY id DESC")           \
    Q(INVITES_OF,                                                                                                      \
      "SELECT id, created_at, expires_at FROM invites WHERE created_by = ?1 AND used_by IS NULL ORDER BY id DESC")     \
    Q(RECOVERY_CODES_LEFT, "SELECT count(*) FROM recovery_codes WHERE account_id = ?1")                                \
    /* the whole */                                                                                                    \
    Q(SETTING, "SELECT value FROM settings WHERE key = ?1")                                                            \
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
