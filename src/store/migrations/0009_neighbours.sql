-- Neighbours: who follows whom, answers, notices, kept posts, walls, pokes, top eights, bulletins, layouts, the directory.
--
-- A post is named by its kind ('picture', 'status', 'mood') and its number. Numbers are never used again, so what an
-- answer names is either that post or gone. What is hidden, and why, is a number as for posts (0004_moderation.sql):
--   1  an administrator hid it      2  it waits for review      4  its author is muted      8  its author is banned or disabled
--   16 it waits for the look of whose wall it stands on

-- What each person chose. Defaults: answers from everybody, walls after a look, pokes, no guestbook, follows hidden.
ALTER TABLE accounts ADD COLUMN answers TEXT NOT NULL DEFAULT 'everybody' CHECK (answers IN ('everybody', 'followed', 'nobody'));
ALTER TABLE accounts ADD COLUMN wall TEXT NOT NULL DEFAULT 'look' CHECK (wall IN ('open', 'look', 'followed', 'nobody'));
ALTER TABLE accounts ADD COLUMN has_guestbook INTEGER NOT NULL DEFAULT 0 CHECK (has_guestbook IN (0, 1));
ALTER TABLE accounts ADD COLUMN takes_pokes INTEGER NOT NULL DEFAULT 1 CHECK (takes_pokes IN (0, 1));
ALTER TABLE accounts ADD COLUMN shows_follows INTEGER NOT NULL DEFAULT 0 CHECK (shows_follows IN (0, 1));
ALTER TABLE accounts ADD COLUMN shows_kept INTEGER NOT NULL DEFAULT 0 CHECK (shows_kept IN (0, 1));
ALTER TABLE accounts ADD COLUMN in_ring INTEGER NOT NULL DEFAULT 0 CHECK (in_ring IN (0, 1));
-- Kinds of notices that are switched off, as a sum: 1 answers, 2 mentions, 4 the wall, 8 pokes, 16 followers.
ALTER TABLE accounts ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;

