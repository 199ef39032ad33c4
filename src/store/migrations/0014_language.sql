-- The language of pages that somebody chose; '': as their browser asks.
ALTER TABLE accounts ADD COLUMN language TEXT NOT NULL DEFAULT '' CHECK (length(language) <= 12);
