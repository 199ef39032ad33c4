-- What was done once, for once.c. ?1 is the account.

-- write once_find
SELECT made, words FROM once WHERE account_id = ?1 AND key = ?2 AND created_at > ?3

-- write once_add
INSERT INTO once (account_id, key, words, made, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (account_id, key) DO UPDATE SET words = ?3, made = ?4, created_at = ?5

-- write once_trim
DELETE FROM once
WHERE account_id = ?1
  AND key IN (SELECT key FROM once WHERE account_id = ?1 ORDER BY created_at DESC LIMIT -1 OFFSET ?2)

-- write once_expire
DELETE FROM once WHERE created_at <= ?1
