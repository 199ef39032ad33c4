-- Posts as numbers of one line over all kinds (app/programs/post_number.h), which hold a time and the last bits of an id.

-- The post of that second whose id ends in ?1; ?2: as many ids as the bits tell apart; ?3 the second.
-- part numbered table
WITH RECURSIVE candidates (id) AS (SELECT ?1 UNION ALL
SELECT id + ?2 FROM candidates WHERE id + ?2 <= (SELECT max(id) FROM $table))
SELECT p.id
FROM candidates c
CROSS JOIN $table p ON p.id = c.id
WHERE p.created_at = ?3
LIMIT 1

-- The newest that arrived with an id of ?1 or less.
-- part newest_until table
SELECT id, created_at FROM $table WHERE id <= ?1
ORDER BY id DESC LIMIT 1

-- query picture_numbered
{numbered pictures}

-- query status_numbered
{numbered statuses}

-- query mood_numbered
{numbered moods}

-- query picture_until
{newest_until pictures}

-- query status_until
{newest_until statuses}

-- query mood_until
{newest_until moods}
