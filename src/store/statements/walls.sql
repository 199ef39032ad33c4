-- Walls and guestbooks. An entry is shown when nothing hides it. Besides, the owner of a wall sees what waits for their
-- look, and whoever wrote an entry sees it always. A block between the two takes it off for everybody while it stands.

-- The bytes of what is not shown are not public: their address is one that asks who is there (wall.c).
-- part wall_columns
w.id, iif(o.name IS NULL, '/guestbook', '/~' || o.name || '/wall') || '?before=' || (w.id + 1) || '#e' || w.id AS url,
o.name AS owner, a.name AS author, a.display_name,
(SELECT '/i/' || hash || '.jpg' FROM images WHERE id = a.avatar_image) AS avatar_url, w.name AS visitor, w.homepage, w.content,
iif(i.id IS NULL, NULL, iif({shown w}, '/i/' || i.hash, '/wall/' || w.id || '/full') || '.jpg') AS image_url,
iif(t.id IS NULL, NULL, iif({shown w}, '/t/' || t.hash, '/wall/' || w.id || '/thumb') || '.jpg') AS thumb_url,
i.bytes, i.width, i.height, t.bytes AS thumb_bytes, t.width AS thumb_width, t.height AS thumb_height, w.alt,
w.created_at, w.hidden & 1 AS is_hidden, w.hidden & 2 <> 0 AS is_held, w.hidden & 16 <> 0 AS is_waiting, w.account_id

-- part wall_joins
LEFT JOIN accounts o ON o.id = w.owner_id
LEFT JOIN accounts a ON a.id = w.account_id
LEFT JOIN images i ON i.id = w.image_id
LEFT JOIN images t ON t.id = w.thumb_id

-- ?1 before, ?2 limit, ?3 whose wall (0: the guestbook of the site), ?4 the viewer, ?5 an administrator looks
-- query wall
SELECT {wall_columns}
FROM wall_entries w
{wall_joins}
WHERE w.owner_id IS nullif(?3, 0) AND w.id < ?1 AND ({shown w} OR w.account_id = ?4 OR (?5 AND w.hidden & 16 = 0))
    AND {not_blocked w.owner_id w.account_id} AND (w.owner_id = ?4 OR {seen_by ?4 w.account_id})
ORDER BY w.id DESC LIMIT ?2

-- what waits for the look of its owner, the oldest first: ?1 whose wall, ?2 limit
-- query wall_waiting
SELECT {wall_columns}
FROM wall_entries w INDEXED BY wall_waiting
{wall_joins}
WHERE w.owner_id = ?1 AND w.hidden & 16 AND {reachable w} AND {not_blocked w.owner_id w.account_id}
ORDER BY w.id LIMIT ?2

-- one of them for ?2, or for an administrator (?3)
-- query wall_entry
SELECT {wall_columns}
FROM wall_entries w
{wall_joins}
WHERE w.id = ?1 AND (?3 OR w.account_id = ?2 OR (({shown w} OR (w.owner_id = ?2 AND {reachable w}))
    AND (o.id IS NULL OR (o.state = 'active' AND NOT o.is_banned))
    AND {not_blocked w.owner_id w.account_id} AND {not_blocked ?2 w.account_id} AND {not_blocked ?2 w.owner_id}))

-- query wall_held
SELECT w.id, coalesce(w.account_id, 0) AS account_id
FROM wall_entries w INDEXED BY wall_held
WHERE w.hidden & 2 AND w.hidden & 9 = 0 AND w.id > 0
ORDER BY w.id LIMIT ?1

-- for an export: ?1 before, ?2 limit, ?3 of whom, ?4 true
-- query wall_received
SELECT {wall_columns}
FROM wall_entries w
{wall_joins}
WHERE w.owner_id = ?3 AND w.id < ?1 AND (({reachable w} AND {not_blocked ?3 w.account_id}) OR w.account_id = ?3) AND ?4
ORDER BY w.id DESC LIMIT ?2

-- the same, on the walls of others
-- query wall_written
SELECT {wall_columns}
FROM wall_entries w
{wall_joins}
WHERE w.account_id = ?3 AND w.owner_id IS NOT ?3 AND w.id < ?1 AND ?4
ORDER BY w.id DESC LIMIT ?2

-- nothing changes where one of the two blocked the other
-- write wall_entry_add
INSERT INTO wall_entries (owner_id, account_id, name, homepage, network, content, image_id, thumb_id, alt, hidden,
    created_at)
SELECT nullif(?1, 0), nullif(?2, 0), ?3, ?4, ?5, ?6, (SELECT id FROM images WHERE hash = ?7),
    (SELECT id FROM images WHERE hash = ?8), ?9,
    ?10 | coalesce((SELECT bits & ~4 FROM author_hides WHERE account_id = ?2), 0), ?11
WHERE {not_blocked ?1 ?2}

-- Accepted twice is accepted.
-- write wall_entry_accept
UPDATE wall_entries SET hidden = hidden & ~16 WHERE id = ?2 AND owner_id = ?1

-- ?1 whoever wrote it, or whose wall it is; 0: an administrator
-- write wall_entry_delete
DELETE FROM wall_entries WHERE id = ?2 AND (?1 = 0 OR ?1 IN (account_id, owner_id))

-- write hide_wall_entry
UPDATE wall_entries SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1

-- The guestbook of the site waits for a look, whoever writes there.
-- write release_wall_entries
UPDATE wall_entries SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2 AND owner_id IS NOT NULL

-- write wall_image
SELECT i.data FROM wall_entries w
JOIN images i ON i.id = iif(?2, w.thumb_id, w.image_id) WHERE w.id = ?1

-- every entry with the bytes of picture ?1
-- write wall_same
DELETE FROM wall_entries
WHERE image_id IN (SELECT image_id FROM pictures WHERE id = ?1 UNION ALL SELECT thumb_id FROM pictures WHERE id = ?1)

-- how much waits on a wall from one account, 0: from visitors; of the guestbook of the site: for administrators
-- write wall_waits
SELECT iif(?1, (SELECT count(*) FROM wall_entries INDEXED BY wall_waiting
        WHERE owner_id = ?1 AND hidden & 16 AND account_id IS nullif(?2, 0)),
    (SELECT count(*) FROM wall_entries INDEXED BY wall_held
        WHERE hidden & 2 AND owner_id IS NULL AND account_id IS nullif(?2, 0)))

-- how much came from a network on a day
-- write wall_from_network
SELECT count(*) FROM wall_entries WHERE network = ?1

-- the same words from the same network, since they were sent twice
-- write wall_signed
SELECT id FROM wall_entries
WHERE network = ?1 AND owner_id IS nullif(?2, 0) AND name = ?3 AND content = ?4

-- the day is over
-- write wall_forget_networks
UPDATE wall_entries INDEXED BY wall_network SET network = NULL WHERE network IS NOT NULL AND created_at < ?1
