-- Kept posts: of others, to be found again. Nobody is told.

-- ?1 before, ?2 limit, ?3 whose list, ?4 the viewer: what neither of both may see is not on it
-- query kept_of
SELECT k.id, k.kind, k.post_id, k.created_at
FROM kept k INDEXED BY kept_of
WHERE k.account_id = ?3 AND k.id < ?1 AND CASE k.kind
    WHEN 'picture' THEN EXISTS (SELECT 1 FROM pictures p WHERE p.id = k.post_id AND {reachable p}
        AND {not_blocked ?3 p.account_id} AND {not_blocked ?4 p.account_id})
    WHEN 'status' THEN EXISTS (SELECT 1 FROM statuses p WHERE p.id = k.post_id AND {reachable p}
        AND {not_blocked ?3 p.account_id} AND {not_blocked ?4 p.account_id})
    ELSE EXISTS (SELECT 1 FROM moods p WHERE p.id = k.post_id AND {reachable p}
        AND {not_blocked ?3 p.account_id} AND {not_blocked ?4 p.account_id}) END
ORDER BY k.id DESC LIMIT ?2

-- All of ?3, for their export (?4 is true).
-- query kept_all
SELECT id, kind, post_id, created_at FROM kept INDEXED BY kept_of
WHERE account_id = ?3 AND id < ?1 AND ?4
ORDER BY id DESC LIMIT ?2

-- ?1 whose, ?2 kind, ?3 number
-- query kept_as
SELECT id FROM kept WHERE account_id = ?1 AND kind = ?2 AND post_id = ?3

-- query kept_count
SELECT count(*) FROM kept INDEXED BY kept_of WHERE account_id = ?1

-- ?5: how many may be kept
-- write kept_add
INSERT INTO kept (account_id, kind, post_id, created_at)
SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM kept INDEXED BY kept_of WHERE account_id = ?1) < ?5
ON CONFLICT DO NOTHING

-- write kept_delete
DELETE FROM kept WHERE account_id = ?1 AND kind = ?2 AND post_id = ?3
