-- Walls and guestbooks.

-- ?1 whoever wrote it, or whose wall it is; 0: an administrator
-- write wall_entry_delete
DELETE FROM wall_entries WHERE id = ?2 AND (?1 = 0 OR ?1 IN (account_id, owner_id))

-- write hide_wall_entry
UPDATE wall_entries SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1

-- write release_wall_entries
UPDATE wall_entries SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2
