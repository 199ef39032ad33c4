-- Outgoing webhooks: one address for each account, and what is still to be told to it. Events follow the posts by
-- triggers, whoever changes them; they name a post and hold no copy of it, so that a late delivery tells the newest state.

CREATE TABLE webhooks (
    account_id  INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    url         TEXT    NOT NULL,
    secret      TEXT    NOT NULL,
    is_on       INTEGER NOT NULL DEFAULT 1 CHECK (is_on IN (0, 1)),
    failures    INTEGER NOT NULL DEFAULT 0, -- in a row
    next_at     INTEGER NOT NULL DEFAULT 0, -- not to be tried before
    tried_at    INTEGER,
    last_status INTEGER NOT NULL DEFAULT 0, -- of HTTP; 0: there was no answer
    last_error  TEXT    NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE webhook_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    event      TEXT    NOT NULL CHECK (event IN ('created', 'edited', 'deleted')),
    kind       TEXT    NOT NULL CHECK (kind IN ('picture', 'status', 'mood')),
    post_id    INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_events_of ON webhook_events (account_id, id);

-- At most a hundred wait for an account; then the oldest are given up.
CREATE TRIGGER webhook_event_added AFTER INSERT ON webhook_events BEGIN
    DELETE FROM webhook_events WHERE account_id = new.account_id AND id <= (
        SELECT id FROM webhook_events WHERE account_id = new.account_id ORDER BY id DESC LIMIT 1 OFFSET 100);
END;

-- The account is asked for because posts also go when it is closed: then nothing is left to be told to anybody.
CREATE TRIGGER webhook_picture_added AFTER INSERT ON pictures BEGIN
    INSERT INTO webhook_events (account_id, event, kind, post_id, created_at)
    SELECT w.account_id, 'created', 'picture', new.id, unixepoch() FROM webhooks w JOIN accounts a ON a.id = w.account_id
    WHERE w.account_id = new.account_id AND w.is_on;
END;
CREATE TRIGGER webhook_picture_edited AFTER UPDATE OF caption, alt ON pictures BEGIN
    INSERT INTO webhook_events (account_id, event, kind, post_id, created_at)
    SELECT w.account_id, 'edited', 'picture', new.id, unixepoch() FROM webhooks w JOIN accounts a ON a.id = w.account_id
    WHERE w.account_id = new.account_id AND w.is_on;
END;
CREATE TRIGGER webhook_picture_deleted AFTER DELETE ON pictures BEGIN
    INSERT INTO webhook_events (account_id, event, kind, post_id, created_at)
    SELECT w.account_id, 'deleted', 'picture', old.id, unixepoch() FROM webhooks w JOIN accounts a ON a.id = w.account_id
    WHERE w.account_id = old.account_id AND w.is_on;
END;
CREATE TRIGGER webhook_status_added AFTER INSERT ON statuses BEGIN
    INSERT INTO webhook_events (account_id, event, kind, post_id, created_at)
    SELECT w.account_id, 'created', 'status', new.id, unixepoch() FROM webhooks w JOIN accounts a ON a.id = w.account_id
    WHERE w.account_id = new.account_id AND w.is_on;
END;
CREATE TRIGGER webhook_status_edited AFTER UPDATE OF face, content ON statuses BEGIN
    INSERT INTO webhook_events (account_id, event, kind, post_id, created_at)
    SELECT w.account_id, 'edited', 'status', new.id, unixepoch() FROM webhooks w JOIN accounts a ON a.id = w.account_id
    WHERE w.account_id = new.account_id AND w.is_on;
END;
CREATE TRIGGER webhook_status_deleted AFTER DELETE ON statuses BEGIN
    INSERT INTO webhook_events (account_id, event, kind, post_id, created_at)
    SELECT w.account_id, 'deleted', 'status', old.id, unixepoch() FROM webhooks w JOIN accounts a ON a.id = w.account_id
    WHERE w.account_id = old.account_id AND w.is_on;
END;
CREATE TRIGGER webhook_mood_added AFTER INSERT ON moods BEGIN
    INSERT INTO webhook_events (account_id, event, kind, post_id, created_at)
    SELECT w.account_id, 'created', 'mood', new.id, unixepoch() FROM webhooks w JOIN accounts a ON a.id = w.account_id
    WHERE w.account_id = new.account_id AND w.is_on;
END;
CREATE TRIGGER webhook_mood_edited AFTER UPDATE OF mood, face, note ON moods BEGIN
    INSERT INTO webhook_events (account_id, event, kind, post_id, created_at)
    SELECT w.account_id, 'edited', 'mood', new.id, unixepoch() FROM webhooks w JOIN accounts a ON a.id = w.account_id
    WHERE w.account_id = new.account_id AND w.is_on;
END;
CREATE TRIGGER webhook_mood_deleted AFTER DELETE ON moods BEGIN
    INSERT INTO webhook_events (account_id, event, kind, post_id, created_at)
    SELECT w.account_id, 'deleted', 'mood', old.id, unixepoch() FROM webhooks w JOIN accounts a ON a.id = w.account_id
    WHERE w.account_id = old.account_id AND w.is_on;
END;

-- What a token may do; older ones go on as they were.
ALTER TABLE tokens ADD COLUMN scope TEXT NOT NULL DEFAULT 'create update delete media settings';
