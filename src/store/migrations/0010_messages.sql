-- Messages between two people, and nudges, which are lines of the same conversation.
--
-- Nobody but the two reads them: no list, feed, search or webhook knows these tables. A report copies six lines for the
-- desk, and the copy goes with the decision.
ALTER TABLE accounts ADD COLUMN takes_nudges INTEGER NOT NULL DEFAULT 1 CHECK (takes_nudges IN (0, 1));

CREATE TABLE messages (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    by_id      INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    to_id      INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    low_id     INTEGER NOT NULL AS (min(by_id, to_id)), -- the two, whoever writes
    high_id    INTEGER NOT NULL AS (max(by_id, to_id)),
    is_nudge   INTEGER NOT NULL DEFAULT 0 CHECK (is_nudge IN (0, 1)),
    content    TEXT    NOT NULL,
    alt        TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    CHECK (by_id <> to_id)
) STRICT;
CREATE INDEX messages_between ON messages (low_id, high_id, id);
CREATE INDEX messages_by ON messages (by_id);
CREATE INDEX messages_to ON messages (to_id);

-- The bytes of pictures in them. They are shared with nothing: the same picture elsewhere is kept there a second time, and
-- no address of a public picture leads here.
CREATE TABLE message_images (
    message_id INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
    account_id INTEGER NOT NULL, -- who sent it: it fills their room
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    data       BLOB    NOT NULL
) STRICT;
CREATE TRIGGER message_image_added AFTER INSERT ON message_images BEGIN
    UPDATE accounts SET storage_bytes = storage_bytes + new.bytes WHERE id = new.account_id;
END;
CREATE TRIGGER message_image_deleted AFTER DELETE ON message_images BEGIN
    UPDATE accounts SET storage_bytes = storage_bytes - old.bytes WHERE id = old.account_id;
END;

-- A conversation as one of the two has it. state: what the other writes is taken (open), waits for a yes unread (asked), or
-- does not come in (refused). last_id: the newest line; came_id: the newest of the other; read_id: as far as it was read,
-- which the other never learns.
CREATE TABLE conversations (
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    other_id   INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    state      TEXT    NOT NULL CHECK (state IN ('open', 'asked', 'refused')),
    last_id    INTEGER NOT NULL DEFAULT 0,
    came_id    INTEGER NOT NULL DEFAULT 0,
    read_id    INTEGER NOT NULL DEFAULT 0,
    nudged_at  INTEGER NOT NULL DEFAULT 0, -- when account_id nudged the other; deleting the line does not undo it
    PRIMARY KEY (account_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_open ON conversations (account_id, last_id) WHERE state = 'open' AND last_id > 0;
CREATE INDEX conversations_asked ON conversations (account_id, last_id) WHERE state = 'asked' AND last_id > 0;
CREATE INDEX conversations_new ON conversations (account_id, other_id) WHERE came_id > read_id;
CREATE INDEX conversations_with ON conversations (other_id, state);

-- Whoever writes takes answers; of whom one follows, one takes what they write.
CREATE TRIGGER message_added AFTER INSERT ON messages BEGIN
    INSERT INTO conversations (account_id, other_id, state, last_id, nudged_at)
    VALUES (new.by_id, new.to_id, 'open', new.id, iif(new.is_nudge, new.created_at, 0))
    ON CONFLICT DO UPDATE SET state = 'open', last_id = new.id, nudged_at = max(nudged_at, excluded.nudged_at);
    INSERT INTO conversations (account_id, other_id, state, last_id, came_id) VALUES (new.to_id, new.by_id,
        iif(EXISTS (SELECT 1 FROM follows WHERE follower_id = new.to_id AND followed_id = new.by_id), 'open', 'asked'), new.id, new.id)
    ON CONFLICT DO UPDATE SET last_id = new.id, came_id = new.id, state = iif(excluded.state = 'open', 'open', state);
END;
CREATE TRIGGER message_deleted AFTER DELETE ON messages BEGIN
    DELETE FROM message_images WHERE message_id = old.id;
    UPDATE conversations SET last_id = coalesce((SELECT max(m.id) FROM messages m
        WHERE m.low_id = min(old.by_id, old.to_id) AND m.high_id = max(old.by_id, old.to_id)), 0)
    WHERE (account_id, other_id) IN ((old.by_id, old.to_id), (old.to_id, old.by_id)) AND last_id = old.id;
    UPDATE conversations SET came_id = coalesce((SELECT m.id FROM messages m INDEXED BY messages_between
        WHERE m.low_id = min(old.by_id, old.to_id) AND m.high_id = max(old.by_id, old.to_id) AND m.by_id = old.by_id
        ORDER BY m.id DESC LIMIT 1), 0)
    WHERE account_id = old.to_id AND other_id = old.by_id AND came_id = old.id;
END;
CREATE TRIGGER followed_takes_messages AFTER INSERT ON follows BEGIN
    UPDATE conversations SET state = 'open' WHERE account_id = new.follower_id AND other_id = new.followed_id;
END;

-- What the desk sees of a reported message: that one and the five before it, as they were. Whoever leaves takes theirs along.
CREATE TABLE reported_messages (
    id         INTEGER PRIMARY KEY,
    report_id  INTEGER NOT NULL REFERENCES reports ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    by_id      INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    is_nudge   INTEGER NOT NULL,
    content    TEXT    NOT NULL,
    alt        TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    width      INTEGER,
    height     INTEGER,
    data       BLOB
) STRICT;
CREATE INDEX reported_messages_in ON reported_messages (report_id, message_id);
CREATE INDEX reported_messages_by ON reported_messages (by_id);
CREATE TRIGGER message_reported AFTER INSERT ON reports WHEN new.kind = 'message' BEGIN
    INSERT INTO reported_messages (report_id, message_id, by_id, is_nudge, content, alt, created_at, width, height, data)
    SELECT new.id, m.id, m.by_id, m.is_nudge, m.content, m.alt, m.created_at, i.width, i.height, i.data
    FROM messages told
    JOIN messages m INDEXED BY messages_between ON m.low_id = told.low_id AND m.high_id = told.high_id AND m.id <= told.id
    LEFT JOIN message_images i ON i.message_id = m.id
    WHERE told.id = new.subject_id
    ORDER BY m.id DESC LIMIT 6;
END;
CREATE TRIGGER message_decided AFTER UPDATE OF closed_at ON reports WHEN new.kind = 'message' AND new.closed_at IS NOT NULL BEGIN
    DELETE FROM reported_messages WHERE report_id = new.id;
END;
