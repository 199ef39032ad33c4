-- Tags of all kinds of posts.

-- write tag_add
INSERT INTO tags (name) VALUES (?1)
ON CONFLICT (name) DO NOTHING

-- write tags_sweep
DELETE
FROM tags
WHERE NOT EXISTS (SELECT 1 FROM picture_tags WHERE tag_id = tags.id) AND NOT EXISTS
    (SELECT 1 FROM status_tags WHERE tag_id = tags.id)
