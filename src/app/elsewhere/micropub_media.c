/*
 * The media endpoint of Micropub: a picture that a post may use within an hour, a candidate in one preset. Until then
 * only its owner sees it. Refuses more than one at a time. Read next: micropub.c.
 */
#include "app/elsewhere/handlers.h"
#include "app/posts/upload.h"
#include "app/request/crushed.h"

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
    const char *url = request_url(req, arena_printf(&req->arena, "/upload/%lld/crunchy.jpg", (long long)id));
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
        respond_crushed(req, res, presets, 2, after_media);
}
