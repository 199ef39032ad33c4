-- "Pick your crunch": an upload crushed in every preset, kept for an hour until its owner chooses one.

CREATE TABLE candidates (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id    INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    caption       TEXT    NOT NULL DEFAULT '',
    alt           TEXT    NOT NULL DEFAULT '',
    tags          TEXT    NOT NULL DEFAULT '',
    fingerprint   INTEGER NOT NULL,
    source_format TEXT    NOT NULL,
    source_bytes  INTEGER NOT NULL,
    source_width  INTEGER NOT NULL,
    source_height INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX candidates_of ON candidates (account_id);
CREATE INDEX candidates_time ON candidates (created_at);

CREATE TABLE candidate_images (
    candidate_id INTEGER NOT NULL REFERENCES candidates ON DELETE CASCADE,
    preset       TEXT    NOT NULL,
    width        INTEGER NOT NULL,
    height       INTEGER NOT NULL,
    quality      INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    data         BLOB    NOT NULL,
    PRIMARY KEY (candidate_id, preset)
) STRICT;
