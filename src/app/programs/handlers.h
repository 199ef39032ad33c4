/* Every handler for protocols of other people’s programs, by the file it lives in. */
#ifndef PICLOG_APP_PROGRAMS_HANDLERS_H
#define PICLOG_APP_PROGRAMS_HANDLERS_H

#include "app/request/app.h"

/* oauth.c */
handler oauth_app_post, oauth_consent_page, oauth_consent_post, oauth_token_post, oauth_identity_post,
    oauth_revoke_post, oauth_introspect_post, oauth_metadata;

/* mastodon_posts.c */
handler mastodon_status_get, mastodon_context, mastodon_source, mastodon_status_post, mastodon_status_put,
    mastodon_status_delete, mastodon_keep, mastodon_let_go, mastodon_media_post, mastodon_media_get, mastodon_media_put,
    mastodon_media_bytes;

/* mastodon_lists.c */
handler mastodon_home, mastodon_public, mastodon_tag, mastodon_account_statuses, mastodon_kept, mastodon_notifications,
    mastodon_notification_get, mastodon_unread, mastodon_notifications_clear, mastodon_markers_get,
    mastodon_markers_post, mastodon_search, mastodon_accounts_search;

/* mastodon_people.c */
handler mastodon_account_get, mastodon_verify_credentials, mastodon_lookup, mastodon_following, mastodon_followers,
    mastodon_mutes, mastodon_blocks, mastodon_relationships, mastodon_follow, mastodon_unfollow, mastodon_mute,
    mastodon_unmute, mastodon_block, mastodon_unblock;

/* mastodon_site.c */
handler mastodon_instance_v1, mastodon_instance_v2, mastodon_preferences, mastodon_nothing, mastodon_unknown;

/* statuslog.c */
handler statuslog_list, statuslog_show, statuslog_bio, statuslog_post, statuslog_patch, statuslog_delete;

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
