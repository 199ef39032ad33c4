-- Shared stylesheets.

-- part layout_columns
l.id, '/layouts/' || l.id AS url, l.name, l.line, length(CAST(l.css AS BLOB)) AS bytes, a.name AS author, a.display_name,
l.created_at, l.edited_at, l.hidden & 1 AS is_hidden, l.hidden & 2 <> 0 AS is_held

-- ?1 before, ?2 limit, ?3 viewer
-- query layouts
SELECT {layout_columns}
FROM layouts l INDEXED BY layouts_shown
JOIN accounts a ON a.id = l.account_id
WHERE {shown l} AND l.id < ?1 AND {seen_by ?3 l.account_id}
ORDER BY l.id DESC LIMIT ?2

-- query layout
SELECT {layout_columns}, l.css, l.account_id
FROM layouts l
JOIN accounts a ON a.id = l.account_id
{post_for l}

-- somebody's own, with their sheets: ?4 with the hidden ones
-- query layouts_of
SELECT {layout_columns}, l.css
FROM layouts l
JOIN accounts a ON a.id = l.account_id
{posts_of l}

-- query layout_count_of
SELECT count(*) FROM layouts WHERE account_id = ?1

-- query layouts_held
SELECT l.id, l.account_id
FROM layouts l INDEXED BY layouts_held
WHERE l.hidden & 2 AND l.hidden & 9 = 0 AND l.id > 0
ORDER BY l.id LIMIT ?1

-- ?7: how many one person may share
-- write layout_add
INSERT INTO layouts (account_id, name, line, css, created_at, hidden)
SELECT ?1, ?2, ?3, ?4, ?5, ?6
WHERE (SELECT count(*) FROM layouts WHERE account_id = ?1) < ?7

-- what is null stays as it is
-- write layout_edit
UPDATE layouts SET name = ?3, line = ?4, css = coalesce(?5, css), edited_at = ?6, hidden = hidden | ?7
WHERE id = ?2 AND ?1 IN (0, account_id)

-- write layout_times
UPDATE layouts SET created_at = ?2, edited_at = nullif(?3, 0) WHERE id = ?1

-- write layout_delete
DELETE FROM layouts WHERE id = ?2 AND ?1 IN (0, account_id)

-- write hide_layout
UPDATE layouts SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1

-- write release_layouts
UPDATE layouts SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2