CREATE TABLE follows (
    follower_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    followed_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (follower_id, followed_id),
    CHECK (follower_id <> followed_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX follows_of ON follows (followed_id);
-- Timelines of whom one follows look at each person's newest. With hidden, which is 0 in all of them, the index answers
-- alone; the id is in every index.
CREATE INDEX pictures_shown_of ON pictures (account_id, hidden) WHERE hidden = 0;
CREATE INDEX statuses_shown_of ON statuses (account_id, hidden) WHERE hidden = 0;
CREATE INDEX moods_shown_of    ON moods (account_id, hidden) WHERE hidden = 0;

-- Secret addresses of one's own feeds, one for each feed; only a keyed hash is kept.
CREATE TABLE feed_keys (
    hash       BLOB    PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    feed       TEXT    NOT NULL CHECK (feed IN ('friends', 'notices')),
    created_at INTEGER NOT NULL,
    UNIQUE (account_id, feed)
) STRICT, WITHOUT ROWID;

-- Answers. reply_id 0: it is none. is_taken_off: the author of what it answers does not want it there.
-- answers: who may answer this post; NULL: whom its author lets.
ALTER TABLE pictures ADD COLUMN reply_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE pictures ADD COLUMN reply_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pictures ADD COLUMN is_taken_off INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pictures ADD COLUMN answers TEXT CHECK (answers IN ('everybody', 'followed', 'nobody'));
ALTER TABLE statuses ADD COLUMN reply_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE statuses ADD COLUMN reply_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statuses ADD COLUMN is_taken_off INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statuses ADD COLUMN answers TEXT CHECK (answers IN ('everybody', 'followed', 'nobody'));
ALTER TABLE moods ADD COLUMN answers TEXT CHECK (answers IN ('everybody', 'followed', 'nobody'));
ALTER TABLE candidates ADD COLUMN reply_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE candidates ADD COLUMN reply_id INTEGER NOT NULL DEFAULT 0;
CREATE INDEX pictures_answering ON pictures (reply_kind, reply_id, created_at, id) WHERE reply_id > 0;
CREATE INDEX statuses_answering ON statuses (reply_kind, reply_id, created_at, id) WHERE reply_id > 0;
CREATE INDEX statuses_said ON statuses (id) WHERE hidden = 0 AND reply_id = 0;

-- What somebody is told. kind: answer, mention, wall, poke, follower. post_kind: of the answer, of what mentions, 'wall'
-- for what stands there, '' for people. by_id NULL: a visitor without an account. The words are where they are, not here.
CREATE TABLE notices (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind       TEXT    NOT NULL CHECK (kind IN ('answer', 'mention', 'wall', 'poke', 'follower')),
    by_id      INTEGER REFERENCES accounts ON DELETE CASCADE,
    post_kind  TEXT    NOT NULL DEFAULT '',
    post_id    INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    read_at    INTEGER
) STRICT;
CREATE INDEX notices_of ON notices (account_id, id);
CREATE INDEX notices_unread ON notices (account_id) WHERE read_at IS NULL;
CREATE INDEX notices_about ON notices (post_kind, post_id);
CREATE INDEX notices_by ON notices (by_id);
CREATE UNIQUE INDEX notices_once ON notices (account_id, kind, by_id, post_kind, post_id);

-- Every way to a notice goes through here: not about oneself, not of a kind that is switched off, not by whom one does not see.
CREATE VIEW notice_of AS SELECT NULL AS account_id, NULL AS kind, NULL AS by_id, NULL AS post_kind, NULL AS post_id WHERE 0;
CREATE TRIGGER notice_told INSTEAD OF INSERT ON notice_of BEGIN
    INSERT INTO notices (account_id, kind, by_id, post_kind, post_id, created_at)
    SELECT a.id, new.kind, new.by_id, new.post_kind, new.post_id, unixepoch() FROM accounts a
    WHERE a.id = new.account_id AND a.id IS NOT new.by_id
        AND a.quiet & CASE new.kind WHEN 'answer' THEN 1 WHEN 'mention' THEN 2 WHEN 'wall' THEN 4 WHEN 'poke' THEN 8 ELSE 16 END = 0
        AND NOT EXISTS (SELECT 1 FROM unseen WHERE viewer_id = a.id AND author_id = new.by_id)
    ON CONFLICT DO NOTHING;
    -- At most a thousand are kept for a person; then the oldest are given up.
    DELETE FROM notices WHERE account_id = new.account_id AND id <= (
        SELECT id FROM notices WHERE account_id = new.account_id ORDER BY id DESC LIMIT 1 OFFSET 1000);
END;
CREATE TRIGGER followed AFTER INSERT ON follows BEGIN
    INSERT INTO notice_of (account_id, kind, by_id, post_kind, post_id) VALUES (new.followed_id, 'follower', new.follower_id, '', 0);
END;
-- The notice stays when somebody unfollows, and is not shown: so following again and again tells once.
CREATE TRIGGER picture_answers AFTER INSERT ON pictures WHEN new.reply_id > 0 BEGIN
    INSERT INTO notice_of (account_id, kind, by_id, post_kind, post_id)
    SELECT CASE new.reply_kind WHEN 'picture' THEN (SELECT account_id FROM pictures WHERE id = new.reply_id)
        WHEN 'status' THEN (SELECT account_id FROM statuses WHERE id = new.reply_id)
        ELSE (SELECT account_id FROM moods WHERE id = new.reply_id) END, 'answer', new.account_id, 'picture', new.id;
END;
CREATE TRIGGER status_answers AFTER INSERT ON statuses WHEN new.reply_id > 0 BEGIN
    INSERT INTO notice_of (account_id, kind, by_id, post_kind, post_id)
    SELECT CASE new.reply_kind WHEN 'picture' THEN (SELECT account_id FROM pictures WHERE id = new.reply_id)
        WHEN 'status' THEN (SELECT account_id FROM statuses WHERE id = new.reply_id)
        ELSE (SELECT account_id FROM moods WHERE id = new.reply_id) END, 'answer', new.account_id, 'status', new.id;
END;

-- Posts of others that somebody wants to find again. Nobody is told.
CREATE TABLE kept (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind       TEXT    NOT NULL CHECK (kind IN ('picture', 'status', 'mood')),
    post_id    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (account_id, kind, post_id)
) STRICT;
CREATE INDEX kept_of ON kept (account_id, id);
CREATE INDEX kept_post ON kept (kind, post_id);

-- Walls. owner_id NULL: the guestbook of the site. account_id NULL: a visitor without an account, who left a name; network
-- is then a keyed hash of theirs and of the day, which bounds how much comes from one.
CREATE TABLE wall_entries (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id   INTEGER REFERENCES accounts ON DELETE CASCADE,
    account_id INTEGER REFERENCES accounts ON DELETE CASCADE,
    name       TEXT    NOT NULL DEFAULT '',
    homepage   TEXT    NOT NULL DEFAULT '',
    network    BLOB,
    content    TEXT    NOT NULL,
    image_id   INTEGER REFERENCES images,
    thumb_id   INTEGER REFERENCES images,
    alt        TEXT    NOT NULL DEFAULT '',
    hidden     INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    CHECK (account_id IS NOT NULL OR name <> ''),
    CHECK ((image_id IS NULL) = (thumb_id IS NULL))
) STRICT;
CREATE INDEX wall_of ON wall_entries (owner_id, id);
CREATE INDEX wall_by ON wall_entries (account_id, id);
CREATE INDEX wall_waiting ON wall_entries (owner_id) WHERE hidden & 16;
CREATE INDEX wall_held ON wall_entries (id) WHERE hidden & 2;
CREATE INDEX wall_network ON wall_entries (network, created_at) WHERE network IS NOT NULL;
CREATE INDEX wall_image ON wall_entries (image_id);
CREATE INDEX wall_thumb ON wall_entries (thumb_id);
CREATE TRIGGER wall_entry_added AFTER INSERT ON wall_entries BEGIN
    UPDATE images SET uses = uses + 1 WHERE id = new.image_id;
    UPDATE images SET uses = uses + 1 WHERE id = new.thumb_id;
    UPDATE accounts SET storage_bytes = storage_bytes
        + coalesce((SELECT bytes FROM images WHERE id = new.image_id), 0)
        + coalesce((SELECT bytes FROM images WHERE id = new.thumb_id), 0)
    WHERE id = new.account_id AND new.image_id IS NOT NULL;
    INSERT INTO notice_of (account_id, kind, by_id, post_kind, post_id)
    SELECT new.owner_id, 'wall', new.account_id, 'wall', new.id WHERE new.hidden & 11 = 0;
END;
-- What waited for an administrator is told when it comes through, once.
CREATE TRIGGER wall_entry_released AFTER UPDATE OF hidden ON wall_entries WHEN old.hidden & 11 AND new.hidden & 11 = 0 BEGIN
    INSERT INTO notice_of (account_id, kind, by_id, post_kind, post_id)
    SELECT new.owner_id, 'wall', new.account_id, 'wall', new.id
    WHERE NOT EXISTS (SELECT 1 FROM notices WHERE post_kind = 'wall' AND post_id = new.id);
END;

-- One waits until it is answered. Nothing counts them.
CREATE TABLE pokes (
    by_id      INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (by_id, account_id),
    CHECK (by_id <> account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pokes_of ON pokes (account_id, created_at);
CREATE TRIGGER poked AFTER INSERT ON pokes BEGIN
    INSERT INTO notice_of (account_id, kind, by_id, post_kind, post_id) VALUES (new.account_id, 'poke', new.by_id, '', 0);
END;
CREATE TRIGGER poke_answered AFTER DELETE ON pokes BEGIN
    DELETE FROM notices WHERE account_id = old.account_id AND kind = 'poke' AND by_id = old.by_id;
END;

CREATE TABLE top_eight (
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    position   INTEGER NOT NULL CHECK (position BETWEEN 1 AND 8),
    friend_id  INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    PRIMARY KEY (account_id, position),
    UNIQUE (account_id, friend_id),
    CHECK (account_id <> friend_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX top_eight_with ON top_eight (friend_id);

CREATE TABLE bulletins (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    subject    TEXT    NOT NULL,
    content    TEXT    NOT NULL,
    hidden     INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX bulletins_of ON bulletins (account_id, id);
CREATE INDEX bulletins_end ON bulletins (ends_at);
CREATE INDEX bulletins_held ON bulletins (id) WHERE hidden & 2;
-- What holds for its author holds for a new one, as for posts.
CREATE TRIGGER bulletin_begins AFTER INSERT ON bulletins
WHEN (SELECT bits FROM author_hides WHERE account_id = new.account_id) BEGIN
    UPDATE bulletins SET hidden = hidden | (SELECT bits FROM author_hides WHERE account_id = new.account_id) WHERE id = new.id;
END;

-- Stylesheets that people share by name; whoever takes one gets a copy.
CREATE TABLE layouts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    line       TEXT    NOT NULL DEFAULT '',
    css        TEXT    NOT NULL CHECK (length(CAST(css AS BLOB)) <= 20000),
    hidden     INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    edited_at  INTEGER,
    UNIQUE (account_id, name)
) STRICT;
CREATE INDEX layouts_of ON layouts (account_id, id);
CREATE INDEX layouts_shown ON layouts (id) WHERE hidden = 0;
CREATE INDEX layouts_held ON layouts (id) WHERE hidden & 2;
CREATE TRIGGER layout_begins AFTER INSERT ON layouts
WHEN (SELECT bits FROM author_hides WHERE account_id = new.account_id) BEGIN
    UPDATE layouts SET hidden = hidden | (SELECT bits FROM author_hides WHERE account_id = new.account_id) WHERE id = new.id;
END;

-- The directory. is_home: the homepage of the member, whose address is in their profile and '' here; others wait
-- (hidden 2) until an administrator says yes. button_id: 88 x 31 pixels of our own making; NULL: one with the name is drawn.
CREATE TABLE neighbours (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    is_home    INTEGER NOT NULL DEFAULT 0 CHECK (is_home IN (0, 1)),
    url        TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    line       TEXT    NOT NULL DEFAULT '',
    category   TEXT    NOT NULL,
    button_id  INTEGER REFERENCES images,
    hidden     INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    edited_at  INTEGER
) STRICT;
CREATE INDEX neighbours_of ON neighbours (account_id);
CREATE UNIQUE INDEX neighbours_url ON neighbours (url) WHERE NOT is_home;
CREATE UNIQUE INDEX neighbours_home ON neighbours (account_id) WHERE is_home;
CREATE INDEX neighbours_shown ON neighbours (id) WHERE hidden = 0;
CREATE INDEX neighbours_shown_in ON neighbours (category, id) WHERE hidden = 0;
CREATE INDEX neighbours_held ON neighbours (id) WHERE hidden & 2;
CREATE INDEX neighbours_button ON neighbours (button_id);
CREATE TRIGGER neighbour_added AFTER INSERT ON neighbours BEGIN
    UPDATE images SET uses = uses + 1 WHERE id = new.button_id;
END;
CREATE TRIGGER neighbour_button_changed AFTER UPDATE OF button_id ON neighbours WHEN new.button_id IS NOT old.button_id BEGIN
    UPDATE images SET uses = uses + 1 WHERE id = new.button_id;
    UPDATE images SET uses = uses - 1 WHERE id = old.button_id;
    DELETE FROM images WHERE id = old.button_id AND uses = 0;
END;
CREATE INDEX accounts_ring ON accounts (id) WHERE in_ring AND homepage <> '' AND state = 'active' AND NOT is_banned;

-- A block ends what there was, in both directions.
CREATE TRIGGER blocked AFTER INSERT ON unseen WHEN new.kind = 'block' BEGIN
    DELETE FROM follows WHERE (follower_id, followed_id) IN ((new.viewer_id, new.author_id), (new.author_id, new.viewer_id));
    DELETE FROM pokes WHERE (by_id, account_id) IN ((new.viewer_id, new.author_id), (new.author_id, new.viewer_id));
    DELETE FROM top_eight WHERE (account_id, friend_id) IN ((new.viewer_id, new.author_id), (new.author_id, new.viewer_id));
    DELETE FROM notices WHERE (account_id, by_id) IN ((new.viewer_id, new.author_id), (new.author_id, new.viewer_id));
END;

-- What was decided about a person holds for all they left here; a muted person's words stay on walls, where few pass.
CREATE TRIGGER neighbour_judged AFTER UPDATE OF is_banned, state ON accounts
WHEN (new.is_banned, new.state) IS NOT (old.is_banned, old.state) BEGIN
    UPDATE wall_entries SET hidden = hidden & ~8 | 8 * (new.is_banned OR new.state <> 'active') WHERE account_id = new.id;
    UPDATE neighbours SET hidden = hidden & ~8 | 8 * (new.is_banned OR new.state <> 'active') WHERE account_id = new.id;
END;
-- Bulletins and layouts stand in lists of others, so a mute takes them out as it takes out posts.
CREATE TRIGGER published_judged AFTER UPDATE OF is_muted, is_banned, state ON accounts
WHEN (new.is_muted, new.is_banned, new.state) IS NOT (old.is_muted, old.is_banned, old.state) BEGIN
    UPDATE bulletins SET hidden = hidden & 3 | 4 * new.is_muted | 8 * (new.is_banned OR new.state <> 'active') WHERE account_id = new.id;
    UPDATE layouts SET hidden = hidden & 3 | 4 * new.is_muted | 8 * (new.is_banned OR new.state <> 'active') WHERE account_id = new.id;
END;

-- Reports reach more kinds of things. A table's CHECK cannot be altered: both tables are copied, and the triggers that
-- name them made anew; those of posts take notices and kept posts along.
DROP TRIGGER picture_deleted;
DROP TRIGGER status_deleted;
DROP TRIGGER mood_deleted;
CREATE TABLE reports_copy AS SELECT * FROM reports;
CREATE TABLE report_notes_copy AS SELECT * FROM report_notes;
DROP TABLE report_notes;
DROP TABLE reports;
CREATE TABLE reports (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL CHECK (kind IN ('picture', 'status', 'mood', 'person', 'wall', 'bulletin', 'layout', 'neighbour', 'message')),
    subject_id INTEGER NOT NULL,
    account_id INTEGER REFERENCES accounts ON DELETE CASCADE, -- NULL: a visitor without one
    times      INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    closed_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX reports_open ON reports (kind, subject_id) WHERE closed_at IS NULL;
CREATE INDEX reports_subject ON reports (kind, subject_id);
CREATE INDEX reports_queue ON reports (id) WHERE closed_at IS NULL;
CREATE INDEX reports_of ON reports (account_id);
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
INSERT INTO reports SELECT * FROM reports_copy;
INSERT INTO report_notes SELECT * FROM report_notes_copy;
DROP TABLE report_notes_copy;
DROP TABLE reports_copy;

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
    DELETE FROM notices WHERE post_kind = 'picture' AND post_id = old.id;
    DELETE FROM kept WHERE kind = 'picture' AND post_id = old.id;
END;
CREATE TRIGGER status_deleted AFTER DELETE ON statuses BEGIN
    INSERT INTO statuses_text (statuses_text, rowid, content) SELECT 'delete', old.id, old.content WHERE old.hidden = 0;
    UPDATE accounts SET status_count = status_count - 1 WHERE id = old.account_id;
    DELETE FROM reports WHERE kind = 'status' AND subject_id = old.id;
    DELETE FROM notices WHERE post_kind = 'status' AND post_id = old.id;
    DELETE FROM kept WHERE kind = 'status' AND post_id = old.id;
END;
CREATE TRIGGER mood_deleted AFTER DELETE ON moods BEGIN
    UPDATE accounts SET mood_count = mood_count - 1 WHERE id = old.account_id;
    DELETE FROM reports WHERE kind = 'mood' AND subject_id = old.id;
    DELETE FROM notices WHERE post_kind = 'mood' AND post_id = old.id;
    DELETE FROM kept WHERE kind = 'mood' AND post_id = old.id;
END;
CREATE TRIGGER wall_entry_deleted AFTER DELETE ON wall_entries BEGIN
    UPDATE accounts SET storage_bytes = storage_bytes
        - coalesce((SELECT bytes FROM images WHERE id = old.image_id), 0)
        - coalesce((SELECT bytes FROM images WHERE id = old.thumb_id), 0)
    WHERE id = old.account_id AND old.image_id IS NOT NULL;
    UPDATE images SET uses = uses - 1 WHERE id = old.image_id;
    UPDATE images SET uses = uses - 1 WHERE id = old.thumb_id;
    DELETE FROM images WHERE id IN (old.image_id, old.thumb_id) AND uses = 0;
    DELETE FROM notices WHERE post_kind = 'wall' AND post_id = old.id;
    DELETE FROM reports WHERE kind = 'wall' AND subject_id = old.id;
END;
CREATE TRIGGER bulletin_deleted AFTER DELETE ON bulletins BEGIN
    DELETE FROM reports WHERE kind = 'bulletin' AND subject_id = old.id;
END;
CREATE TRIGGER layout_deleted AFTER DELETE ON layouts BEGIN
    DELETE FROM reports WHERE kind = 'layout' AND subject_id = old.id;
END;
CREATE TRIGGER neighbour_deleted AFTER DELETE ON neighbours BEGIN
    UPDATE images SET uses = uses - 1 WHERE id = old.button_id;
    DELETE FROM images WHERE id = old.button_id AND uses = 0;
    DELETE FROM reports WHERE kind = 'neighbour' AND subject_id = old.id;
END;
