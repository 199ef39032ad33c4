-- What /live tells, as marks made by triggers in the transaction that writes, so that no way of posting can forget them.
--
-- A mark holds numbers alone. What it stands for is looked up when it is told, for whom it is told to, as they may see it
-- then: what was deleted, hidden or blocked in between is not told. Marks are dropped after a day (sweep.c).
ALTER TABLE accounts ADD COLUMN shows_presence INTEGER NOT NULL DEFAULT 0 CHECK (shows_presence IN (0, 1));

-- account_id: whom it is for; 0: whoever follows by_id. Kinds beside those that are told:
--   tie       how account_id and by_id stand has changed: whether they see each other here
--   presence  account_id chose whether it is seen here
--   end       a session or token of account_id may be gone; ref_id 1: no stream of it goes on, as after a new password
-- No foreign keys: the mark that somebody left is about somebody who is not there.
CREATE TABLE live_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('notice', 'message', 'nudge', 'picture', 'status', 'mood', 'tie', 'presence', 'end')),
    by_id      INTEGER NOT NULL,
    ref_id     INTEGER NOT NULL,
    created_at INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;
CREATE INDEX live_events_of ON live_events (account_id, id);

-- Both are told, since whoever writes may have other windows open.
CREATE TRIGGER message_live AFTER INSERT ON messages BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id)
    VALUES (new.to_id, iif(new.is_nudge, 'nudge', 'message'), new.by_id, new.id),
        (new.by_id, iif(new.is_nudge, 'nudge', 'message'), new.by_id, new.id);
END;

CREATE TRIGGER notice_live AFTER INSERT ON notices BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (new.account_id, 'notice', coalesce(new.by_id, 0), new.id);
END;

-- What waited for review is told when it is let through, and so is the notice about it.
CREATE TRIGGER picture_live AFTER INSERT ON pictures BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (0, 'picture', new.account_id, new.id);
END;
CREATE TRIGGER picture_live_later AFTER UPDATE OF hidden ON pictures WHEN old.hidden & 2 AND new.hidden & 2 = 0 BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (0, 'picture', new.account_id, new.id);
    INSERT INTO live_events (account_id, kind, by_id, ref_id)
    SELECT account_id, 'notice', coalesce(by_id, 0), id FROM notices WHERE post_kind = 'picture' AND post_id = new.id;
END;
CREATE TRIGGER status_live AFTER INSERT ON statuses BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (0, 'status', new.account_id, new.id);
END;
CREATE TRIGGER status_live_later AFTER UPDATE OF hidden ON statuses WHEN old.hidden & 2 AND new.hidden & 2 = 0 BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (0, 'status', new.account_id, new.id);
    INSERT INTO live_events (account_id, kind, by_id, ref_id)
    SELECT account_id, 'notice', coalesce(by_id, 0), id FROM notices WHERE post_kind = 'status' AND post_id = new.id;
END;
CREATE TRIGGER mood_live AFTER INSERT ON moods BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (0, 'mood', new.account_id, new.id);
END;
CREATE TRIGGER mood_live_later AFTER UPDATE OF hidden ON moods WHEN old.hidden & 2 AND new.hidden & 2 = 0 BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (0, 'mood', new.account_id, new.id);
    INSERT INTO live_events (account_id, kind, by_id, ref_id)
    SELECT account_id, 'notice', coalesce(by_id, 0), id FROM notices WHERE post_kind = 'mood' AND post_id = new.id;
END;
CREATE TRIGGER wall_live_later AFTER UPDATE OF hidden ON wall_entries WHEN old.hidden & 2 AND new.hidden & 2 = 0 BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id)
    SELECT account_id, 'notice', coalesce(by_id, 0), id FROM notices WHERE post_kind = 'wall' AND post_id = new.id;
END;

-- Only between people who follow each other there is something to see. A block deletes both follows (0009_neighbours.sql).
CREATE TRIGGER follow_live AFTER INSERT ON follows
WHEN EXISTS (SELECT 1 FROM follows WHERE follower_id = new.followed_id AND followed_id = new.follower_id) BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id)
    VALUES (new.follower_id, 'tie', new.followed_id, 0), (new.followed_id, 'tie', new.follower_id, 0);
END;
CREATE TRIGGER unfollow_live AFTER DELETE ON follows
WHEN EXISTS (SELECT 1 FROM follows WHERE follower_id = old.followed_id AND followed_id = old.follower_id) BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id)
    VALUES (old.follower_id, 'tie', old.followed_id, 0), (old.followed_id, 'tie', old.follower_id, 0);
END;
CREATE TRIGGER mute_live AFTER INSERT ON unseen WHEN new.kind = 'mute' BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (new.viewer_id, 'tie', new.author_id, 0);
END;
CREATE TRIGGER unmute_live AFTER DELETE ON unseen WHEN old.kind = 'mute' BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (old.viewer_id, 'tie', old.author_id, 0);
END;
CREATE TRIGGER presence_live AFTER UPDATE OF shows_presence ON accounts WHEN new.shows_presence <> old.shows_presence BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (new.id, 'presence', new.id, 0);
END;

CREATE TRIGGER session_live AFTER DELETE ON sessions BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (old.account_id, 'end', 0, 0);
END;
CREATE TRIGGER token_live AFTER DELETE ON tokens BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (old.account_id, 'end', 0, 0);
END;
CREATE TRIGGER account_live AFTER UPDATE OF state, is_banned, suspended_until ON accounts BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (new.id, 'end', 0, 0);
END;
CREATE TRIGGER password_live AFTER UPDATE OF password_hash ON accounts BEGIN
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (new.id, 'end', 0, 1);
END;
CREATE TRIGGER account_live_gone AFTER DELETE ON accounts BEGIN
    DELETE FROM live_events WHERE account_id = old.id;
    INSERT INTO live_events (account_id, kind, by_id, ref_id) VALUES (old.id, 'end', 0, 1);
END;
