-- Forms that are sent twice: what came of the first time, for a day. Neither key nor words are kept, only hashes of them.

CREATE TABLE once (
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    key        BLOB    NOT NULL,
    words      BLOB    NOT NULL,
    made       INTEGER NOT NULL, -- the number of the post
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX once_time ON once (created_at);
