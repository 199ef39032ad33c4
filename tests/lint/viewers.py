#!/usr/bin/env python3
"""Every query that reads posts or people asks for whom, or stands below with the reason why it need not.

Usage: viewers.py, in the top folder of a tree; prints what breaks that, and nothing else.
"""
import pathlib
import re

# What may be seen by whoever asks. A line whose query is gone, or asks by now, is a finding too.
EXEMPT = {
    # of one person, whose id the caller has from the query "person", which asks; or of whoever looks
    "pictures_of": "one person's", "clips_of": "one person's", "statuses_of": "one person's", "moods_of": "one person's",
    "status_newest_of": "one person's, in public widgets", "mood_newest_of": "one person's, in public widgets",
    "mood_days_of": "one person's", "person_by_id": "one's own", "css_draft_of": "one's own",
    "picture_tags_of": "one's own", "status_tags_of": "one's own", "unseen_of": "one's own list of whom one does not see",
    "standing_of": "one's own", "followers_of": "one's own", "bulletins_of": "one's own", "layouts_of": "one's own", "wall_written": "one's own",
    "picture_brought": "one's own, to find them again", "status_brought": "one's own", "mood_brought": "one's own",
    "neighbours_of": "one's own", "shows_presence": "one's own", "token_granted": "one's own", "ring_of": "one's own", "manners_of": "one's own", "answers_of_post": "one's own",
    # numbers alone
    "ring_last": "a number",
    "account_count": "a number", "admin_count": "a number", "stats": "numbers",
    # of administrators, who see everything: routes with NEEDS_ADMIN
    "reports": "admin", "desk_waits": "admin", "pictures_held": "admin", "statuses_held": "admin", "moods_held": "admin", "appeals": "admin",
    "history_of": "admin, and the person it is about", "inviters_of": "admin", "branch_of": "admin", "audit": "admin",
    "audit_about": "admin", "reported_messages": "admin, what came with a report",
    # of whom it was sent to, who may have blocked the sender since
    "message_received": "one's own",
}
READS = re.compile(r"\b(?:FROM|JOIN)\s+(?:pictures|statuses|moods|accounts|pictures_text|statuses_text)\b|\{(?:picture|wall)_joins\}")
ASKS = re.compile(r"\{(?:seen_by|not_blocked|post_for|near|far|friends_here) ")  # the last three, of friends, use {seen_by}

left = dict(EXEMPT)
for path in sorted(pathlib.Path("src/store/statements").glob("*.sql")):
    pieces = re.split(r"^-- (query|write|part) (.*)\n", path.read_text(encoding="utf-8"), flags=re.M)[1:]
    for kind, head, body in zip(pieces[::3], pieces[1::3], pieces[2::3]):
        if kind != "query" or not READS.search(body):
            continue
        if left.pop(head, None) is None and not ASKS.search(body):
            print(f"{path}: query {head} shows posts or people and does not ask who looks")
        elif head in EXEMPT and ASKS.search(body):
            print(f"{path}: query {head} asks who looks; take it off the list in tests/lint/viewers.py")
for name in left:
    print(f"tests/lint/viewers.py: there is no query {name} of posts or people")
