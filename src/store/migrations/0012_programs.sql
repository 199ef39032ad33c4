-- Programs of others: who registered, what people allowed them, and which tokens came of it.

CREATE TABLE apps (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id   TEXT    NOT NULL UNIQUE, -- random, and no secret
    secret_hash BLOB    NOT NULL,
    name        TEXT    NOT NULL,
    website     TEXT    NOT NULL,
    redirects   TEXT    NOT NULL, -- where people may be sent back to, an address a line
    scope       TEXT    NOT NULL, -- what it may ask for, in its own words
    created_at  INTEGER NOT NULL,
    used_at     INTEGER           -- when somebody let it in last; null: nobody yet, and it is forgotten after a day
) STRICT;
CREATE INDEX apps_unused ON apps (created_at) WHERE used_at IS NULL;
CREATE INDEX apps_used ON apps (used_at) WHERE used_at IS NOT NULL;

-- Codes that a program exchanges for a token within a minute, once. They are kept a little longer, so that one that comes
-- twice, which means that it was stolen, ends the token that it gave.
CREATE TABLE codes (
    id         INTEGER PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    client_id  TEXT    NOT NULL, -- of an app, or the address of one that nobody registered
    redirect   TEXT    NOT NULL,
    challenge  TEXT    NOT NULL, -- of PKCE, S256; '': none came
    scope      TEXT    NOT NULL, -- what was allowed, in the program's words
    label      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    is_used    INTEGER NOT NULL DEFAULT 0 CHECK (is_used IN (0, 1)),
    token_id   INTEGER REFERENCES tokens ON DELETE SET NULL
) STRICT;
CREATE INDEX codes_of ON codes (account_id);
CREATE INDEX codes_at ON codes (created_at);
CREATE INDEX codes_token ON codes (token_id);

-- A new password ends what was allowed before it.
CREATE TRIGGER codes_end AFTER UPDATE OF password_hash ON accounts BEGIN
    DELETE FROM codes WHERE account_id = NEW.id;
END;

-- Of a token that somebody gave to a program by its consent page; '' of those made in the settings.
ALTER TABLE tokens ADD COLUMN client_id TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN granted TEXT NOT NULL DEFAULT ''; -- what it may, in the program's words
CREATE INDEX tokens_granted ON tokens (client_id) WHERE client_id <> '';

-- What a picture looks like before it is there, in some thirty characters (crush/pixels/blurhash.h); '': unknown.
ALTER TABLE pictures ADD COLUMN blurhash TEXT NOT NULL DEFAULT '';
ALTER TABLE candidates ADD COLUMN blurhash TEXT NOT NULL DEFAULT '';
