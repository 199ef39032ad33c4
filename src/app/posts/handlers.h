/* Every handler of posts, by the file it lives in. */
#ifndef PICLOG_APP_POSTS_HANDLERS_H
#define PICLOG_APP_POSTS_HANDLERS_H

#include "app/request/app.h"

/* pages.c */
handler index_page, gallery_page, opensearch_xml, about_page, rules_page, help_page, help_style_page,
    help_programs_page;

/* search.c */
handler search_page, tag_page, tags_page;

/* pictures.c */
handler picture_page, picture_random, picture_edit_page, picture_edit_post, picture_delete_post, picture_bytes,
    image_bytes, api_picture_get;

/* answers.c */
handler answer_off_post, answers_open_post;

/* upload.c */
handler upload_page, upload_post;

/* crunch.c */
handler candidate_page, candidate_image, candidate_post;

/* candidates.c */
handler candidates_page, candidates_post;

/* share_target.c */
handler share_target_page, share_target_post;

/* statuses.c */
handler statuses_page, status_page, status_form_page, status_post, status_edit_page, status_edit_post,
    status_delete_post, api_status_get;

/* moods.c */
handler moods_page, mood_page, mood_counts, mood_form_page, mood_post, mood_edit_page, mood_edit_post, mood_delete_post,
    api_mood_get;

#endif
