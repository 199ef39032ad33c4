-- Bulletins.

-- write bulletin_delete
DELETE FROM bulletins WHERE id = ?2 AND ?1 IN (0, account_id)

-- write hide_bulletin
UPDATE bulletins SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1

-- write release_bulletins
UPDATE bulletins SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2
