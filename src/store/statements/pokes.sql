-- Pokes.

-- who waits for one's answer, the newest first: ?1 whose, ?2 limit
-- query pokes_of
SELECT a.name, a.display_name, p.created_at
FROM pokes p INDEXED BY pokes_of
JOIN accounts a ON a.id = p.by_id
WHERE p.account_id = ?1 AND a.state = 'active' AND NOT a.is_banned AND {seen_by ?1 p.by_id}
ORDER BY p.created_at DESC LIMIT ?2

-- query is_poked
SELECT 1 FROM pokes WHERE by_id = ?1 AND account_id = ?2

-- nothing changes where one of them is not here, or blocked the other
-- write poke_add
INSERT INTO pokes (by_id, account_id, created_at)
SELECT ?1, a.id, ?3 FROM accounts a
WHERE a.id = ?2 AND a.state = 'active' AND NOT a.is_banned AND {not_blocked ?1 a.id}

-- write poke_delete
DELETE FROM pokes WHERE by_id = ?1 AND account_id = ?2

-- write pokes_clear
DELETE FROM pokes WHERE account_id = ?1
