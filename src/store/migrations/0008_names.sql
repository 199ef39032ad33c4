-- Names that look alike, names that rest after their account was closed, and an index that imports need.

-- What a name looks like, as base/skeleton.c says; 20 bytes that become 40 at most. Existing names may look alike.
ALTER TABLE accounts ADD COLUMN skeleton TEXT GENERATED ALWAYS AS (
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    name, '-', ''), '_', ''), '0', 'o'), '1', 'l'), '2', 'z'), '3', 'e'), '4', 'a'), '5', 's'), '7', 't'), '8', 'b'),
    '9', 'g'), 'i', 'l'), 'm', 'rn'), 'w', 'vv')) VIRTUAL;
CREATE INDEX accounts_skeleton ON accounts (skeleton);

-- No name is kept, only a keyed hash of its skeleton.
CREATE TABLE resting_names (
    hash        BLOB    PRIMARY KEY,
    rests_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX resting_names_until ON resting_names (rests_until);

-- What an import asks for each status and mood: is it there already? By its second.
CREATE INDEX statuses_time ON statuses (created_at);
CREATE INDEX moods_created ON moods (created_at);
