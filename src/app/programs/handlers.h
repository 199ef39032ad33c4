/* Every handler for programs of others, by the file it lives in. */
#ifndef PICLOG_APP_PROGRAMS_HANDLERS_H
#define PICLOG_APP_PROGRAMS_HANDLERS_H

#include "app/request/app.h"

/* oauth.c */
handler oauth_app_post, oauth_consent_page, oauth_consent_post, oauth_token_post, oauth_identity_post,
    oauth_revoke_post, oauth_introspect_post, oauth_metadata;

#endif
