/* Every handler of moderation, by the file it lives in. */
#ifndef PICLOG_APP_ADMIN_HANDLERS_H
#define PICLOG_APP_ADMIN_HANDLERS_H

#include "app/request/app.h"

/* reports.c */
handler report_page, report_person_page, report_post, report_person_post;

/* admin.c */
handler admin_page, admin_reported_bytes, admin_act_post, admin_appeal_post;

/* admin_people.c */
handler admin_person_page, admin_quota_post, admin_branch_page, admin_branch_post;

/* admin_lists.c */
handler admin_audit_page, admin_settings_page, admin_settings_post, admin_guestbook_post, admin_word_post,
    admin_word_remove, admin_blocked_page, admin_blocked_remove;

/* admin_site.c */
handler admin_site_page, admin_site_post;

#endif
