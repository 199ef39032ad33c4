-- Profiles: links, a style that is not saved yet, and pictures of a person that are counted like those of posts.

ALTER TABLE accounts ADD COLUMN css_draft TEXT CHECK (length(CAST(css_draft AS BLOB)) <= 20000); -- NULL: none

CREATE TABLE account_links (
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    url        TEXT    NOT NULL,
    label      TEXT    NOT NULL,
    PRIMARY KEY (account_id, position)
) STRICT, WITHOUT ROWID;

-- A picture that was replaced or taken away goes with its last use.
CREATE TRIGGER avatar_changed AFTER UPDATE OF avatar_image ON accounts WHEN new.avatar_image IS NOT old.avatar_image BEGIN
    UPDATE images SET uses = uses + 1 WHERE id = new.avatar_image;
    UPDATE accounts SET storage_bytes = storage_bytes
        + coalesce((SELECT bytes FROM images WHERE id = new.avatar_image), 0)
        - coalesce((SELECT bytes FROM images WHERE id = old.avatar_image), 0)
    WHERE id = new.id;
    UPDATE images SET uses = uses - 1 WHERE id = old.avatar_image;
    DELETE FROM images WHERE id = old.avatar_image AND uses = 0;
END;
CREATE TRIGGER background_changed AFTER UPDATE OF background_image ON accounts WHEN new.background_image IS NOT old.background_image BEGIN
    UPDATE images SET uses = uses + 1 WHERE id = new.background_image;
    UPDATE accounts SET storage_bytes = storage_bytes
        + coalesce((SELECT bytes FROM images WHERE id = new.background_image), 0)
        - coalesce((SELECT bytes FROM images WHERE id = old.background_image), 0)
    WHERE id = new.id;
    UPDATE images SET uses = uses - 1 WHERE id = old.background_image;
    DELETE FROM images WHERE id = old.background_image AND uses = 0;
END;

-- People who feel the same.
CREATE INDEX moods_same ON moods (mood, id) WHERE hidden = 0;
