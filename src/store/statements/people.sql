-- Accounts and their profiles.

-- ?2: the viewer. Whoever is banned or disabled is found, and state says so.
-- query person
SELECT {person_columns} FROM accounts WHERE name = lower(?1) AND {not_blocked ?2 accounts.id}

-- query person_by_id
SELECT {person_columns}, in_ring, language FROM accounts WHERE id = ?1

-- query links_of
SELECT label, url FROM account_links WHERE account_id = ?1
ORDER BY position

-- query css_draft_of
SELECT css_draft FROM accounts WHERE id = ?1 AND css_draft IS NOT NULL

-- query people
SELECT id, name, display_name, homepage, created_at, seen_at, picture_count, status_count, mood_count
FROM accounts
WHERE state = 'active' AND NOT is_banned AND id < ?1 AND {seen_by ?3 accounts.id}
ORDER BY id DESC LIMIT ?2

-- write account_add
INSERT INTO accounts (name, password_hash, is_admin, invited_by, created_at, seen_at, is_trusted)
VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?5,
    coalesce((SELECT value FROM settings WHERE key = 'new_accounts'), 'free') = 'free')

-- write account_password
UPDATE accounts SET password_hash = ?2 WHERE id = ?1

-- write account_state
UPDATE accounts SET state = ?2 WHERE id = ?1

-- what is null stays as it is
-- write account_edit
UPDATE accounts SET display_name = coalesce(?2, display_name), homepage = coalesce(?3, homepage),
    about = coalesce(?4, about), css = coalesce(?5, css), in_ring = coalesce(CAST(?6 AS INTEGER), in_ring),
    shows_follows = coalesce(CAST(?7 AS INTEGER), shows_follows), language = coalesce(?8, language)
WHERE id = ?1

-- what is null stays as it is
-- write account_reach
UPDATE accounts SET wall = coalesce(?2, wall), has_guestbook = coalesce(?3, has_guestbook),
    takes_pokes = coalesce(?4, takes_pokes), takes_nudges = coalesce(?5, takes_nudges),
    shows_presence = coalesce(?6, shows_presence)
WHERE id = ?1

-- write account_css
UPDATE accounts SET css = ?2, css_draft = NULL WHERE id = ?1

-- write account_draft
UPDATE accounts SET css_draft = ?2 WHERE id = ?1

-- write account_avatar
UPDATE accounts SET avatar_image = (SELECT id FROM images WHERE hash = ?2) WHERE id = ?1

-- write account_background
UPDATE accounts SET background_image = (SELECT id FROM images WHERE hash = ?2) WHERE id = ?1

-- of everybody who shows the bytes of picture ?1 as themselves
-- write avatars_same
UPDATE accounts SET avatar_image = NULL
WHERE avatar_image IN (SELECT image_id FROM pictures WHERE id = ?1 UNION ALL SELECT thumb_id FROM pictures
    WHERE id = ?1)

-- write backgrounds_same
UPDATE accounts SET background_image = NULL
WHERE background_image IN (SELECT image_id FROM pictures WHERE id = ?1 UNION ALL SELECT thumb_id FROM pictures
    WHERE id = ?1)

-- write links_clear
DELETE FROM account_links WHERE account_id = ?1

-- write link_add
INSERT INTO account_links (account_id, position, url, label) VALUES (?1, ?2, ?3, ?4)

-- write account_delete
DELETE FROM accounts WHERE id = ?1

-- write account_seen
UPDATE accounts SET seen_at = ?2 WHERE id = ?1 AND seen_at < ?2 - 60

-- write quota_of
SELECT coalesce(quota_bytes, iif(NOT is_trusted AND NOT is_admin AND created_at > unixepoch() - 7 * 86400 AND
    (SELECT value FROM settings WHERE key = 'new_accounts') = 'quota',
    coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'new_quota_bytes'), 500000), ?2))
FROM accounts
WHERE id = ?1

-- write storage_of
SELECT storage_bytes FROM accounts WHERE id = ?1
