-- Answers: of posts to a post. A block between whoever answered and whose post it is takes the answer off for everybody
-- while it stands: the one cannot see it any more, and the other can still edit it.

-- Is there none between $author and whose post ?2, of kind ?1, is?
-- part not_blocked_by_answered author
NOT EXISTS (SELECT 1 FROM unseen WHERE author_id = $author AND kind <> 'mute' AND viewer_id = {subject_of})

-- The answers to ?2, which is of kind ?1, oldest first, behind the one of time ?3 and number ?4; ?5 limit, ?6 the viewer,
-- ?7 true when that post is the viewer's own: then also those that were taken off it.
-- query picture_answers
SELECT {picture_columns ?6}, p.is_taken_off, 'picture' AS kind
FROM pictures p INDEXED BY pictures_answering
{picture_joins}
WHERE p.reply_kind = ?1 AND p.reply_id = ?2 AND likely(p.reply_id > 0) AND (p.created_at, p.id) > (?3, ?4)
  AND ({shown p} OR p.account_id = ?6) AND (NOT p.is_taken_off OR ?7) AND {seen_by ?6 p.account_id}
  AND {not_blocked_by_answered p.account_id}
ORDER BY p.created_at, p.id LIMIT ?5

-- query status_answers
SELECT {status_columns ?6}, s.is_taken_off, 'status' AS kind
FROM statuses s INDEXED BY statuses_answering
CROSS JOIN accounts a ON a.id = s.account_id
WHERE s.reply_kind = ?1 AND s.reply_id = ?2 AND likely(s.reply_id > 0) AND (s.created_at, s.id) > (?3, ?4)
  AND ({shown s} OR s.account_id = ?6) AND (NOT s.is_taken_off OR ?7) AND {seen_by ?6 s.account_id}
  AND {not_blocked_by_answered s.account_id}
ORDER BY s.created_at, s.id LIMIT ?5

-- Whose is post ?2 of kind ?1, and who may answer it, as far as ?3 may see it?
-- query answerable
SELECT a.id, a.name, coalesce(CASE ?1 WHEN 'picture' THEN (SELECT answers FROM pictures WHERE id = ?2)
    WHEN 'status' THEN (SELECT answers FROM statuses WHERE id = ?2)
    WHEN 'mood' THEN (SELECT answers FROM moods WHERE id = ?2) END, a.answers) AS answers,
    EXISTS (SELECT 1 FROM follows WHERE follower_id = a.id AND followed_id = ?3) AS is_followed
FROM accounts a
WHERE a.id = CASE ?1 WHEN 'picture' THEN (SELECT account_id FROM pictures p WHERE p.id = ?2 AND ({reachable p} OR p.account_id = ?3))
    WHEN 'status' THEN (SELECT account_id FROM statuses s WHERE s.id = ?2 AND ({reachable s} OR s.account_id = ?3))
    WHEN 'mood' THEN (SELECT account_id FROM moods m WHERE m.id = ?2 AND ({reachable m} OR m.account_id = ?3)) END
  AND {not_blocked ?3 a.id}

-- What post ?2 of kind ?1 says about it itself; null: what its author says.
-- query answers_of_post
SELECT CASE ?1 WHEN 'picture' THEN (SELECT answers FROM pictures WHERE id = ?2)
    WHEN 'status' THEN (SELECT answers FROM statuses WHERE id = ?2)
    WHEN 'mood' THEN (SELECT answers FROM moods WHERE id = ?2) END AS answers

-- ?1 whose post it answers, ?2 the answer, ?3 off or on
-- write picture_take_off
UPDATE pictures SET is_taken_off = ?3 WHERE id = ?2 AND reply_id > 0 AND ?1 =
    CASE reply_kind WHEN 'picture' THEN (SELECT account_id FROM pictures p WHERE p.id = pictures.reply_id)
    WHEN 'status' THEN (SELECT account_id FROM statuses s WHERE s.id = pictures.reply_id)
    ELSE (SELECT account_id FROM moods m WHERE m.id = pictures.reply_id) END

-- write status_take_off
UPDATE statuses SET is_taken_off = ?3 WHERE id = ?2 AND reply_id > 0 AND ?1 =
    CASE reply_kind WHEN 'picture' THEN (SELECT account_id FROM pictures p WHERE p.id = statuses.reply_id)
    WHEN 'status' THEN (SELECT account_id FROM statuses s WHERE s.id = statuses.reply_id)
    ELSE (SELECT account_id FROM moods m WHERE m.id = statuses.reply_id) END

-- ?1 account, ?2 post, ?3 who may answer it; null: whom its author lets
-- write picture_answers_set
UPDATE pictures SET answers = ?3 WHERE id = ?2 AND account_id = ?1

-- write status_answers_set
UPDATE statuses SET answers = ?3 WHERE id = ?2 AND account_id = ?1

-- write mood_answers_set
UPDATE moods SET answers = ?3 WHERE id = ?2 AND account_id = ?1

-- A post that was brought here answers one that is here. Not by the way of an insert: nobody is told anew.
-- write picture_tie
UPDATE pictures SET reply_kind = ?3, reply_id = ?4 WHERE id = ?2 AND account_id = ?1 AND reply_id = 0

-- write status_tie
UPDATE statuses SET reply_kind = ?3, reply_id = ?4 WHERE id = ?2 AND account_id = ?1 AND reply_id = 0

-- a post that an import brought: ?1 account, ?2 its time, ?3 its words
-- query picture_brought
SELECT id FROM pictures WHERE account_id = ?1 AND created_at = ?2 AND caption = ?3 LIMIT 1

-- query status_brought
SELECT id FROM statuses WHERE +account_id = ?1 AND created_at = ?2 AND content = ?3 LIMIT 1

-- query mood_brought
SELECT id FROM moods WHERE +account_id = ?1 AND created_at = ?2 AND mood = ?3 LIMIT 1
