-- Who follows whom, and the timelines of whom one follows.

-- ?1 before, ?2 limit, ?3 whose list, ?4 all of it, as that somebody sees it; else as ?5 does
-- query follows_of
SELECT a.id, a.name, a.display_name, f.created_at, a.state = 'active' AND NOT a.is_banned AS is_here
FROM follows f
JOIN accounts a ON a.id = f.followed_id
WHERE f.follower_id = ?3 AND f.followed_id < ?1
  AND (?4 OR (a.state = 'active' AND NOT a.is_banned AND {seen_by ?5 f.followed_id}))
ORDER BY f.followed_id DESC LIMIT ?2

-- ?3: whom they follow, who alone sees it
-- query followers_of
SELECT a.id, a.name, a.display_name, f.created_at, a.state = 'active' AND NOT a.is_banned AS is_here
FROM follows f INDEXED BY follows_of
JOIN accounts a ON a.id = f.follower_id
WHERE f.followed_id = ?3 AND f.follower_id < ?1
ORDER BY f.follower_id DESC LIMIT ?2

-- whoever has that name and may be known to ?2, here at present or not
-- query person_id
SELECT id FROM accounts WHERE name = ?1 AND {not_blocked ?2 accounts.id}

-- query is_following
SELECT 1 FROM follows WHERE follower_id = ?1 AND followed_id = ?2

-- query follows_anybody
SELECT 1 FROM follows WHERE follower_id = ?1
LIMIT 1

-- query follow_count
SELECT count(*) FROM follows WHERE follower_id = ?1

-- nothing changes where one of them is not here, or blocked the other
-- write follow_add
INSERT INTO follows (follower_id, followed_id, created_at)
SELECT ?1, a.id, ?3
FROM accounts a
WHERE a.id = ?2 AND a.state = 'active' AND NOT a.is_banned AND {not_blocked ?1 a.id}
ON CONFLICT DO NOTHING

-- write follow_delete
DELETE FROM follows WHERE follower_id = ?1 AND followed_id = ?2

-- Timelines of friends: ?1 before, ?2 limit, ?3 the viewer, who is a friend as well. Two ways to the same rows:
--     near   walks what everybody posted, newest first, but no further than ?4 numbers: cheap while friends post often
--     far    looks up the newest of each friend and merges those: cheap however long they have been silent
-- follow.c takes the second where the first finds too little.

-- part is_friend p
($p.account_id = ?3 OR EXISTS (SELECT 1 FROM follows WHERE follower_id = ?3 AND followed_id = $p.account_id))
AND {seen_by ?3 $p.account_id}

-- part near p table
WHERE {shown $p} AND $p.id < ?1 AND $p.id >= min(?1, (SELECT max(id) FROM $table)) - ?4 AND {is_friend $p}
ORDER BY $p.id DESC LIMIT ?2

-- The newest below a number of one account.
-- part newest_below table index account number
(SELECT x.id FROM $table x INDEXED BY $index WHERE x.account_id = $account AND {shown x} AND x.id < $number
ORDER BY x.id DESC LIMIT 1)

-- A heap: the newest of all is taken out, and the next of its author put in.
-- part far table index
WITH RECURSIVE heap (id, account_id) AS (
SELECT {newest_below $table $index ?3 ?1}, ?3
UNION ALL SELECT {newest_below $table $index f.followed_id ?1}, f.followed_id FROM follows f
WHERE f.follower_id = ?3 AND {seen_by ?3 f.followed_id}
UNION ALL SELECT {newest_below $table $index heap.account_id heap.id}, heap.account_id FROM heap WHERE heap.id IS NOT NULL
ORDER BY 1 DESC LIMIT ?2)

-- query pictures_near
SELECT {picture_columns ?3}
FROM pictures p INDEXED BY pictures_shown
{picture_joins}
{near p pictures}

-- query pictures_far
{far pictures pictures_shown_of}
SELECT {picture_columns ?3}
FROM heap
CROSS JOIN pictures p ON p.id = heap.id
{picture_joins}
ORDER BY p.id DESC

-- query statuses_near
SELECT {status_columns ?3}
FROM statuses s INDEXED BY statuses_shown
JOIN accounts a ON a.id = s.account_id
{near s statuses}

-- query statuses_far
{far statuses statuses_shown_of}
SELECT {status_columns ?3}
FROM heap
CROSS JOIN statuses s ON s.id = heap.id
JOIN accounts a ON a.id = s.account_id
ORDER BY s.id DESC

-- query moods_near
SELECT {mood_columns ?3}
FROM moods m INDEXED BY moods_shown
JOIN accounts a ON a.id = m.account_id
{near m moods}

-- query moods_far
{far moods moods_shown_of}
SELECT {mood_columns ?3}
FROM heap
CROSS JOIN moods m ON m.id = heap.id
JOIN accounts a ON a.id = m.account_id
ORDER BY m.id DESC
