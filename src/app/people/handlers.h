/* Every handler about people and their own things, by the file it lives in. */
#ifndef PICLOG_APP_PEOPLE_HANDLERS_H
#define PICLOG_APP_PEOPLE_HANDLERS_H

#include "app/request/app.h"

/* accounts.c */
handler login_page, login_post, logout_post, join_page, join_post, recover_page, recover_post, settings_codes_post;

/* settings.c */
handler settings_page, settings_form_page, settings_post, settings_password_post, settings_session_revoke,
    settings_token_post, settings_token_revoke, settings_invite_post, settings_invite_revoke, settings_close_post;
/* A room of the settings: a page with the forms of one matter. */
enum settings_room {
    ROOM_ALL, /* the way to the others */
    ROOM_PROFILE,
    ROOM_PICTURES,
    ROOM_PASSWORD, /* with recovery codes and browsers */
    ROOM_TOKENS,
    ROOM_INVITES,
    ROOM_LEAVE
};
/* What the person can mend stands in the room of the form, with what was typed; anything else is an error page. */
void settings_refuse(struct request *req, struct response *res, enum settings_room room, const struct fault *fault);
/* Answers a finished change: the room with a notice, or what went wrong (fault; NULL: nothing). */
void settings_done(struct request *req, struct response *res, enum settings_room room, const struct fault *fault,
                   const char *notice);

/* people.c */
handler people_page, person_page, person_room, person_style;

/* profile.c */
/* For the forms that choose one: [{"code", "name", "is_chosen"}, …]; new reference. */
json_t *settings_languages(const char *chosen);

handler settings_image_post, style_page, style_post, style_preview, style_room, style_draft, api_me_put;

/* themes.c */
handler themes_page;

/* api.c */
handler api_me, api_limits;

/* webhooks.c */
handler webhook_page, webhook_post, webhook_turn_post, webhook_delete_post;

/* standing.c */
handler standing_page, standing_appeal_post;

/* shun.c */
handler shun_page, shun_post, unseen_page;

#endif
