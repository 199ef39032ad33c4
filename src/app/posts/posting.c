/* What all posts share: see posting.h. Refuses what is no UTF-8 or too long, in sentences. Read next: base/text.c. */
#include "app/posts/posting.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "app/people/profile.h"

const char *posting_text(struct request *req, const char *field, const char *label, int is_block, size_t max_clusters,
                         size_t max_bytes, const char **ret_text)
{
    const char *typed = request_form(req, field, "");
    char *clean = NULL;
    switch (text_clean(typed, strlen(typed), is_block ? TEXT_BLOCK : TEXT_LINE, max_clusters, max_bytes, &clean)) {
    case TEXT_OK: break;
    case TEXT_NOT_UTF8: return arena_printf(&req->arena, "%s is not text in UTF-8.", label);
    case TEXT_TOO_LONG:
    case TEXT_TOO_MANY_BYTES:
        return arena_printf(&req->arena, "%s is too long: at most %zu characters fit.", label, max_clusters);
    }
    *ret_text = arena_copy(&req->arena, clean);
    free(clean);
    return NULL;
}

const char *posting_profile(struct request *req, const char **ret_display_name, const char **ret_homepage,
                            const char **ret_about, const char **ret_css)
{
    const char *fault = posting_text(req, "display_name", "The name", 0, DISPLAY_NAME_MAX, 400, ret_display_name);
    if (!fault)
        fault = posting_text(req, "homepage", "The homepage", 0, HOMEPAGE_MAX, HOMEPAGE_MAX, ret_homepage);
    if (!fault)
        fault = posting_text(req, "about", "The text about you", 1, ABOUT_MAX, 10000, ret_about);
    if (!fault)
        fault = profile_read_css(req, ret_css);
    if (!fault && **ret_homepage && !(*ret_homepage = profile_complete_url(req, *ret_homepage)))
        fault = "the homepage is no address of the web. Something like https://you.example is.";
    return fault;
}
