-- The top eight: whom somebody shows on their page, in which order.

-- ?1 whose; ?2 the viewer, who neither sees whom they blocked nor who blocked them
-- query top_of
SELECT t.position, accounts.name, accounts.display_name, {image_url avatar_image} AS avatar_url
FROM top_eight t
JOIN accounts ON accounts.id = t.friend_id
WHERE t.account_id = ?1 AND accounts.state = 'active' AND NOT accounts.is_banned AND {not_blocked ?2 accounts.id}
ORDER BY t.position

-- whom the form offers: those that ?1 follows
-- query top_choices
SELECT a.name
FROM follows f
JOIN accounts a ON a.id = f.followed_id
WHERE f.follower_id = ?1 AND a.state = 'active' AND NOT a.is_banned AND {not_blocked ?1 a.id}
ORDER BY f.followed_id DESC LIMIT ?2

-- write top_clear
DELETE FROM top_eight WHERE account_id = ?1

-- write top_add
INSERT INTO top_eight (account_id, position, friend_id) VALUES (?1, ?2, ?3)
