-- Names that cannot be had, for name.c.

-- ?1 is a name, ?2 its skeleton, ?3 the hash of that. 1 for the very name, 0 for one that looks like it or rests.
-- write name_found
SELECT name = ?1 FROM accounts WHERE skeleton = ?2
UNION ALL
SELECT 0 FROM resting_names WHERE hash = ?3 AND rests_until > ?4
ORDER BY 1 DESC LIMIT 1

-- write name_of
SELECT name FROM accounts WHERE id = ?1

-- what administrators set goes before the option ?1
-- query name_rest_days
SELECT coalesce((SELECT CAST(nullif(value, '') AS INTEGER) FROM settings WHERE key = 'name_rest_days'), ?1)

-- write name_rest
INSERT INTO resting_names (hash, rests_until) VALUES (?1, ?2)
ON CONFLICT (hash) DO UPDATE SET rests_until = max(rests_until, excluded.rests_until)

-- write names_expire
DELETE FROM resting_names WHERE rests_until <= ?1
