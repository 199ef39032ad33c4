/*
 * The one table of addresses. A line here is all it takes to make a handler reachable; dispatch.c enforces the flags.
 * Refuses to hold logic. Read next: request/route.h for the meaning of each column, request/dispatch.c for the order
 * of checks.
 */
#include "app/routes.h"

#include "app/admin/handlers.h"
#include "app/elsewhere/handlers.h"
#include "app/elsewhere/widget.h"
#include "app/handlers.h"
#include "app/move/handlers.h"
#include "app/neighbours/handlers.h"
#include "app/people/handlers.h"
#include "app/posts/handlers.h"

enum { SMALL = 16000, FORM = 200000 }; /* bytes of a body without its files */

/* clang-format off */
const struct route routes[] = {
    /* methods      pattern      flags                  body  rate       query parameters  handler */
    {METHOD_GET, "/healthz", NO_SESSION | IS_API, 0, RATE_READ, "", health_check},
    {METHOD_GET, "/metrics", NO_SESSION | LOOPBACK, 0, RATE_READ, "", health_metrics},

    /* coming and going: accounts.c */
    {METHOD_GET,  "/login",        HAS_FORM,                              0, RATE_READ,    "next", login_page},
    {METHOD_POST, "/login",        HAS_FORM | WRITES | SLOW,          SMALL, RATE_SIGN_IN, "",     login_post},
    {METHOD_POST, "/logout",       WRITES | RESTRICTED_TOO,                            SMALL, RATE_WRITE,   "",     logout_post},
    {METHOD_GET,  "/join",         HAS_FORM,                              0, RATE_READ,    "",     join_page},
    {METHOD_POST, "/join",         HAS_FORM | WRITES | SLOW,          SMALL, RATE_SIGN_UP, "",     join_post},
    {METHOD_GET,  "/join/:code",   HAS_FORM | SECRET_PATH,                0, RATE_READ,    "",     join_page},
    {METHOD_POST, "/join/:code",   HAS_FORM | WRITES | SLOW | SECRET_PATH, SMALL, RATE_SIGN_UP, "", join_post},
    {METHOD_GET,  "/recover",      HAS_FORM,                              0, RATE_READ,    "",     recover_page},
    {METHOD_POST, "/recover",      HAS_FORM | WRITES | SLOW,          SMALL, RATE_SIGN_IN, "",     recover_post},

    /* one's own: settings.c, profile.c */
    {METHOD_GET,  "/settings",                     NEEDS_SIGN_IN,                   0, RATE_READ,    "", settings_page},
    {METHOD_GET,  "/settings/profile",            NEEDS_SIGN_IN,                   0, RATE_READ,    "", settings_page},
    {METHOD_GET,  "/settings/pictures",           NEEDS_SIGN_IN,                   0, RATE_READ,    "", settings_page},
    {METHOD_GET,  "/settings/password",           NEEDS_SIGN_IN,                   0, RATE_READ,    "", settings_page},
    {METHOD_GET,  "/settings/tokens",             NEEDS_SIGN_IN,                   0, RATE_READ,    "", settings_page},
    {METHOD_GET,  "/settings/invites",            NEEDS_SIGN_IN,                   0, RATE_READ,    "", settings_page},
    {METHOD_GET,  "/settings/leave",              NEEDS_SIGN_IN,                   0, RATE_READ,    "", settings_page},
    {METHOD_GET,  "/settings/codes",              NEEDS_SIGN_IN,                   0, RATE_READ,    "", settings_form_page},
    {METHOD_GET,  "/settings/close",              NEEDS_SIGN_IN,                   0, RATE_READ,    "", settings_form_page},
    {METHOD_GET,  "/settings/avatar",             NEEDS_SIGN_IN,                   0, RATE_READ,    "", settings_form_page},
    {METHOD_GET,  "/settings/background",         NEEDS_SIGN_IN,                   0, RATE_READ,    "", settings_form_page},
    {METHOD_POST, "/settings",                     NEEDS_SIGN_IN | WRITES,       FORM, RATE_WRITE,   "", settings_post},
    {METHOD_POST, "/settings/password",            NEEDS_SIGN_IN | WRITES | SLOW, SMALL, RATE_SIGN_IN, "", settings_password_post},
    {METHOD_POST, "/settings/codes",               NEEDS_SIGN_IN | WRITES | SLOW, SMALL, RATE_SIGN_IN, "", settings_codes_post},
    {METHOD_POST, "/settings/sessions/:id/revoke", NEEDS_SIGN_IN | WRITES,      SMALL, RATE_WRITE,   "", settings_session_revoke},
    {METHOD_POST, "/settings/tokens",              NEEDS_SIGN_IN | WRITES | SLOW, SMALL, RATE_SIGN_IN, "", settings_token_post},
    {METHOD_POST, "/settings/tokens/:id/revoke",   NEEDS_SIGN_IN | WRITES,      SMALL, RATE_WRITE,   "", settings_token_revoke},
    {METHOD_POST, "/settings/invites",             NEEDS_SIGN_IN | WRITES,      SMALL, RATE_WRITE,   "", settings_invite_post},
    {METHOD_POST, "/settings/invites/:id/revoke",  NEEDS_SIGN_IN | WRITES,      SMALL, RATE_WRITE,   "", settings_invite_revoke},
    {METHOD_POST, "/settings/close",               NEEDS_SIGN_IN | WRITES | SLOW | RESTRICTED_TOO, SMALL, RATE_SIGN_IN, "", settings_close_post},
    {METHOD_POST, "/settings/avatar",     NEEDS_SIGN_IN | WRITES | CRUSHES, SMALL, RATE_UPLOAD, "",      settings_image_post},
    {METHOD_POST, "/settings/background", NEEDS_SIGN_IN | WRITES | CRUSHES, SMALL, RATE_UPLOAD, "",      settings_image_post},
    {METHOD_GET,  "/settings/style",            NEEDS_SIGN_IN,          0, RATE_READ,  "theme", style_page},
    {METHOD_POST, "/settings/style",            NEEDS_SIGN_IN | WRITES, FORM, RATE_WRITE, "",      style_post},
    {METHOD_GET,  "/settings/style/preview",    NEEDS_SIGN_IN,          0, RATE_READ,  "before theme", style_preview},
    {METHOD_GET,  "/settings/style/room",       NEEDS_SIGN_IN,          0, RATE_READ,  "before theme", style_room},
    {METHOD_GET,  "/settings/style/draft.css",  NEEDS_SIGN_IN,          0, RATE_READ,  "",      style_draft},
    {METHOD_GET, "/settings/export", NEEDS_SIGN_IN | SLOW | RESTRICTED_TOO, 0, RATE_WRITE, "", settings_export},

    {METHOD_GET,  "/settings/site",                NEEDS_SIGN_IN,                   0, RATE_READ,    WIDGET_PARAMS, site_page},
    {METHOD_GET,  "/settings/webhook",             NEEDS_SIGN_IN,                   0, RATE_READ,    "", webhook_page},
    {METHOD_POST, "/settings/webhook",             NEEDS_SIGN_IN | WRITES,      SMALL, RATE_WRITE,   "", webhook_post},
    {METHOD_POST, "/settings/webhook/turn",        NEEDS_SIGN_IN | WRITES,      SMALL, RATE_WRITE,   "", webhook_turn_post},
    {METHOD_POST, "/settings/webhook/delete",      NEEDS_SIGN_IN | WRITES,      SMALL, RATE_WRITE,   "", webhook_delete_post},

    /* pictures: pictures.c, upload.c, crunch.c */
    {METHOD_GET,  "/p/:id",                  0,                                  0, RATE_READ,   "after", picture_page},
    {METHOD_GET,  "/p/:id/:size.jpg",        NEEDS_SIGN_IN,                      0, RATE_READ,   "", picture_bytes},
    {METHOD_GET,  "/p/:id/edit",             NEEDS_SIGN_IN,                      0, RATE_READ,   "", picture_edit_page},
    {METHOD_POST, "/p/:id/edit",             NEEDS_SIGN_IN | WRITES,         SMALL * 2, RATE_WRITE, "", picture_edit_post},
    {METHOD_POST, "/p/:id/delete",           NEEDS_SIGN_IN | WRITES,         SMALL, RATE_WRITE,  "", picture_delete_post},
    {METHOD_GET,  "/random",                 0,                                  0, RATE_READ,   "", picture_random},
    {METHOD_GET,  "/i/:hash.jpg",            NO_SESSION | EMBEDDABLE | CACHEABLE, 0, RATE_NONE,   "", image_bytes},
    {METHOD_GET,  "/t/:hash.jpg",            NO_SESSION | EMBEDDABLE | CACHEABLE, 0, RATE_NONE,   "", image_bytes},
    {METHOD_GET,  "/upload",                 NEEDS_SIGN_IN,                      0, RATE_READ,   "reply_to", upload_page},
    {METHOD_POST, "/upload",                 NEEDS_SIGN_IN | WRITES | CRUSHES, SMALL * 2, RATE_UPLOAD, "", upload_post},
    {METHOD_GET,  "/share",                  NEEDS_SIGN_IN,                      0, RATE_READ,   "", share_target_page},
    {METHOD_POST, "/share",                  NEEDS_SIGN_IN | WRITES | CRUSHES | SHARED, SMALL * 2, RATE_UPLOAD, "", share_target_post},
    {METHOD_GET,  "/upload/:id",             NEEDS_SIGN_IN,                      0, RATE_READ,   "", candidate_page},
    {METHOD_GET,  "/upload/:id/:preset.jpg", NEEDS_SIGN_IN,                      0, RATE_READ,   "", candidate_image},
    {METHOD_POST, "/upload/:id",             NEEDS_SIGN_IN | WRITES,         SMALL * 2, RATE_WRITE, "", candidate_post},
    {METHOD_POST, "/api/pictures",           NEEDS_SIGN_IN | WRITES | CRUSHES | IS_API, SMALL * 2, RATE_UPLOAD, "", upload_post},
    {METHOD_GET,  "/api/pictures/:id",       IS_API,                             0, RATE_READ,   "", api_picture_get},
    {METHOD_PUT,  "/api/pictures/:id",       NEEDS_SIGN_IN | WRITES | IS_API, SMALL * 2, RATE_WRITE, "", picture_edit_post},
    {METHOD_DELETE, "/api/pictures/:id",     NEEDS_SIGN_IN | WRITES | IS_API,    0, RATE_WRITE,  "", picture_delete_post},
    {METHOD_GET,  "/api/me",                 NEEDS_SIGN_IN | IS_API,             0, RATE_READ,   "", api_me},
    {METHOD_PUT,  "/api/me",                 NEEDS_SIGN_IN | WRITES | IS_API, FORM, RATE_WRITE,  "", api_me_put},
    {METHOD_POST, "/api/me/avatar",          NEEDS_SIGN_IN | WRITES | CRUSHES | IS_API, SMALL, RATE_UPLOAD, "", settings_image_post},
    {METHOD_POST, "/api/me/background",      NEEDS_SIGN_IN | WRITES | CRUSHES | IS_API, SMALL, RATE_UPLOAD, "", settings_image_post},
    {METHOD_GET,  "/api/limits",             IS_API,                             0, RATE_READ,   "", api_limits},

    /* moderation: reports.c, standing.c, shun.c, admin.c, admin_people.c, admin_lists.c */
    {METHOD_GET,  "/report/person/:name",    COOKIELESS,                         0, RATE_READ,   "", report_person_page},
    {METHOD_POST, "/report/person/:name",    COOKIELESS | WRITES,            SMALL, RATE_REPORT, "", report_person_post},
    {METHOD_GET,  "/report/:kind/:id",       COOKIELESS,                         0, RATE_READ,   "", report_page},
    {METHOD_POST, "/report/:kind/:id",       COOKIELESS | WRITES,            SMALL, RATE_REPORT, "", report_post},
    {METHOD_GET,  "/standing",               NEEDS_SIGN_IN | RESTRICTED_TOO,     0, RATE_READ,   "", standing_page},
    {METHOD_POST, "/standing/appeal",        NEEDS_SIGN_IN | WRITES | RESTRICTED_TOO, SMALL, RATE_WRITE, "", standing_appeal_post},
    {METHOD_GET,  "/shun/:name",             NEEDS_SIGN_IN,                      0, RATE_READ,   "", shun_page},
    {METHOD_POST, "/shun/:name",             NEEDS_SIGN_IN | WRITES,         SMALL, RATE_WRITE,  "", shun_post},
    {METHOD_GET,  "/settings/unseen",        NEEDS_SIGN_IN,                      0, RATE_READ,   "", unseen_page},
    {METHOD_GET,  "/admin",                  NEEDS_SIGN_IN | NEEDS_ADMIN,        0, RATE_READ,   "", admin_page},
    {METHOD_POST, "/admin/act",              NEEDS_SIGN_IN | NEEDS_ADMIN | WRITES, SMALL, RATE_WRITE, "", admin_act_post},
    {METHOD_POST, "/admin/appeals/:id",      NEEDS_SIGN_IN | NEEDS_ADMIN | WRITES, SMALL, RATE_WRITE, "", admin_appeal_post},
    {METHOD_GET,  "/admin/people/:name",     NEEDS_SIGN_IN | NEEDS_ADMIN,        0, RATE_READ,   "", admin_person_page},
    {METHOD_POST, "/admin/people/:name/quota", NEEDS_SIGN_IN | NEEDS_ADMIN | WRITES, SMALL, RATE_WRITE, "", admin_quota_post},
    {METHOD_GET,  "/admin/people/:name/branch", NEEDS_SIGN_IN | NEEDS_ADMIN,     0, RATE_READ,   "", admin_branch_page},
    {METHOD_POST, "/admin/people/:name/branch", NEEDS_SIGN_IN | NEEDS_ADMIN | WRITES, SMALL, RATE_WRITE, "", admin_branch_post},
    {METHOD_GET,  "/admin/audit",            NEEDS_SIGN_IN | NEEDS_ADMIN,        0, RATE_READ,   "before", admin_audit_page},
    {METHOD_GET,  "/admin/settings",         NEEDS_SIGN_IN | NEEDS_ADMIN,        0, RATE_READ,   "", admin_settings_page},
    {METHOD_POST, "/admin/settings",         NEEDS_SIGN_IN | NEEDS_ADMIN | WRITES, SMALL, RATE_WRITE, "", admin_settings_post},
    {METHOD_POST, "/admin/words",            NEEDS_SIGN_IN | NEEDS_ADMIN | WRITES, SMALL, RATE_WRITE, "", admin_word_post},
    {METHOD_POST, "/admin/words/:id/remove", NEEDS_SIGN_IN | NEEDS_ADMIN | WRITES, SMALL, RATE_WRITE, "", admin_word_remove},
    {METHOD_GET,  "/admin/blocked",          NEEDS_SIGN_IN | NEEDS_ADMIN,        0, RATE_READ,   "before", admin_blocked_page},
    {METHOD_POST, "/admin/blocked/:id/remove", NEEDS_SIGN_IN | NEEDS_ADMIN | WRITES, SMALL, RATE_WRITE, "", admin_blocked_remove},

    /* posting by Micropub: micropub.c, micropub_media.c */
    {METHOD_GET,  "/micropub",       NEEDS_SIGN_IN | IS_API | SPEAKS_MICROPUB,                      0, RATE_READ,   "q url properties properties[] filter", micropub_get},
    {METHOD_POST, "/micropub",       NEEDS_SIGN_IN | WRITES | CRUSHES | IS_API | SPEAKS_MICROPUB, SMALL * 2, RATE_UPLOAD, "", micropub_post},
    {METHOD_OTHER, "/micropub",       NO_SESSION | IS_API | SPEAKS_MICROPUB,                         0, RATE_READ,   "", micropub_options},
    {METHOD_OTHER, "/micropub/media", NO_SESSION | IS_API | SPEAKS_MICROPUB,                         0, RATE_READ,   "", micropub_options},
    {METHOD_OTHER, "/micropub/media/:id.jpg", NO_SESSION | IS_API | SPEAKS_MICROPUB,                 0, RATE_READ,   "", micropub_options},
    {METHOD_GET,  "/micropub/media/:id.jpg", NEEDS_SIGN_IN | IS_API | SPEAKS_MICROPUB,               0, RATE_READ,   "", micropub_media_get},
    {METHOD_POST, "/micropub/media", NEEDS_SIGN_IN | WRITES | CRUSHES | IS_API | SPEAKS_MICROPUB, SMALL, RATE_UPLOAD, "", micropub_media_post},

    /* on other people's pages: badges.c, discovery.c */
    {METHOD_GET, "/badge/:name.gif",        NO_SESSION | EMBEDDABLE, 0, RATE_READ, "show fg bg trans", badge_gif},
    {METHOD_GET, "/button/:name.gif",       NO_SESSION | EMBEDDABLE, 0, RATE_READ, "style", button_gif},
    {METHOD_GET, "/display/*",              NO_SESSION | EMBEDDABLE, 0, RATE_READ, "", badge_display},
    {METHOD_GET, "/embed/style.css",        NO_SESSION | EMBEDDABLE, 0, RATE_READ, WIDGET_PARAMS, embed_style},
    {METHOD_GET, "/embed/:name/:kind.js",   NO_SESSION | EMBEDDABLE, 0, RATE_READ, WIDGET_PARAMS, embed_script},
    {METHOD_GET, "/embed/:name/:kind.gif",  NO_SESSION | EMBEDDABLE, 0, RATE_READ, WIDGET_PARAMS, embed_gif},
    {METHOD_GET, "/embed/:name/picture.jpg", NO_SESSION | EMBEDDABLE, 0, RATE_READ, "", embed_jpg},
    {METHOD_GET, "/embed/:name/:kind",      NO_SESSION | EMBEDDABLE, 0, RATE_READ, WIDGET_PARAMS, embed_page},
    {METHOD_GET, "/static/:file",           NO_SESSION | EMBEDDABLE | CACHEABLE, 0, RATE_NONE, "v", static_file},
    {METHOD_GET, "/favicon.ico",            NO_SESSION | CACHEABLE, 0, RATE_NONE, "", static_favicon},
    {METHOD_GET, "/robots.txt",             NO_SESSION | CACHEABLE, 0, RATE_READ, "", static_robots},
    {METHOD_GET, "/oembed",                 NO_SESSION | EMBEDDABLE | IS_API, 0, RATE_READ, "url format maxwidth maxheight", oembed},
    {METHOD_GET, "/.well-known/webfinger",  NO_SESSION | EMBEDDABLE | IS_API, 0, RATE_READ, "resource", webfinger},

    /* pages.c, feeds.c, statuses.c, moods.c, people.c, dropin.c */
    {METHOD_GET, "/", CACHEABLE, 0, RATE_READ, "before", index_page},
    {METHOD_GET, "/gallery", CACHEABLE, 0, RATE_READ, "before", gallery_page},
    {METHOD_GET, "/tag/:tag", CACHEABLE, 0, RATE_READ, "before", tag_page},
    {METHOD_GET, "/search", CACHEABLE, 0, RATE_SEARCH, "q before", search_page},
    {METHOD_GET, "/opensearch.xml", NO_SESSION | CACHEABLE, 0, RATE_READ, "", opensearch_xml},
    {METHOD_GET, "/about", CACHEABLE, 0, RATE_READ, "", about_page},
    {METHOD_GET, "/rules", CACHEABLE, 0, RATE_READ, "", rules_page},
    {METHOD_GET, "/help", CACHEABLE, 0, RATE_READ, "", help_page},
    {METHOD_GET, "/help/style", CACHEABLE, 0, RATE_READ, "", help_style_page},
    {METHOD_GET, "/feed.atom", CACHEABLE, 0, RATE_READ, "", feed_atom},
    {METHOD_GET, "/feed.json", CACHEABLE, 0, RATE_READ, "", feed_json},

    {METHOD_GET, "/statuses", CACHEABLE, 0, RATE_READ, "by before answers", statuses_page},
    {METHOD_GET, "/statuses/:id", CACHEABLE, 0, RATE_READ, "after", status_page},
    {METHOD_GET, "/status", NEEDS_SIGN_IN, 0, RATE_READ, "content popup reply_to", status_form_page},
    {METHOD_POST, "/status", NEEDS_SIGN_IN | WRITES, SMALL, RATE_WRITE, "", status_post},
    {METHOD_GET, "/statuses/:id/edit", NEEDS_SIGN_IN, 0, RATE_READ, "", status_edit_page},
    {METHOD_POST, "/statuses/:id/edit", NEEDS_SIGN_IN | WRITES, SMALL, RATE_WRITE, "", status_edit_post},
    {METHOD_POST, "/statuses/:id/delete", NEEDS_SIGN_IN | WRITES, SMALL, RATE_WRITE, "", status_delete_post},
    {METHOD_POST, "/api/statuses", NEEDS_SIGN_IN | WRITES | IS_API, SMALL, RATE_WRITE, "", status_post},
    {METHOD_GET, "/api/statuses/:id", IS_API, 0, RATE_READ, "", api_status_get},
    {METHOD_PUT, "/api/statuses/:id", NEEDS_SIGN_IN | WRITES | IS_API, SMALL, RATE_WRITE, "", status_edit_post},
    {METHOD_DELETE, "/api/statuses/:id", NEEDS_SIGN_IN | WRITES | IS_API, SMALL, RATE_WRITE, "", status_delete_post},

    {METHOD_GET, "/moods", CACHEABLE, 0, RATE_READ, "by mood before", moods_page},
    {METHOD_GET, "/moods/counts.json", NO_SESSION | CACHEABLE, 0, RATE_READ, "", mood_counts},
    {METHOD_GET, "/moods/:id", CACHEABLE, 0, RATE_READ, "after", mood_page},
    {METHOD_GET, "/mood", NEEDS_SIGN_IN, 0, RATE_READ, "", mood_form_page},
    {METHOD_POST, "/mood", NEEDS_SIGN_IN | WRITES, SMALL, RATE_WRITE, "", mood_post},
    {METHOD_GET, "/moods/:id/edit", NEEDS_SIGN_IN, 0, RATE_READ, "", mood_edit_page},
    {METHOD_POST, "/moods/:id/edit", NEEDS_SIGN_IN | WRITES, SMALL, RATE_WRITE, "", mood_edit_post},
    {METHOD_POST, "/moods/:id/delete", NEEDS_SIGN_IN | WRITES, SMALL, RATE_WRITE, "", mood_delete_post},
    {METHOD_POST, "/api/moods", NEEDS_SIGN_IN | WRITES | IS_API, SMALL, RATE_WRITE, "", mood_post},
    {METHOD_GET, "/api/moods/:id", IS_API, 0, RATE_READ, "", api_mood_get},
    {METHOD_PUT, "/api/moods/:id", NEEDS_SIGN_IN | WRITES | IS_API, SMALL, RATE_WRITE, "", mood_edit_post},
    {METHOD_DELETE, "/api/moods/:id", NEEDS_SIGN_IN | WRITES | IS_API, SMALL, RATE_WRITE, "", mood_delete_post},

    /* answers: posts/answers.c */
    {METHOD_POST,   "/answers/:kind/:id",        NEEDS_SIGN_IN | WRITES,          SMALL, RATE_WRITE, "", answer_off_post},
    {METHOD_POST,   "/answerable/:kind/:id",     NEEDS_SIGN_IN | WRITES,          SMALL, RATE_WRITE, "", answers_open_post},
    {METHOD_PUT,    "/api/answers/:kind/:id",    NEEDS_SIGN_IN | WRITES | IS_API, SMALL, RATE_WRITE, "", answer_off_post},
    {METHOD_DELETE, "/api/answers/:kind/:id",    NEEDS_SIGN_IN | WRITES | IS_API, SMALL, RATE_WRITE, "", answer_off_post},
    {METHOD_PUT,    "/api/answerable/:kind/:id", NEEDS_SIGN_IN | WRITES | IS_API, SMALL, RATE_WRITE, "", answers_open_post},

    /* following: follows.c, friends.c, feed_keys.c, elsewhere/feeds.c */
    {METHOD_GET,  "/friends",                   NEEDS_SIGN_IN,               0, RATE_READ,  "before", friends_page},
    {METHOD_GET,  "/friends/statuses",          NEEDS_SIGN_IN,               0, RATE_READ,  "before", friends_statuses_page},
    {METHOD_GET,  "/friends/moods",             NEEDS_SIGN_IN,               0, RATE_READ,  "before", friends_moods_page},
    {METHOD_GET,  "/friends/feed.atom",         NO_SESSION | SECRET_QUERY,   0, RATE_READ,  "key",    friends_feed_atom},
    {METHOD_GET,  "/friends/people",            NEEDS_SIGN_IN,               0, RATE_READ,  "before", follows_page},
    {METHOD_POST, "/friends/people",            NEEDS_SIGN_IN | WRITES,  SMALL, RATE_WRITE, "",       follows_post},
    {METHOD_GET,  "/friends/followers",         NEEDS_SIGN_IN,               0, RATE_READ,  "before", followers_page},
    {METHOD_POST, "/friends/followers/:name/remove", NEEDS_SIGN_IN | WRITES, SMALL, RATE_WRITE, "",   follower_remove_post},
    {METHOD_GET,  "/follow/:name",              NEEDS_SIGN_IN,               0, RATE_READ,  "",       follow_page},
    {METHOD_POST, "/follow/:name",              NEEDS_SIGN_IN | WRITES,  SMALL, RATE_WRITE, "",       follow_post},
    {METHOD_GET,  "/settings/feeds",            NEEDS_SIGN_IN,               0, RATE_READ,  "",       feed_keys_page},
    {METHOD_POST, "/settings/feeds",            NEEDS_SIGN_IN | WRITES,  SMALL, RATE_WRITE, "",       feed_keys_post},
    {METHOD_POST, "/settings/feeds/revoke",     NEEDS_SIGN_IN | WRITES,  SMALL, RATE_WRITE, "",       feed_keys_revoke_post},
    {METHOD_GET,  "/api/follows",               NEEDS_SIGN_IN | IS_API,      0, RATE_READ,  "before", api_follows},
    {METHOD_POST, "/api/follows",               NEEDS_SIGN_IN | WRITES | IS_API, SMALL, RATE_WRITE, "", api_follow_post},
    {METHOD_DELETE, "/api/follows/:name",       NEEDS_SIGN_IN | WRITES | IS_API, 0, RATE_WRITE, "",   api_follow_delete},
    {METHOD_GET,  "/api/followers",             NEEDS_SIGN_IN | IS_API,      0, RATE_READ,  "before", api_followers},
    {METHOD_DELETE, "/api/followers/:name",     NEEDS_SIGN_IN | WRITES | IS_API, 0, RATE_WRITE, "",   api_follower_delete},

    /* what one is told and keeps: notices.c, kept.c */
    {METHOD_GET,    "/notices",             NEEDS_SIGN_IN,                        0, RATE_READ,  "before", notices_page},
    {METHOD_GET,    "/notices/feed.atom",   NO_SESSION | SECRET_QUERY,            0, RATE_READ,  "key", notices_feed_atom},
    {METHOD_POST,   "/notices/read",        NEEDS_SIGN_IN | WRITES,           SMALL, RATE_WRITE, "", notices_read_post},
    {METHOD_POST,   "/api/notices/read",    NEEDS_SIGN_IN | WRITES | IS_API,  SMALL, RATE_WRITE, "", notices_read_post},
    {METHOD_GET,    "/settings/answers",    NEEDS_SIGN_IN,                        0, RATE_READ,  "", manners_page},
    {METHOD_POST,   "/settings/answers",    NEEDS_SIGN_IN | WRITES,           SMALL, RATE_WRITE, "", manners_post},
    {METHOD_GET,    "/kept",                NEEDS_SIGN_IN,                        0, RATE_READ,  "before", kept_page},
    {METHOD_POST,   "/kept",                NEEDS_SIGN_IN | WRITES,           SMALL, RATE_WRITE, "", kept_post},
    {METHOD_POST,   "/api/kept",            NEEDS_SIGN_IN | WRITES | IS_API,  SMALL, RATE_WRITE, "", api_kept_post},
    {METHOD_DELETE, "/api/kept/:kind/:id",  NEEDS_SIGN_IN | WRITES | IS_API,      0, RATE_WRITE, "", api_kept_delete},
    {METHOD_GET,    "/~:name/kept",         CACHEABLE,                            0, RATE_READ,  "before", person_kept_page},

    {METHOD_GET, "/themes", CACHEABLE, 0, RATE_READ, "", themes_page},
    {METHOD_GET, "/people", CACHEABLE, 0, RATE_READ, "before", people_page},
    {METHOD_GET, "/~:name", CACHEABLE, 0, RATE_READ, "before style", person_page},
    {METHOD_GET, "/~:name/room", NO_SESSION, 0, RATE_READ, "before", person_room},
    {METHOD_GET, "/~:name/style.css", NO_SESSION | CACHEABLE, 0, RATE_READ, "", person_style},
    {METHOD_GET, "/~:name/follows", CACHEABLE, 0, RATE_READ, "before", person_follows_page},
    {METHOD_GET, "/~:name/feed.atom", CACHEABLE, 0, RATE_READ, "", person_feed_atom},
    {METHOD_GET, "/~:name/feed.json", CACHEABLE, 0, RATE_READ, "", person_feed_json},

    /* the neighbourhood: directory.c, ring.c */
    {METHOD_GET, "/neighbours", CACHEABLE, 0, RATE_READ, "category q before", neighbours_page},
    {METHOD_GET, "/neighbours.opml", CACHEABLE, 0, RATE_READ, "", neighbours_opml},
    {METHOD_GET, "/neighbours/feed.atom", CACHEABLE, 0, RATE_READ, "", neighbours_atom},
    {METHOD_GET, "/neighbours/new", NEEDS_SIGN_IN, 0, RATE_READ, "home", neighbour_form_page},
    {METHOD_POST, "/neighbours/new", NEEDS_SIGN_IN | WRITES | CRUSHES, SMALL, RATE_UPLOAD, "", neighbour_post},
    {METHOD_GET, "/neighbours/:id/edit", NEEDS_SIGN_IN, 0, RATE_READ, "", neighbour_edit_page},
    {METHOD_POST, "/neighbours/:id", NEEDS_SIGN_IN | WRITES | CRUSHES, SMALL, RATE_UPLOAD, "", neighbour_edit_post},
    {METHOD_POST, "/neighbours/:id/delete", NEEDS_SIGN_IN | WRITES, SMALL, RATE_WRITE, "", neighbour_delete_post},
    {METHOD_GET, "/neighbours/:id/button.gif", CACHEABLE, 0, RATE_READ, "", neighbour_button},
    {METHOD_GET, "/ring", CACHEABLE, 0, RATE_READ, "", ring_page},
    {METHOD_POST, "/ring", NEEDS_SIGN_IN | WRITES, SMALL, RATE_WRITE, "", ring_post},
    {METHOD_GET, "/ring/:name/prev", NO_SESSION, 0, RATE_READ, "", ring_prev},
    {METHOD_GET, "/ring/:name/next", NO_SESSION, 0, RATE_READ, "", ring_next},
    {METHOD_GET, "/ring/:name/random", NO_SESSION, 0, RATE_READ, "", ring_random},

    {METHOD_GET, "/users/:name", NO_SESSION, 0, RATE_READ, "", dropin_person},
    {METHOD_GET, "/users/:name/status.json", NO_SESSION | EMBEDDABLE, 0, RATE_READ, "", dropin_status_json},
    {METHOD_GET, "/users/:name.atom", NO_SESSION | EMBEDDABLE, 0, RATE_READ, "", dropin_status_atom},
    {METHOD_GET, "/current-status.js", NO_SESSION | EMBEDDABLE, 0, RATE_READ, "name callback", dropin_status_script},
};
/* clang-format on */

const int route_count = sizeof routes / sizeof routes[0];
