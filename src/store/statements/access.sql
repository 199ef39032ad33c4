-- How people get in: passwords, sessions, tokens, invitations, recovery codes.

-- query sessions_of
SELECT id, agent, created_at, used_at FROM sessions WHERE account_id = ?1
ORDER BY used_at DESC

-- query tokens_of
SELECT id, label, scope, created_at, used_at FROM tokens WHERE account_id = ?1
ORDER BY id DESC

-- query invites_of
SELECT id, created_at, expires_at FROM invites WHERE created_by = ?1 AND used_by IS NULL
ORDER BY id DESC

-- query recovery_codes_left
SELECT count(*) FROM recovery_codes WHERE account_id = ?1

-- write recovery_clear
DELETE FROM recovery_codes WHERE account_id = ?1

-- write recovery_add
INSERT INTO recovery_codes (hash, account_id) VALUES (?1, ?2)

-- how many there are, if this is one of them
-- write recovery_count_with
SELECT count(*) FROM recovery_codes
WHERE account_id = ?1 AND EXISTS (SELECT 1 FROM recovery_codes WHERE hash = ?2 AND account_id = ?1)

-- write recovery_use
DELETE FROM recovery_codes WHERE hash = ?1 AND account_id = ?2

-- write invite_add
INSERT INTO invites (hash, created_by, is_admin, created_at, expires_at)
VALUES (?1, nullif(?2, 0), ?3, ?4, ?5)

-- write invite_use
UPDATE invites SET used_by = ?2 WHERE hash = ?1 AND used_by IS NULL AND expires_at > ?3

-- write invite_delete
DELETE FROM invites WHERE created_by = ?1 AND id = ?2 AND used_by IS NULL

-- write session_add
INSERT INTO sessions (hash, account_id, agent, created_at, used_at) VALUES (?1, ?2, ?3, ?4, ?4)

-- write session_used
UPDATE sessions SET used_at = ?2 WHERE id = ?1

-- write session_delete
DELETE FROM sessions WHERE account_id = ?1 AND id = ?2

-- write sessions_clear
DELETE FROM sessions WHERE account_id = ?1 AND id <> ?2

-- write sessions_expire
DELETE FROM sessions WHERE account_id = ?1 AND used_at < ?2

-- write token_add
INSERT INTO tokens (hash, account_id, label, created_at, scope) VALUES (?1, ?2, ?3, ?4, ?5)

-- write token_used
UPDATE tokens SET used_at = ?2 WHERE id = ?1

-- write tokens_clear
DELETE FROM tokens WHERE account_id = ?1

-- write token_delete
DELETE FROM tokens WHERE account_id = ?1 AND id = ?2

-- reads that show secrets, so that they are no queries
-- write password_of
SELECT id, password_hash FROM accounts WHERE name = ?1 AND state = 'active'

-- write session_find
SELECT s.id, s.account_id, a.name, a.is_admin, s.used_at, {restriction}, 'create update delete media settings messages', a.shows_presence, a.language
FROM sessions s
JOIN accounts a ON a.id = s.account_id
WHERE s.hash = ?1 AND a.state = 'active'

-- write token_find
SELECT t.id, t.account_id, a.name, a.is_admin, t.used_at, {restriction}, t.scope, a.shows_presence, a.language
FROM tokens t
JOIN accounts a ON a.id = t.account_id
WHERE t.hash = ?1 AND a.state = 'active'

-- whoever may not post here may not let others in either
-- write invite_find
SELECT is_admin, created_by
FROM invites
WHERE hash = ?1 AND used_by IS NULL AND expires_at > ?2 AND NOT EXISTS
    (SELECT 1 FROM accounts a WHERE a.id = created_by
    AND (a.is_banned OR a.suspended_until > unixepoch() OR a.state <> 'active'))
