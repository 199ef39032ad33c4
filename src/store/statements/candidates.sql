-- Uploads that wait for their crunch to be picked.

-- query candidate
SELECT id, account_id, caption, alt, note, tags, fingerprint, source_format, source_bytes, source_width,
    source_height, claimed_bytes, claimed_width, claimed_height, iif(is_truncated, 'true', 'false') AS truncated_json,
    created_at, reply_kind, reply_id, blurhash, no_clip
FROM candidates
WHERE id = ?1 AND account_id = ?2 AND created_at > ?3

-- query candidates_waiting
SELECT id FROM candidates WHERE account_id = ?1 AND created_at > ?2
ORDER BY id

-- query candidate_images
SELECT preset, '/upload/' || candidate_id || '/' || preset || '.jpg' AS image_url, width, height, quality, bytes,
    nullif(frames, 0) AS frames, frame_width, frame_height, frame_ms, iif(flashes, 'true', 'false') AS flashes_json
FROM candidate_images
WHERE candidate_id = ?1

-- write candidate_add
INSERT INTO candidates (account_id, caption, alt, note, tags, fingerprint, source_format, source_bytes,
    source_width, source_height, claimed_bytes, claimed_width, claimed_height, is_truncated, created_at, reply_kind, reply_id,
    blurhash, no_clip)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, nullif(?11, 0), nullif(?12, 0), nullif(?13, 0), ?14, ?15, ?16, ?17, ?18, ?19)

-- write candidate_image
INSERT INTO candidate_images (candidate_id, preset, width, height, quality, bytes, data, frames, frame_width, frame_height,
    frame_ms, poster, flashes)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)

-- write candidate_describe
UPDATE candidates SET caption = ?4, alt = ?5, note = ?6, tags = ?7 WHERE id = ?1 AND account_id = ?2 AND created_at > ?3

-- write candidate_reply
UPDATE candidates SET reply_kind = ?3, reply_id = ?4 WHERE id = ?1 AND account_id = ?2

-- write candidate_delete
DELETE FROM candidates WHERE id = ?1 AND account_id = ?2

-- write candidates_expire
DELETE FROM candidates WHERE created_at <= ?1

-- write candidates_trim
DELETE
FROM candidates
WHERE account_id = ?1 AND id NOT IN (SELECT id FROM candidates WHERE account_id = ?1 ORDER BY id DESC LIMIT ?2)

-- write candidate_find
SELECT fingerprint, source_format, source_bytes, source_width, source_height, claimed_bytes, claimed_width,
    claimed_height, is_truncated, blurhash
FROM candidates
WHERE id = ?1 AND account_id = ?2 AND created_at > ?3

-- write candidate_image_of
SELECT width, height, quality, data, frames, frame_width, frame_height, frame_ms, poster, flashes
FROM candidate_images WHERE candidate_id = ?1 AND preset = ?2

-- write candidate_data
SELECT i.data
FROM candidate_images i
JOIN candidates c ON c.id = i.candidate_id
WHERE c.id = ?1 AND c.account_id = ?2 AND i.preset = ?3 AND c.created_at > ?4
