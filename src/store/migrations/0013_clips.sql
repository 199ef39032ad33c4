-- Clips: pictures that are strips of frames side by side, which pages play. NULL: a still.

ALTER TABLE pictures ADD COLUMN frames INTEGER CHECK (frames BETWEEN 4 AND 24);
ALTER TABLE pictures ADD COLUMN frame_width INTEGER;  -- what is seen of each: cells are the next multiples of 16 px
ALTER TABLE pictures ADD COLUMN frame_height INTEGER;
ALTER TABLE pictures ADD COLUMN frame_ms INTEGER;     -- how long each is shown
ALTER TABLE pictures ADD COLUMN poster INTEGER;       -- the one that says most by itself, from 0: the thumbnail shows it
ALTER TABLE pictures ADD COLUMN flashes INTEGER NOT NULL DEFAULT 0 CHECK (flashes IN (0, 1)); -- never starts by itself
CREATE INDEX pictures_clips ON pictures (account_id, id) WHERE frames IS NOT NULL;

-- Of an upload that moves, beside its presets the same as clips: "clip_crunchy", and their "clip_thumbnail".
ALTER TABLE candidate_images ADD COLUMN frames INTEGER;
ALTER TABLE candidate_images ADD COLUMN frame_width INTEGER;
ALTER TABLE candidate_images ADD COLUMN frame_height INTEGER;
ALTER TABLE candidate_images ADD COLUMN frame_ms INTEGER;
ALTER TABLE candidate_images ADD COLUMN poster INTEGER;
ALTER TABLE candidate_images ADD COLUMN flashes INTEGER NOT NULL DEFAULT 0;
-- Why one that moves cannot be a clip; '': it can, or does not move.
ALTER TABLE candidates ADD COLUMN no_clip TEXT NOT NULL DEFAULT '';
