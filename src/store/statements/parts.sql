-- Parts that many statements share: "-- part NAME PARAMETER...", used as {name argument ...}; $parameter is replaced.
--
-- Nobody sees what moderation hides (migrations/0004_moderation.sql says what the bits of hidden mean), and no viewer
-- sees whom they muted or who is blocked. A viewer is the id of an account; left unbound it is NULL and sees what
-- everybody sees. Every query of posts uses one of:
--     shown        common timelines: nothing is hidden for any reason
--     reachable    pages of people, direct addresses: a muted author's posts are there as well
--     seen_by      neither muted nor blocked;  not_blocked: not blocked in either direction

-- part shown p
$p.hidden = 0

-- part reachable p
$p.hidden & 11 = 0

-- part seen_by viewer author
NOT EXISTS (SELECT 1 FROM unseen WHERE viewer_id = $viewer AND author_id = $author)

-- part not_blocked viewer author
NOT EXISTS (SELECT 1 FROM unseen WHERE viewer_id = $viewer AND author_id = $author AND kind <> 'mute')

-- What a post p answers: as the API names it, where it is, and who said it; null when it is gone, or not the viewer's to see.
-- part reply_columns p viewer
CASE WHEN $p.reply_id > 0 THEN CASE $p.reply_kind WHEN 'picture' THEN 'pictures/' WHEN 'status' THEN 'statuses/'
    ELSE 'moods/' END || $p.reply_id END AS reply_to,
CASE WHEN $p.reply_id > 0 THEN CASE $p.reply_kind WHEN 'picture' THEN '/p/' WHEN 'status' THEN '/statuses/'
    ELSE '/moods/' END || $p.reply_id END AS reply_url,
CASE WHEN $p.reply_id > 0 THEN (SELECT name FROM accounts b WHERE {not_blocked $viewer b.id} AND b.id =
    CASE $p.reply_kind WHEN 'picture' THEN (SELECT account_id FROM pictures y WHERE y.id = $p.reply_id AND {reachable y})
    WHEN 'status' THEN (SELECT account_id FROM statuses y WHERE y.id = $p.reply_id AND {reachable y})
    ELSE (SELECT account_id FROM moods y WHERE y.id = $p.reply_id AND {reachable y}) END) END AS reply_author

-- Does post p, which is a $kind, have an answer that the viewer would see? Whether, and never how many. "reply_id > 0" is
-- what the index holds; without likely() SQLite takes it for the way in, and reads all answers there are.
-- part replies kind p viewer
iif(EXISTS (SELECT 1 FROM statuses r INDEXED BY statuses_answering WHERE r.reply_kind = '$kind' AND r.reply_id = $p.id
    AND likely(r.reply_id > 0) AND NOT r.is_taken_off AND {shown r} AND {seen_by $viewer r.account_id}
    AND {not_blocked $p.account_id r.account_id})
 OR EXISTS (SELECT 1 FROM pictures r INDEXED BY pictures_answering WHERE r.reply_kind = '$kind' AND r.reply_id = $p.id
    AND likely(r.reply_id > 0) AND NOT r.is_taken_off AND {shown r} AND {seen_by $viewer r.account_id}
    AND {not_blocked $p.account_id r.account_id}),
'true', 'false') AS replies_json

-- The bytes of what is hidden are not public: their address is one that asks who is there (pictures.c).
-- part picture_columns viewer
p.id, '/p/' || p.id AS url,
iif({reachable p}, '/i/' || i.hash, '/p/' || p.id || '/full') || '.jpg' AS image_url,
iif({reachable p}, '/t/' || t.hash, '/p/' || p.id || '/thumb') || '.jpg' AS thumb_url,
i.bytes, i.width, i.height, t.bytes AS thumb_bytes, t.width AS thumb_width, t.height AS thumb_height,
p.source_format, p.source_bytes, p.source_width, p.source_height, p.claimed_bytes, p.claimed_width, p.claimed_height,
iif(p.is_truncated, 'true', 'false') AS truncated_json, p.preset, p.quality, p.blurhash,
p.frames, p.frame_width, p.frame_height, p.frame_ms, p.poster, iif(p.flashes, 'true', 'false') AS flashes_json, p.caption, p.alt, p.note,
a.name AS author, a.display_name, p.created_at, p.edited_at, p.hidden & 1 AS is_hidden, p.hidden & 2 <> 0 AS is_held,
(SELECT json_group_array(g.name) FROM picture_tags pt JOIN tags g ON g.id = pt.tag_id
 WHERE pt.picture_id = p.id) AS tags_json, {reply_columns p $viewer}, {replies picture p $viewer}

