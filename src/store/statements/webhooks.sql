-- Outgoing webhooks and what they have still to tell.

-- query webhook_of
SELECT url, is_on, failures, tried_at, last_status, last_error, created_at,
    (SELECT count(*) FROM webhook_events e WHERE e.account_id = w.account_id) AS waiting_count
FROM webhooks w
WHERE w.account_id = ?1

-- write webhook_set
INSERT INTO webhooks (account_id, url, secret, created_at)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (account_id) DO UPDATE
SET url = ?2, secret = ?3, created_at = ?4, is_on = 1, failures = 0, next_at = 0, tried_at = NULL, last_status = 0,
    last_error = ''

-- write webhook_is
SELECT 1 FROM webhooks WHERE account_id = ?1 AND url = ?2 AND secret = ?3

-- write webhook_turn
UPDATE webhooks SET is_on = ?2, failures = 0, next_at = 0 WHERE account_id = ?1

-- write webhook_forget
DELETE FROM webhook_events WHERE account_id = ?1

-- write webhook_delete
DELETE FROM webhooks WHERE account_id = ?1

-- write webhook_hold
UPDATE webhooks SET next_at = ?2 WHERE account_id = ?1

-- write webhook_event_delete
DELETE FROM webhook_events WHERE id = ?1

-- write webhook_events_expire
DELETE FROM webhook_events WHERE created_at < ?1

-- write webhook_done
UPDATE webhooks SET failures = 0, next_at = 0, tried_at = ?3, last_status =
    iif(?2, ?2, last_status), last_error = ''
WHERE account_id = ?1

-- write webhook_failed
UPDATE webhooks SET failures = failures + 1, last_status = ?2, last_error = ?3, tried_at = ?4, next_at = ?5,
    is_on = ?6
WHERE account_id = ?1

-- write webhooks_due
SELECT e.id, w.account_id, e.post_id, e.created_at, w.failures, a.name, e.event, e.kind, w.url, w.secret
FROM webhooks w
JOIN accounts a ON a.id = w.account_id
JOIN webhook_events e ON e.id = (SELECT min(id) FROM webhook_events WHERE account_id = w.account_id)
WHERE w.is_on AND a.state = 'active' AND w.next_at <= ?1
ORDER BY w.next_at LIMIT ?2

-- write webhook_next
SELECT min(w.next_at)
FROM webhooks w
JOIN accounts a ON a.id = w.account_id
WHERE w.is_on AND a.state = 'active' AND EXISTS (SELECT 1 FROM webhook_events WHERE account_id = w.account_id)
