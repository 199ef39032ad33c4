/*
 * The media endpoint of Micropub: a picture that a post may use within an hour, a candidate in one preset. Until then
 * only its owner sees it, also by token: its address is under /micropub, where tokens of every scope and programs in
 * browsers may go. Refuses more than one at a time. Read next: micropub.c.
 */
#include <stdlib.h>
#include <string.h>

#include "app/elsewhere/micropub.h"
#include "app/elsewhere/handlers.h"
#include "app/posts/upload.h"
#include "app/request/crushed.h"
#include "store/candidate.h"

static const char folder[] = "/micropub/media/", ending[] = ".jpg";

static void after_media(struct request *req, struct response *res)
{
    static const struct picture_words no_words = {.caption = "", .alt = "", .note = "", .tags_text = ""};
    const struct pool_outcome *outcome = &req->crushed[0].outcome;
    int64_t id = 0;
    const struct fault *fault = crushed_fault(&req->arena, outcome);
    if (!fault)
        fault = upload_offer(req, outcome, &no_words, NULL, 0, &id);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    const char *url = request_url(req, arena_printf(&req->arena, "%s%lld%s", folder, (long long)id, ending));
    respond_header(req, res, "Location", url);
    res->status = 201;
    respond_json(req, res, json_pack("{s:s}", "url", url));
}

void micropub_media_post(struct request *req, struct response *res)
{
    static const crush_preset presets[] = {CRUSH_PRESET_CRUNCHY, CRUSH_PRESET_THUMBNAIL};
    respond_header(req, res, "Access-Control-Expose-Headers", "Location");
    if (!(req->viewer.scopes & (SCOPE_MEDIA | SCOPE_CREATE)))
        respond_error(req, res, 403, "This token is not allowed to upload.");
    else if (req->upload_count != 1)
        respond_error(req, res, 400, "One picture a request, please, as the part \"file\" of a form.");
    else
        respond_crushed_moving(req, res, POOL_CLIP, presets, 2, after_media);
}

int64_t micropub_media_id(struct request *req, const char *url)
{
    const char *start = request_url(req, folder);
    const size_t start_bytes = strlen(start);
    if (strncmp(url, start, start_bytes) != 0)
        return 0;
    const size_t digits = strspn(url + start_bytes, "0123456789");
    if (!digits || digits > 18 || strcmp(url + start_bytes + digits, ending) != 0)
        return 0;
    return strtoll(url + start_bytes, NULL, 10);
}

/* The picture, for the client that put it there. */
void micropub_media_get(struct request *req, struct response *res)
{
    void *data = NULL;
    size_t size = 0;
    res->cache = CACHE_NEVER;
    if (!(req->viewer.scopes & (SCOPE_MEDIA | SCOPE_CREATE))) {
        respond_error(req, res, 403, "This token is not allowed to upload, nor to look at what was.");
        return;
    }
    if (candidate_image_find(request_db(req), req->viewer.account, request_id(req), "crunchy", &data, &size) !=
        STORE_OK) {
        respond_error(req, res, 404, "This picture is gone: published, or not used within an hour.");
        return;
    }
    respond_private_jpeg(req, res, data, size);
}
