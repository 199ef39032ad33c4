/* Every handler of the neighbourhood, by the file it lives in. */
#ifndef PICLOG_APP_NEIGHBOURS_HANDLERS_H
#define PICLOG_APP_NEIGHBOURS_HANDLERS_H

#include "app/request/app.h"

/* friends.c */
handler friends_page, friends_statuses_page, friends_moods_page;

/* follows.c */
handler follow_page, follow_post, follows_page, follows_post, followers_page, follower_remove_post, person_follows_page,
    api_follows, api_follow_post, api_follow_delete, api_followers, api_follower_delete;

/* feed_keys.c */
handler feed_keys_page, feed_keys_post, feed_keys_revoke_post;

/* kept.c */
handler kept_page, person_kept_page, kept_post, api_kept_post, api_kept_delete;

/* notices.c */
handler notices_page, notices_read_post, manners_page, manners_post;

/* directory.c */
handler neighbours_page, neighbours_atom, neighbours_opml, neighbour_form_page, neighbour_post, neighbour_edit_page,
    neighbour_edit_post, neighbour_delete_post, neighbour_button;

/* ring.c */
handler ring_prev, ring_next, ring_random, ring_page, ring_post;

#endif
