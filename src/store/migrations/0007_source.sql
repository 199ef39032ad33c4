-- What came in, more truly: whether its file was cut off or damaged, and what it was before a browser shrank it on the
-- way here. The browser only says so; NULL: it said nothing, or nothing that can be true.

ALTER TABLE pictures ADD COLUMN is_truncated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pictures ADD COLUMN claimed_bytes INTEGER;
ALTER TABLE pictures ADD COLUMN claimed_width INTEGER;
ALTER TABLE pictures ADD COLUMN claimed_height INTEGER;

ALTER TABLE candidates ADD COLUMN is_truncated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE candidates ADD COLUMN claimed_bytes INTEGER;
ALTER TABLE candidates ADD COLUMN claimed_width INTEGER;
ALTER TABLE candidates ADD COLUMN claimed_height INTEGER;
