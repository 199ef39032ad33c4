-- The first schema. Times are seconds since 1970 UTC. Names, tags and moods are stored in the form they are compared in.

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Pictures crushed: full size, thumbnails, avatars. One row for the same bytes, however often they are posted;
-- the row goes with its last use.
CREATE TABLE images (
    id     INTEGER PRIMARY KEY,
    hash   TEXT    NOT NULL UNIQUE,
    width  INTEGER NOT NULL CHECK (width BETWEEN 1 AND 65535),
    height INTEGER NOT NULL CHECK (height BETWEEN 1 AND 65535),
    bytes  INTEGER NOT NULL,
    uses   INTEGER NOT NULL DEFAULT 0,
    data   BLOB    NOT NULL
) STRICT;

CREATE TABLE accounts (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    name             TEXT    NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 20 AND name NOT GLOB '*[^a-z0-9_-]*'),
    display_name     TEXT    NOT NULL DEFAULT '',
    homepage         TEXT    NOT NULL DEFAULT '',
    about            TEXT    NOT NULL DEFAULT '',
    css              TEXT    NOT NULL DEFAULT '' CHECK (length(CAST(css AS BLOB)) <= 20000),
    password_hash    TEXT    NOT NULL,
    is_admin         INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
    state            TEXT    NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
    invited_by       INTEGER REFERENCES accounts ON DELETE SET NULL,
    avatar_image     INTEGER REFERENCES images,
    background_image INTEGER REFERENCES images,
    created_at       INTEGER NOT NULL,
    seen_at          INTEGER NOT NULL,
    picture_count    INTEGER NOT NULL DEFAULT 0,
    status_count     INTEGER NOT NULL DEFAULT 0,
    mood_count       INTEGER NOT NULL DEFAULT 0,
    storage_bytes    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE recovery_codes (
    hash       BLOB    PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_codes_of ON recovery_codes (account_id);

CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    agent      TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of ON sessions (account_id);

CREATE TABLE tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    label      TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX tokens_of ON tokens (account_id);

CREATE TABLE invites (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB    NOT NULL UNIQUE,
    created_by INTEGER REFERENCES accounts ON DELETE CASCADE,
    is_admin   INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by    INTEGER REFERENCES accounts ON DELETE CASCADE
) STRICT;
CREATE INDEX invites_of ON invites (created_by);
CREATE INDEX invites_used ON invites (used_by);
CREATE INDEX accounts_invited ON accounts (invited_by);
CREATE INDEX accounts_avatar ON accounts (avatar_image);
CREATE INDEX accounts_background ON accounts (background_image);

CREATE TABLE pictures (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id    INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    image_id      INTEGER NOT NULL REFERENCES images,
    thumb_id      INTEGER NOT NULL REFERENCES images,
    caption       TEXT    NOT NULL DEFAULT '',
    alt           TEXT    NOT NULL DEFAULT '',
    preset        TEXT    NOT NULL,
    quality       INTEGER NOT NULL,
    fingerprint   INTEGER NOT NULL,
    source_format TEXT    NOT NULL,
    source_bytes  INTEGER NOT NULL,
    source_width  INTEGER NOT NULL,
    source_height INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    edited_at     INTEGER
) STRICT;
CREATE INDEX pictures_of ON pictures (account_id, id);
CREATE INDEX pictures_time ON pictures (created_at);
CREATE INDEX pictures_image ON pictures (image_id);
CREATE INDEX pictures_thumb ON pictures (thumb_id);

CREATE TABLE statuses (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    face       TEXT    NOT NULL DEFAULT '',
    content    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at  INTEGER
) STRICT;
CREATE INDEX statuses_of ON statuses (account_id, id);

CREATE TABLE moods (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    mood       TEXT    NOT NULL,
    face       TEXT    NOT NULL DEFAULT '',
    note       TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    edited_at  INTEGER
) STRICT;
CREATE INDEX moods_of ON moods (account_id, id);
CREATE INDEX moods_time ON moods (created_at, mood, face);

CREATE TABLE tags (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE
) STRICT;
CREATE TABLE picture_tags (
    tag_id     INTEGER NOT NULL REFERENCES tags,
    picture_id INTEGER NOT NULL REFERENCES pictures ON DELETE CASCADE,
    PRIMARY KEY (tag_id, picture_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX picture_tags_of ON picture_tags (picture_id);
CREATE TABLE status_tags (
    tag_id    INTEGER NOT NULL REFERENCES tags,
    status_id INTEGER NOT NULL REFERENCES statuses ON DELETE CASCADE,
    PRIMARY KEY (tag_id, status_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX status_tags_of ON status_tags (status_id);

-- Full-text search keeps an index only; the words stay in their tables.
CREATE VIRTUAL TABLE pictures_text USING fts5 (
    caption, alt, content = 'pictures', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE statuses_text USING fts5 (
    content, content = 'statuses', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');

-- Counters, uses of images and the search index follow their rows, whoever changes them.
CREATE TRIGGER picture_added AFTER INSERT ON pictures BEGIN
    INSERT INTO pictures_text (rowid, caption, alt) VALUES (new.id, new.caption, new.alt);
    UPDATE images SET uses = uses + 1 WHERE id = new.image_id;
    UPDATE images SET uses = uses + 1 WHERE id = new.thumb_id;
    UPDATE accounts SET picture_count = picture_count + 1,
        storage_bytes = storage_bytes + (SELECT bytes FROM images WHERE id = new.image_id)
                                      + (SELECT bytes FROM images WHERE id = new.thumb_id)
    WHERE id = new.account_id;
END;
CREATE TRIGGER picture_edited AFTER UPDATE OF caption, alt ON pictures BEGIN
    INSERT INTO pictures_text (pictures_text, rowid, caption, alt) VALUES ('delete', old.id, old.caption, old.alt);
    INSERT INTO pictures_text (rowid, caption, alt) VALUES (new.id, new.caption, new.alt);
END;
CREATE TRIGGER picture_deleted AFTER DELETE ON pictures BEGIN
    INSERT INTO pictures_text (pictures_text, rowid, caption, alt) VALUES ('delete', old.id, old.caption, old.alt);
    UPDATE accounts SET picture_count = picture_count - 1,
        storage_bytes = storage_bytes - (SELECT bytes FROM images WHERE id = old.image_id)
                                      - (SELECT bytes FROM images WHERE id = old.thumb_id)
    WHERE id = old.account_id;
    UPDATE images SET uses = uses - 1 WHERE id = old.image_id;
    UPDATE images SET uses = uses - 1 WHERE id = old.thumb_id;
    DELETE FROM images WHERE id IN (old.image_id, old.thumb_id) AND uses = 0;
END;
CREATE TRIGGER status_added AFTER INSERT ON statuses BEGIN
    INSERT INTO statuses_text (rowid, content) VALUES (new.id, new.content);
    UPDATE accounts SET status_count = status_count + 1 WHERE id = new.account_id;
END;
CREATE TRIGGER status_edited AFTER UPDATE OF content ON statuses BEGIN
    INSERT INTO statuses_text (statuses_text, rowid, content) VALUES ('delete', old.id, old.content);
    INSERT INTO statuses_text (rowid, content) VALUES (new.id, new.content);
END;
CREATE TRIGGER status_deleted AFTER DELETE ON statuses BEGIN
    INSERT INTO statuses_text (statuses_text, rowid, content) VALUES ('delete', old.id, old.content);
    UPDATE accounts SET status_count = status_count - 1 WHERE id = old.account_id;
END;
CREATE TRIGGER mood_added AFTER INSERT ON moods BEGIN
    UPDATE accounts SET mood_count = mood_count + 1 WHERE id = new.account_id;
END;
CREATE TRIGGER mood_deleted AFTER DELETE ON moods BEGIN
    UPDATE accounts SET mood_count = mood_count - 1 WHERE id = old.account_id;
END;
CREATE TRIGGER account_deleted AFTER DELETE ON accounts BEGIN
    UPDATE images SET uses = uses - 1 WHERE id = old.avatar_image;
    UPDATE images SET uses = uses - 1 WHERE id = old.background_image;
    DELETE FROM images WHERE id IN (old.avatar_image, old.background_image) AND uses = 0;
END;
