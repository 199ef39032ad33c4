-- Search beside the full-text index (search.c): ids with words and tags to look into, and rows by their ids.
-- ?1 before, ?2 limit, then the key, then the viewer.

-- write pictures_under
SELECT p.id, p.caption || ' ' || p.alt, ' ' || (SELECT group_concat(g.name, ' ') FROM picture_tags o JOIN tags g ON g.id = o.tag_id
    WHERE o.picture_id = p.id) || ' '
FROM picture_tags x INDEXED BY picture_tags_shown
JOIN pictures p ON p.id = x.picture_id
WHERE x.shown AND x.tag_id = (SELECT id FROM tags WHERE name = ?3) AND x.picture_id < ?1 AND {seen_by ?4 p.account_id}
ORDER BY x.picture_id DESC LIMIT ?2

-- write statuses_under
SELECT s.id, s.content, ' ' || (SELECT group_concat(g.name, ' ') FROM status_tags o JOIN tags g ON g.id = o.tag_id
    WHERE o.status_id = s.id) || ' '
FROM status_tags x INDEXED BY status_tags_shown
JOIN statuses s ON s.id = x.status_id
WHERE x.shown AND x.tag_id = (SELECT id FROM tags WHERE name = ?3) AND x.status_id < ?1 AND {seen_by ?4 s.account_id}
ORDER BY x.status_id DESC LIMIT ?2

-- write pictures_words
SELECT p.id, p.caption || ' ' || p.alt, ''
FROM pictures p INDEXED BY pictures_shown
WHERE {shown p} AND p.id < ?1 AND {seen_by ?3 p.account_id}
ORDER BY p.id DESC LIMIT ?2

-- write statuses_words
SELECT s.id, s.content, ''
FROM statuses s INDEXED BY statuses_shown
WHERE {shown s} AND s.id < ?1 AND {seen_by ?3 s.account_id}
ORDER BY s.id DESC LIMIT ?2

-- names in order, so that the one that was typed comes first; "{" follows all that a name is made of
-- write people_named
SELECT id
FROM accounts
WHERE name >= ?1 AND name < ?1 || '{' AND state = 'active' AND NOT is_banned AND {seen_by ?3 accounts.id}
ORDER BY name LIMIT ?2

-- write people_words
SELECT id, name || ' ' || display_name, ''
FROM accounts
WHERE state = 'active' AND NOT is_banned AND {seen_by ?2 accounts.id}
ORDER BY id DESC LIMIT ?1

-- rows by ids: ?1, as JSON, in its order
-- query pictures_listed
SELECT {picture_columns ?2}
FROM json_each(?1) x
CROSS JOIN pictures p ON p.id = x.value
{picture_joins}
WHERE {shown p} AND {seen_by ?2 p.account_id}

-- query statuses_listed
SELECT {status_columns ?2}
FROM json_each(?1) x
CROSS JOIN statuses s ON s.id = x.value
JOIN accounts a ON a.id = s.account_id
WHERE {shown s} AND {seen_by ?2 s.account_id}

-- query people_listed
SELECT a.name, a.display_name
FROM json_each(?1) x
CROSS JOIN accounts a ON a.id = x.value
WHERE a.state = 'active' AND NOT a.is_banned AND {seen_by ?2 a.id}

-- a tag of that name that somebody uses whom the viewer sees: ?1 its names as JSON
-- query tags_named
SELECT g.name
FROM json_each(?1) x
CROSS JOIN tags g ON g.name = x.value
WHERE {tag_is_used g ?2}

-- every tag, by its name: ?1 after, ?2 limit
-- query tags
SELECT g.name
FROM tags g
WHERE g.name > ?1 AND {tag_is_used g ?3}
ORDER BY g.name LIMIT ?2

-- part tag_is_used g viewer
(EXISTS (SELECT 1 FROM picture_tags x INDEXED BY picture_tags_shown JOIN pictures p ON p.id = x.picture_id
    WHERE x.shown AND x.tag_id = $g.id AND {seen_by $viewer p.account_id})
OR EXISTS (SELECT 1 FROM status_tags x INDEXED BY status_tags_shown JOIN statuses s ON s.id = x.status_id
    WHERE x.shown AND x.tag_id = $g.id AND {seen_by $viewer s.account_id}))
