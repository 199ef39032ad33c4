/* Every handler for protocols of other people’s programs, by the file it lives in. */
#ifndef PICLOG_APP_PROGRAMS_HANDLERS_H
#define PICLOG_APP_PROGRAMS_HANDLERS_H

#include "app/request/app.h"

/* statuslog.c */
handler statuslog_list, statuslog_show, statuslog_bio, statuslog_post, statuslog_delete;

/* twitter.c */
handler twitter_public_timeline, twitter_home_timeline, twitter_user_timeline, twitter_mentions, twitter_show;
handler twitter_favorites, twitter_search, twitter_test, twitter_version, twitter_config, twitter_rate_limit_status;

/* twitter_do.c */
handler twitter_update, twitter_update_with_media, twitter_retweet, twitter_destroy, twitter_favorite;
handler twitter_unfavorite, twitter_follow, twitter_unfollow, twitter_messages, twitter_messages_sent;
handler twitter_message_new, twitter_message_destroy;

/* twitter_people.c */
handler twitter_verify_credentials, twitter_user_show, twitter_friends, twitter_followers, twitter_follow_exists;

#endif
