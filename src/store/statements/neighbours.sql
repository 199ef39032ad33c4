-- The directory of sites, and the ring.

-- part neighbour_columns
n.id, n.is_home, iif(n.is_home, a.homepage, n.url) AS url, n.title, n.line, n.category, a.name AS author, n.created_at,
n.hidden & 1 AS is_hidden, n.hidden & 2 <> 0 AS is_held,
coalesce((SELECT '/i/' || hash || '.jpg' FROM images WHERE id = n.button_id), '/neighbours/' || n.id || '/button.gif')
    AS button_url

-- part neighbour_is_there
(NOT n.is_home OR a.homepage <> '')

-- Newest first: ?1 before, ?2 limit, ?3 viewer, ?4 words that the title, the line or the address holds, whatever their
-- case and accents; '': any.
-- query neighbours
SELECT {neighbour_columns}
FROM neighbours n INDEXED BY neighbours_shown
JOIN accounts a ON a.id = n.account_id
WHERE n.hidden = 0 AND n.id < ?1 AND {neighbour_is_there} AND {seen_by ?3 n.account_id}
    AND (?4 = '' OR instr(folded(n.title || ' ' || n.line || ' ' || n.url || ' ' || iif(n.is_home, a.homepage, '')), folded(?4)))
ORDER BY n.id DESC LIMIT ?2

-- the same of one category, ?5
-- query neighbours_in
SELECT {neighbour_columns}
FROM neighbours n INDEXED BY neighbours_shown_in
JOIN accounts a ON a.id = n.account_id
WHERE n.category = ?5 AND n.hidden = 0 AND n.id < ?1 AND {neighbour_is_there} AND {seen_by ?3 n.account_id}
    AND (?4 = '' OR instr(folded(n.title || ' ' || n.line || ' ' || n.url || ' ' || iif(n.is_home, a.homepage, '')), folded(?4)))
ORDER BY n.id DESC LIMIT ?2

-- one for ?2, or for an administrator, ?3
-- query neighbour
SELECT {neighbour_columns}, n.account_id, n.title || iif(n.line = '', '', ' – ' || n.line) || ' '
    || iif(n.is_home, a.homepage, n.url) AS words
FROM neighbours n
JOIN accounts a ON a.id = n.account_id
WHERE n.id = ?1 AND (?3 OR n.account_id = ?2 OR (n.hidden = 0 AND {not_blocked ?2 n.account_id}))

-- what ?1 has put there, oldest first
-- query neighbours_of
SELECT {neighbour_columns}
FROM neighbours n
JOIN accounts a ON a.id = n.account_id
WHERE n.account_id = ?1
ORDER BY n.id

-- query neighbours_held
SELECT n.id, n.account_id
FROM neighbours n INDEXED BY neighbours_held
WHERE n.hidden & 2 AND n.hidden & 9 = 0 AND n.id > 0
ORDER BY n.id LIMIT ?1

-- members who post, for feed readers: ?1 limit, ?2 viewer
-- query people_with_feeds
SELECT id, name, display_name, homepage
FROM accounts
WHERE state = 'active' AND NOT is_banned AND id > 0 AND picture_count + status_count + mood_count > 0
    AND {seen_by ?2 accounts.id}
ORDER BY id LIMIT ?1

-- part in_ring
in_ring AND homepage <> '' AND state = 'active' AND NOT is_banned

-- Who stands behind number ?1 in the ring, and before it, for the homepage of ?2: neither oneself nor who is blocked.
-- query ring_next
SELECT name, homepage FROM accounts INDEXED BY accounts_ring
WHERE {in_ring} AND id > ?1 AND id <> ?2 AND {not_blocked ?2 accounts.id}
ORDER BY id LIMIT 1

-- query ring_prev
SELECT name, homepage FROM accounts INDEXED BY accounts_ring
WHERE {in_ring} AND id < ?1 AND id <> ?2 AND {not_blocked ?2 accounts.id}
ORDER BY id DESC LIMIT 1

-- the highest number in it
-- query ring_last
SELECT id FROM accounts INDEXED BY accounts_ring WHERE {in_ring} AND id > 0
ORDER BY id DESC LIMIT 1

-- who walks in it: ?1 after, ?2 limit, ?3 viewer
-- query ring_members
SELECT id, name, display_name, homepage FROM accounts INDEXED BY accounts_ring
WHERE {in_ring} AND id > ?1 AND {seen_by ?3 accounts.id}
ORDER BY id LIMIT ?2

-- query ring_of
SELECT name, homepage, in_ring FROM accounts WHERE id = ?1

-- write ring_set
UPDATE accounts SET in_ring = ?2 WHERE id = ?1 AND (NOT ?2 OR homepage <> '')

-- ?1 account, ?2 is it a homepage, ?3 to ?6 url, title, line, category, ?7 hash of the button or null, ?8 hidden, ?9 now
-- write neighbour_add
INSERT INTO neighbours (account_id, is_home, url, title, line, category, button_id, hidden, created_at)
VALUES (?1, ?2, iif(?2, '', ?3), ?4, ?5, ?6, (SELECT id FROM images WHERE hash = ?7), ?8
    | coalesce((SELECT bits & ~4 FROM author_hides WHERE account_id = ?1), 0), ?9)

-- what is hidden by review of words, ?7, is added to what hides it already; ?8 the new button, or null: as it is
-- write neighbour_edit
UPDATE neighbours SET url = iif(is_home, '', ?3), title = ?4, line = ?5, category = ?6, hidden = hidden | ?7,
    button_id = iif(?8 IS NULL, button_id, (SELECT id FROM images WHERE hash = ?8)), edited_at = ?9
WHERE id = ?2 AND ?1 IN (0, account_id)

-- query neighbour_count
SELECT count(*) FROM neighbours WHERE account_id = ?1

-- write neighbour_delete
DELETE FROM neighbours WHERE id = ?2 AND ?1 IN (0, account_id)

-- of every site that shows the bytes of picture ?1: it gets one that is drawn
-- write buttons_same
UPDATE neighbours SET button_id = NULL
WHERE button_id IN (SELECT image_id FROM pictures WHERE id = ?1 UNION ALL SELECT thumb_id FROM pictures WHERE id = ?1)

-- write hide_neighbour
UPDATE neighbours SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1

-- write release_neighbours
UPDATE neighbours SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2 AND is_home
