-- Pictures and their bytes. Timelines: ?1 before, ?2 limit, then the key, then the viewer.
-- Account 0 is the administrator.

-- query pictures
SELECT {picture_columns ?3}
FROM pictures p INDEXED BY pictures_shown
{picture_joins}
WHERE {shown p} AND p.id < ?1 AND {seen_by ?3 p.account_id}
ORDER BY p.id DESC LIMIT ?2

-- query pictures_after
SELECT {picture_columns ?3}
FROM pictures p INDEXED BY pictures_shown
{picture_joins}
WHERE {shown p} AND p.id > ?1 AND {seen_by ?3 p.account_id}
ORDER BY p.id LIMIT ?2

-- query pictures_of
SELECT {picture_columns ?5} FROM pictures p
{picture_joins}
{posts_of p}

-- query clips_of
SELECT {picture_columns ?5}
FROM pictures p INDEXED BY pictures_clips
{picture_joins}
WHERE p.account_id = ?3 AND p.frames IS NOT NULL AND p.id < ?1 AND ({reachable p} OR ?4)
ORDER BY p.id DESC LIMIT ?2

-- query pictures_tagged
SELECT {picture_columns ?4}
FROM picture_tags x INDEXED BY picture_tags_shown
JOIN pictures p ON p.id = x.picture_id
{picture_joins}
WHERE x.shown AND x.tag_id = (SELECT id FROM tags WHERE name = ?3) AND x.picture_id < ?1
  AND {seen_by ?4 p.account_id}
ORDER BY x.picture_id DESC LIMIT ?2

-- query pictures_found
SELECT {picture_columns ?4}
FROM pictures_text x
JOIN pictures p ON p.id = x.rowid
{picture_joins}
WHERE pictures_text MATCH ?3 AND x.rowid < ?1 AND {seen_by ?4 p.account_id}
ORDER BY x.rowid DESC LIMIT ?2

-- query pictures_crushed
SELECT {picture_columns ?3}
FROM pictures p INDEXED BY pictures_time
{picture_joins}
WHERE {shown p} AND p.created_at > ?1 AND p.source_bytes > i.bytes AND {seen_by ?3 p.account_id}
ORDER BY p.source_bytes / i.bytes DESC LIMIT ?2

-- query picture
SELECT {picture_columns ?2}, p.account_id FROM pictures p
{picture_joins}
{post_for p}

-- query picture_random
SELECT id
FROM pictures p INDEXED BY pictures_shown
WHERE {shown p} AND id >= abs(random()) % (SELECT max(id) FROM pictures) + 1
  AND {seen_by ?1 p.account_id}
ORDER BY id LIMIT 1

-- query picture_tags_of
SELECT g.name
FROM pictures p
JOIN picture_tags t ON t.picture_id = p.id
JOIN tags g ON g.id = t.tag_id
WHERE p.account_id = ?1
ORDER BY p.id DESC LIMIT ?2

-- write image_add
INSERT INTO images (hash, width, height, bytes, data)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (hash) DO NOTHING

-- write picture_add
INSERT INTO pictures (account_id, image_id, thumb_id, caption, alt, preset, quality, fingerprint, source_format,
    source_bytes, source_width, source_height, created_at, note, hidden, claimed_bytes, claimed_width, claimed_height,
    is_truncated, reply_kind, reply_id, blurhash)
VALUES (?1, (SELECT id FROM images WHERE hash = ?2),
    (SELECT id FROM images WHERE hash = ?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, nullif(?16, 0),
    nullif(?17, 0), nullif(?18, 0), ?19, ?20, ?21, ?22)

-- write picture_clip
UPDATE pictures SET frames = ?2, frame_width = ?3, frame_height = ?4, frame_ms = ?5, poster = ?6, flashes = ?7 WHERE id = ?1

-- write picture_edit
UPDATE pictures SET caption = ?3, alt = ?4, edited_at = ?5, hidden = hidden | ?6, note = coalesce(?7, note)
WHERE id = ?2 AND ?1 IN (0, account_id)

-- write picture_delete
DELETE FROM pictures WHERE id = ?2 AND ?1 IN (0, account_id)

-- write picture_times
UPDATE pictures SET created_at = ?2, edited_at = nullif(?3, 0) WHERE id = ?1

-- write picture_tag
INSERT INTO picture_tags (picture_id, tag_id)
SELECT ?1, id FROM tags WHERE name = ?2
ON CONFLICT DO NOTHING

-- write picture_untag
DELETE FROM picture_tags WHERE picture_id = ?1

-- write picture_known
SELECT 1
FROM pictures p
JOIN images i ON i.id = p.image_id
WHERE +p.account_id = ?1 AND p.created_at = ?2 AND i.hash = ?3
LIMIT 1

-- of a picture that is shown, or of a person who is
-- part image_shown
FROM images i
WHERE hash = ?1 AND (EXISTS (SELECT 1 FROM pictures p WHERE p.image_id = i.id AND {reachable p}) OR EXISTS
    (SELECT 1 FROM pictures p WHERE p.thumb_id = i.id AND {reachable p}) OR EXISTS
    (SELECT 1 FROM wall_entries w WHERE w.image_id = i.id AND {shown w}) OR EXISTS
    (SELECT 1 FROM wall_entries w WHERE w.thumb_id = i.id AND {shown w}) OR EXISTS
    (SELECT 1 FROM accounts a WHERE a.avatar_image = i.id AND NOT a.is_banned AND a.state = 'active') OR EXISTS
    (SELECT 1 FROM accounts a WHERE a.background_image = i.id AND NOT a.is_banned AND a.state = 'active') OR EXISTS
    (SELECT 1 FROM neighbours n WHERE n.button_id = i.id AND n.hidden = 0))

-- write image_data
SELECT data {image_shown}

-- write image_is_shown
SELECT 1 {image_shown}

-- write image_portrait
SELECT data
FROM images
WHERE id = (SELECT iif(?2, background_image, avatar_image) FROM accounts WHERE id = ?1)

-- write image_of
SELECT i.data FROM pictures p
JOIN images i ON i.id = iif(?2, p.thumb_id, p.image_id) WHERE p.id = ?1
