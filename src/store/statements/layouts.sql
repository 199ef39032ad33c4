-- Shared stylesheets.

-- write layout_delete
DELETE FROM layouts WHERE id = ?2 AND ?1 IN (0, account_id)

-- write hide_layout
UPDATE layouts SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1

-- write release_layouts
UPDATE layouts SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2
