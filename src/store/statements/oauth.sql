-- Programs of others and what people allowed them: oauth.c.

-- ?1 client_id, ?2 the oldest time at which one that nobody let in is still known
-- query app
SELECT client_id, name, website, redirects, scope, created_at, used_at FROM apps
WHERE client_id = ?1 AND (used_at IS NOT NULL OR created_at > ?2)

-- ?1 the token's account, ?2 its number: what a program is told of a token
-- query token_granted
SELECT t.client_id, t.granted, t.scope, t.created_at, a.name FROM tokens t
JOIN accounts a ON a.id = t.account_id
WHERE t.id = ?2 AND t.account_id = ?1

-- write app_add
INSERT INTO apps (client_id, secret_hash, name, website, redirects, scope, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- write app_used
UPDATE apps SET used_at = ?2 WHERE client_id = ?1

-- write app_secret
SELECT 1 FROM apps WHERE client_id = ?1 AND secret_hash = ?2

-- write apps_expire
DELETE FROM apps WHERE used_at IS NULL AND created_at <= ?1

-- write apps_forget
DELETE FROM apps WHERE used_at <= ?1 AND NOT EXISTS (SELECT 1 FROM tokens t WHERE t.client_id = apps.client_id AND t.client_id <> '')

-- the newest ?1 of those that nobody let in yet
-- write apps_trim
DELETE FROM apps WHERE used_at IS NULL AND created_at <= (SELECT created_at FROM apps WHERE used_at IS NULL
    ORDER BY created_at DESC LIMIT 1 OFFSET ?1)

-- write code_add
INSERT INTO codes (hash, account_id, client_id, redirect, challenge, scope, label, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)

-- write code_find
SELECT c.id, c.account_id, a.name, c.client_id, c.redirect, c.challenge, c.scope, c.label, c.created_at, c.is_used, c.token_id
FROM codes c
JOIN accounts a ON a.id = c.account_id
WHERE c.hash = ?1 AND a.state = 'active'

-- write code_use
UPDATE codes SET is_used = 1 WHERE id = ?1 AND NOT is_used

-- write code_gave
UPDATE codes SET token_id = (SELECT id FROM tokens WHERE hash = ?2) WHERE id = ?1

-- write codes_expire
DELETE FROM codes WHERE created_at <= ?1

-- write token_grant
UPDATE tokens SET client_id = ?2, granted = ?3 WHERE hash = ?1

-- write token_end
DELETE FROM tokens WHERE hash = ?1 AND client_id <> ''
