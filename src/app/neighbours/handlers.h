/* Every handler of the neighbourhood, by the file it lives in. */
#ifndef PICLOG_APP_NEIGHBOURS_HANDLERS_H
#define PICLOG_APP_NEIGHBOURS_HANDLERS_H

#include "app/request/app.h"

/* top.c */
handler top_page, top_post, api_top_get, api_top_put;

/* bulletins.c */
handler bulletins_page, bulletins_post, bulletin_page, bulletin_delete_post, api_bulletin_get;

/* layouts.c */
handler layouts_page, layout_page, own_layouts_page, own_layouts_post, own_layout_post, api_layout_get, api_layout_put,
    api_layout_delete;

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

/* wall.c */
handler live_page, live_here_post;
handler wall_page, wall_post, wall_sign_post, wall_decide_post, wall_bytes, api_wall_get, api_wall_accept,
    api_wall_delete;

/* messages.c, messages_do.c */
handler messages_page, conversation_page, conversation_post, message_bytes, api_message_post, api_conversation_get;
handler conversation_do_post, message_delete_post, api_conversation_do, api_conversation_delete;

/* poke.c */
handler pokes_page, poke_page, poke_post, api_poke_post, api_poke_delete;

/* reach.c */
handler reach_page, reach_post;

#endif
