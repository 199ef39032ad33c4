-- Secret addresses of feeds: feed_key.c.

-- query feed_keys_of
SELECT feed, created_at FROM feed_keys WHERE account_id = ?1
ORDER BY feed

-- write feed_key_set
INSERT INTO feed_keys (hash, account_id, feed, created_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (account_id, feed) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at

-- write feed_key_delete
DELETE FROM feed_keys WHERE account_id = ?1 AND feed = ?2

-- write feed_keys_clear
DELETE FROM feed_keys WHERE account_id = ?1

-- whoever may not look around here while signed in may not by a key either
-- write feed_key_find
SELECT k.account_id, a.name
FROM feed_keys k
JOIN accounts a ON a.id = k.account_id
WHERE k.hash = ?1 AND k.feed = ?2 AND a.state = 'active' AND NOT a.is_banned AND a.suspended_until <= unixepoch()
