-- Moderation: what is not shown to whom, reports, decisions and appeals, block lists, and the log that only grows.

-- hidden says why a post is not shown to everybody, as a sum; 0 is the common case and all that common timelines read.
--   1  an administrator hid it               2  it waits for review
--   4  its author is muted: only their own page and direct links show it
--   8  its author is banned or disabled
-- The search index and the shown tags hold posts with 0 only. All of it is kept by triggers, so no path can forget it.
ALTER TABLE pictures ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statuses ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE moods    ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE picture_tags ADD COLUMN shown INTEGER NOT NULL DEFAULT 1;
ALTER TABLE status_tags  ADD COLUMN shown INTEGER NOT NULL DEFAULT 1;
CREATE INDEX pictures_shown ON pictures (id) WHERE hidden = 0;
CREATE INDEX statuses_shown ON statuses (id) WHERE hidden = 0;
CREATE INDEX moods_shown    ON moods (id) WHERE hidden = 0;
CREATE INDEX pictures_held ON pictures (id) WHERE hidden & 2;
CREATE INDEX statuses_held ON statuses (id) WHERE hidden & 2;
CREATE INDEX moods_held    ON moods (id) WHERE hidden & 2;
DROP INDEX pictures_time;
CREATE INDEX pictures_time ON pictures (created_at) WHERE hidden = 0;
DROP INDEX moods_time;
CREATE INDEX moods_time ON moods (created_at, mood, face) WHERE hidden = 0;
CREATE INDEX picture_tags_shown ON picture_tags (tag_id, picture_id) WHERE shown;
CREATE INDEX status_tags_shown  ON status_tags (tag_id, status_id) WHERE shown;

-- The content note: a few words before a picture that not everybody wants to see; it blurs the picture until clicked.
ALTER TABLE pictures   ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE candidates ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- What was decided about a person. is_trusted: has passed the first-post review, or the time of small quotas.
ALTER TABLE accounts ADD COLUMN is_muted INTEGER NOT NULL DEFAULT 0 CHECK (is_muted IN (0, 1));
ALTER TABLE accounts ADD COLUMN is_banned INTEGER NOT NULL DEFAULT 0 CHECK (is_banned IN (0, 1));
ALTER TABLE accounts ADD COLUMN suspended_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN is_trusted INTEGER NOT NULL DEFAULT 0 CHECK (is_trusted IN (0, 1));
ALTER TABLE accounts ADD COLUMN quota_bytes INTEGER;
UPDATE accounts SET is_trusted = 1;

