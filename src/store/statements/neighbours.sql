-- The directory of sites, and the ring.

-- write neighbour_delete
DELETE FROM neighbours WHERE id = ?2 AND ?1 IN (0, account_id)

-- write hide_neighbour
UPDATE neighbours SET hidden = (hidden | ?2) & ~?3 WHERE id = ?1

-- write release_neighbours
UPDATE neighbours SET hidden = hidden & ~2 WHERE account_id = ?1 AND hidden & 2
