-- The whole: transactions, settings, counts.

-- query setting
SELECT value FROM settings WHERE key = ?1

-- query site_settings
SELECT key, value
FROM settings
WHERE key IN ('site_name', 'site_motto', 'site_signup', 'site_contact', 'site_rules', 'site_language')

-- query account_count
SELECT count(*) FROM accounts

-- query admin_count
SELECT count(*) FROM accounts WHERE is_admin

-- query stats
SELECT (SELECT count(*) FROM accounts) AS accounts,
    (SELECT coalesce(sum(picture_count), 0) FROM accounts) AS pictures,
    (SELECT coalesce(sum(status_count), 0) FROM accounts) AS statuses,
    (SELECT coalesce(sum(mood_count), 0) FROM accounts) AS moods,
    (SELECT coalesce(sum(bytes), 0) FROM images) AS image_bytes,
    (SELECT coalesce(sum(source_bytes), 0) FROM pictures) AS source_bytes

-- write begin
BEGIN IMMEDIATE

-- write commit
COMMIT

-- write rollback
ROLLBACK

-- one of many things in a transaction
-- write item_begin
SAVEPOINT item

-- write item_undo
ROLLBACK TO item

-- write item_end
RELEASE item

-- nothing where nothing was is no change
-- write setting_set
INSERT INTO settings (key, value)
SELECT ?1, ?2 WHERE ?2 <> '' OR EXISTS (SELECT 1 FROM settings WHERE key = ?1)
ON CONFLICT (key) DO UPDATE
SET value = excluded.value
WHERE value <> excluded.value
