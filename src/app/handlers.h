/* Every handler, by the file it lives in. */
#ifndef PICLOG_APP_HANDLERS_H
#define PICLOG_APP_HANDLERS_H

#include "app/request/app.h"

/* health.c */
handler health_check, health_metrics;

/* accounts.c */
handler login_page, login_post, logout_post, join_page, join_post, recover_page, recover_post, settings_codes_post;

/* settings.c */
handler settings_page, settings_post, settings_password_post, settings_session_revoke, settings_token_post,
    settings_token_revoke, settings_invite_post, settings_invite_revoke, settings_close_post;

/* pictures.c */
handler picture_page, picture_random, picture_edit_page, picture_change, picture_remove, picture_bytes, image_bytes,
    api_picture_get;

/* upload.c */
handler upload_page, upload_post, candidate_page, candidate_image, candidate_post;

/* share_target.c */
handler share_target_page, share_target_post;

/* badges.c */
handler badge_gif, badge_display, button_gif;

/* embeds.c, embed_script.c, badges.c */
handler embed_page, embed_style, embed_script, embed_gif, embed_jpg;

/* discovery.c */
handler oembed, webfinger;

/* reports.c */
handler report_page, report_person_page, person_room, report_post, report_person_post;

/* standing.c */
handler standing_page, standing_appeal_post;

/* shun.c */
handler shun_page, shun_post, unseen_page;

/* admin.c */
handler admin_page, admin_act_post, admin_appeal_post;

/* admin_people.c */
handler admin_person_page, person_room, admin_quota_post, admin_branch_page, admin_branch_post;

/* admin_lists.c */
handler admin_audit_page, admin_settings_page, admin_settings_post, admin_word_post, admin_word_remove,
    admin_blocked_page, admin_blocked_remove;

/* export.c */
handler settings_export;

/* static.c */
handler static_file, static_favicon, static_robots;

/* api.c */
handler api_me, api_limits;

/* pages.c */
handler index_page, gallery_page, tag_page, search_page, opensearch_xml, about_page, rules_page, help_page,
    help_style_page;

/* statuses.c */
handler statuses_page, status_page, status_form_page, status_create, status_edit_page, status_change, status_remove,
    api_status_get;

/* moods.c */
handler moods_page, mood_page, mood_counts, mood_form_page, mood_create, mood_edit_page, mood_change, mood_remove,
    api_mood_get;

/* people.c */
handler people_page, person_page, person_room, person_style;

/* profile.c */
handler settings_image_post, style_page, style_post, style_preview, style_room, style_draft, api_me_put;

/* themes.c */
handler themes_page;

/* feeds.c */
handler feed_atom, feed_json, person_feed_atom, person_feed_json;

/* dropin.c */
handler dropin_status_json, dropin_status_atom, dropin_status_script;

/* webhooks.c */
handler webhook_page, webhook_post, webhook_turn_post, webhook_delete_post;

/* micropub.c, upload.c */
handler micropub_get, micropub_post, micropub_options, upload_media_post;

/* site.c */
handler site_page;

#endif