-- part picture_joins
JOIN accounts a ON a.id = p.account_id
JOIN images i ON i.id = p.image_id
JOIN images t ON t.id = p.thumb_id

-- part status_columns viewer
s.id, '/statuses/' || s.id AS url, s.face, s.content, a.name AS author, a.display_name, s.created_at,
s.edited_at, s.hidden & 1 AS is_hidden, s.hidden & 2 <> 0 AS is_held, {reply_columns s $viewer},
{replies status s $viewer}

-- part mood_columns viewer
m.id, '/moods/' || m.id AS url, m.mood, m.face, m.note, a.name AS author, a.display_name, m.created_at,
m.edited_at, m.hidden & 1 AS is_hidden, m.hidden & 2 <> 0 AS is_held, NULL AS reply_to, {replies mood m $viewer}

-- One post for ?2, or for an administrator (?3): its author sees it also while it is hidden.
-- part post_for p
WHERE $p.id = ?1 AND (?3 OR $p.account_id = ?2 OR ({reachable $p} AND {not_blocked ?2 $p.account_id}))

-- Somebody's posts by ?3, with the hidden ones when ?4 is true: that somebody looks, or an administrator. ?5: the viewer.
-- part posts_of p
WHERE $p.account_id = ?3 AND $p.id < ?1 AND ({reachable $p} OR ?4)
ORDER BY $p.id DESC LIMIT ?2

-- part image_url column
(SELECT '/i/' || hash || '.jpg' FROM images WHERE images.id = accounts.$column)

-- part person_columns
id, name, display_name, homepage, about, css, is_admin,
iif(state = 'active' AND is_banned, 'banned', state) AS state, created_at, seen_at, picture_count,
status_count, mood_count, storage_bytes, {image_url avatar_image} AS avatar_url,
{image_url background_image} AS background_url,
wall, has_guestbook, takes_pokes, takes_nudges, shows_follows

-- Whose thing is it: ?1 kind, ?2 id. -1: a visitor's, who has no account.
-- part subject_of
CASE ?1 WHEN 'picture' THEN (SELECT account_id FROM pictures WHERE id = ?2)
WHEN 'status' THEN (SELECT account_id FROM statuses WHERE id = ?2)
WHEN 'mood' THEN (SELECT account_id FROM moods WHERE id = ?2)
WHEN 'wall' THEN (SELECT coalesce(account_id, -1) FROM wall_entries WHERE id = ?2)
WHEN 'bulletin' THEN (SELECT account_id FROM bulletins WHERE id = ?2)
WHEN 'layout' THEN (SELECT account_id FROM layouts WHERE id = ?2)
WHEN 'neighbour' THEN (SELECT account_id FROM neighbours WHERE id = ?2)
WHEN 'message' THEN (SELECT account_id FROM reports WHERE kind = 'message' AND subject_id = ?2 AND closed_at IS NULL)
WHEN 'person' THEN (SELECT id FROM accounts WHERE id = ?2) END

-- Of account a: may it only read, appeal, export and leave? How many decisions has the person not seen yet?
-- part restriction
a.is_banned OR a.suspended_until > unixepoch() AS is_restricted,
(SELECT count(*) FROM decisions d WHERE d.account_id = a.id AND d.seen_at IS NULL) AS unread