-- Who does not see whom: one row for a mute, two for a block (block and blocked), so that a timeline asks once.
CREATE TABLE unseen (
    viewer_id  INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    author_id  INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind       TEXT    NOT NULL CHECK (kind IN ('mute', 'block', 'blocked')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (viewer_id, author_id, kind),
    CHECK (viewer_id <> author_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unseen_of ON unseen (author_id);

-- One open report for a thing, however many people complain; their words are kept apart. subject_id is the id of a
-- picture, status or mood, or of the account. Nothing of the post is copied, and a report goes with its post.
CREATE TABLE reports (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL CHECK (kind IN ('picture', 'status', 'mood', 'person')),
    subject_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    times      INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    closed_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX reports_open ON reports (kind, subject_id) WHERE closed_at IS NULL;
CREATE INDEX reports_subject ON reports (kind, subject_id);
CREATE INDEX reports_queue ON reports (id) WHERE closed_at IS NULL;
CREATE INDEX reports_of ON reports (account_id);
-- reporter: a keyed hash of the account or the network, so that the same person counts once.
CREATE TABLE report_notes (
    report_id   INTEGER NOT NULL REFERENCES reports ON DELETE CASCADE,
    reporter    BLOB    NOT NULL,
    reporter_id INTEGER REFERENCES accounts ON DELETE CASCADE,
    reason      TEXT    NOT NULL,
    note        TEXT    NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (report_id, reporter)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_notes_by ON report_notes (reporter_id);

-- What the person is told: the action and its reason.
CREATE TABLE decisions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    action     TEXT    NOT NULL,
    kind       TEXT    NOT NULL DEFAULT '',
    subject_id INTEGER NOT NULL DEFAULT 0,
    reason     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER
) STRICT;
CREATE INDEX decisions_of ON decisions (account_id, id);
CREATE INDEX decisions_unseen ON decisions (account_id) WHERE seen_at IS NULL;
CREATE TABLE appeals (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    words       TEXT    NOT NULL,
    answer      TEXT    NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL,
    answered_at INTEGER
) STRICT;
CREATE UNIQUE INDEX appeals_open ON appeals (account_id) WHERE answered_at IS NULL;
CREATE INDEX appeals_of ON appeals (account_id, id);
CREATE INDEX appeals_queue ON appeals (id) WHERE answered_at IS NULL;

-- What may not come back: 64 bits that stay nearly the same at every size, and the exact hash of crushed bytes.
CREATE TABLE blocked_pictures (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint INTEGER NOT NULL,
    hash        TEXT    NOT NULL DEFAULT '',
    reason      TEXT    NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL,
    hits        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX blocked_pictures_hash ON blocked_pictures (hash);
CREATE TABLE blocked_words (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    word       TEXT    NOT NULL UNIQUE,
    action     TEXT    NOT NULL CHECK (action IN ('mask', 'hold', 'refuse')),
    created_at INTEGER NOT NULL
) STRICT;

-- The log of what administrators do: it only grows. It names things and people by number, so that deleting somebody
-- deletes their name as well; reasons are the administrators' own words. actor_id 0 is the shell.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    actor_id   INTEGER NOT NULL,
    action     TEXT    NOT NULL,
    kind       TEXT    NOT NULL DEFAULT '',
    subject_id INTEGER NOT NULL DEFAULT 0,
    account_id INTEGER NOT NULL DEFAULT 0,
    reason     TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX audit_about ON audit (account_id, id);
CREATE TRIGGER audit_stays_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER audit_stays_deleted BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER audit_stays_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = new.id) BEGIN
    SELECT raise(ABORT, 'the audit log only grows');
END;

-- A new post takes over what holds for its author: the last step of adding it, since the order of triggers is nobody's.
CREATE VIEW author_hides AS
    SELECT id AS account_id,
        4 * is_muted + 8 * (is_banned OR state <> 'active')
        + 2 * (NOT is_trusted AND NOT is_admin AND EXISTS (SELECT 1 FROM settings WHERE key = 'new_accounts' AND value = 'review'))
        AS bits
    FROM accounts;
CREATE TRIGGER mood_begins AFTER INSERT ON moods
WHEN (SELECT bits FROM author_hides WHERE account_id = new.account_id) BEGIN
    UPDATE moods SET hidden = hidden | (SELECT bits FROM author_hides WHERE account_id = new.account_id) WHERE id = new.id;
END;
CREATE TRIGGER account_judged AFTER UPDATE OF is_muted, is_banned, state ON accounts
WHEN (new.is_muted, new.is_banned, new.state) IS NOT (old.is_muted, old.is_banned, old.state) BEGIN
    UPDATE pictures SET hidden = hidden & 3 | 4 * new.is_muted | 8 * (new.is_banned OR new.state <> 'active') WHERE account_id = new.id;
    UPDATE statuses SET hidden = hidden & 3 | 4 * new.is_muted | 8 * (new.is_banned OR new.state <> 'active') WHERE account_id = new.id;
    UPDATE moods SET hidden = hidden & 3 | 4 * new.is_muted | 8 * (new.is_banned OR new.state <> 'active') WHERE account_id = new.id;
END;

-- Search index and tags follow hidden.
DROP TRIGGER picture_added;
CREATE TRIGGER picture_added AFTER INSERT ON pictures BEGIN
    INSERT INTO pictures_text (rowid, caption, alt) SELECT new.id, new.caption, new.alt WHERE new.hidden = 0;
    UPDATE images SET uses = uses + 1 WHERE id = new.image_id;
    UPDATE images SET uses = uses + 1 WHERE id = new.thumb_id;
    UPDATE accounts SET picture_count = picture_count + 1,
        storage_bytes = storage_bytes + (SELECT bytes FROM images WHERE id = new.image_id)
                                      + (SELECT bytes FROM images WHERE id = new.thumb_id)
    WHERE id = new.account_id;
    UPDATE pictures SET hidden = hidden | (SELECT bits FROM author_hides WHERE account_id = new.account_id)
    WHERE id = new.id AND (SELECT bits FROM author_hides WHERE account_id = new.account_id);
END;
DROP TRIGGER picture_edited;
CREATE TRIGGER picture_edited AFTER UPDATE OF caption, alt, hidden ON pictures BEGIN
    INSERT INTO pictures_text (pictures_text, rowid, caption, alt) SELECT 'delete', old.id, old.caption, old.alt WHERE old.hidden = 0;
    INSERT INTO pictures_text (rowid, caption, alt) SELECT new.id, new.caption, new.alt WHERE new.hidden = 0;
    UPDATE picture_tags SET shown = new.hidden = 0 WHERE picture_id = new.id AND (old.hidden = 0) <> (new.hidden = 0);
END;
DROP TRIGGER picture_deleted;
CREATE TRIGGER picture_deleted AFTER DELETE ON pictures BEGIN
    INSERT INTO pictures_text (pictures_text, rowid, caption, alt) SELECT 'delete', old.id, old.caption, old.alt WHERE old.hidden = 0;
    UPDATE accounts SET picture_count = picture_count - 1,
        storage_bytes = storage_bytes - (SELECT bytes FROM images WHERE id = old.image_id)
                                      - (SELECT bytes FROM images WHERE id = old.thumb_id)
    WHERE id = old.account_id;
    UPDATE images SET uses = uses - 1 WHERE id = old.image_id;
    UPDATE images SET uses = uses - 1 WHERE id = old.thumb_id;
    DELETE FROM images WHERE id IN (old.image_id, old.thumb_id) AND uses = 0;
    DELETE FROM reports WHERE kind = 'picture' AND subject_id = old.id;
END;
DROP TRIGGER status_added;
CREATE TRIGGER status_added AFTER INSERT ON statuses BEGIN
    INSERT INTO statuses_text (rowid, content) SELECT new.id, new.content WHERE new.hidden = 0;
    UPDATE accounts SET status_count = status_count + 1 WHERE id = new.account_id;
    UPDATE statuses SET hidden = hidden | (SELECT bits FROM author_hides WHERE account_id = new.account_id)
    WHERE id = new.id AND (SELECT bits FROM author_hides WHERE account_id = new.account_id);
END;
DROP TRIGGER status_edited;
CREATE TRIGGER status_edited AFTER UPDATE OF content, hidden ON statuses BEGIN
    INSERT INTO statuses_text (statuses_text, rowid, content) SELECT 'delete', old.id, old.content WHERE old.hidden = 0;
    INSERT INTO statuses_text (rowid, content) SELECT new.id, new.content WHERE new.hidden = 0;
    UPDATE status_tags SET shown = new.hidden = 0 WHERE status_id = new.id AND (old.hidden = 0) <> (new.hidden = 0);
END;
DROP TRIGGER status_deleted;
CREATE TRIGGER status_deleted AFTER DELETE ON statuses BEGIN
    INSERT INTO statuses_text (statuses_text, rowid, content) SELECT 'delete', old.id, old.content WHERE old.hidden = 0;
    UPDATE accounts SET status_count = status_count - 1 WHERE id = old.account_id;
    DELETE FROM reports WHERE kind = 'status' AND subject_id = old.id;
END;
DROP TRIGGER mood_deleted;
CREATE TRIGGER mood_deleted AFTER DELETE ON moods BEGIN
    UPDATE accounts SET mood_count = mood_count - 1 WHERE id = old.account_id;
    DELETE FROM reports WHERE kind = 'mood' AND subject_id = old.id;
END;
CREATE TRIGGER picture_tagged AFTER INSERT ON picture_tags BEGIN
    UPDATE picture_tags SET shown = 0 WHERE tag_id = new.tag_id AND picture_id = new.picture_id
        AND (SELECT hidden FROM pictures WHERE id = new.picture_id);
END;
CREATE TRIGGER status_tagged AFTER INSERT ON status_tags BEGIN
    UPDATE status_tags SET shown = 0 WHERE tag_id = new.tag_id AND status_id = new.status_id
        AND (SELECT hidden FROM statuses WHERE id = new.status_id);
END;

-- Whom a closed account had invited belongs to the branch of its own inviter.
CREATE TRIGGER account_leaves BEFORE DELETE ON accounts BEGIN
    UPDATE accounts SET invited_by = old.invited_by WHERE invited_by = old.id;
END;
