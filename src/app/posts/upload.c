/*
 * Uploading: the form, "pick your crunch", and POST /api/pictures. The bytes of a stranger never touch this process:
 * dispatch keeps them in a memfd, respond_crushed() hands that to a caged worker, and what comes back was checked. Read
 * next: worker/pool.h.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/request/app.h"
#include "base/clock.h"
#include "app/handlers.h"
#include "app/posts/post_kind.h"
#include "app/posts/posting.h"
#include "app/request/routes.h"
#include "store/candidate.h"
#include "app/posts/upload.h"

static const char *const choices[] = {"choose", "crispy", "crunchy", "fried", "dust"};
enum { CHOICES = sizeof choices / sizeof choices[0] };
static const crush_preset all_presets[] = {CRUSH_PRESET_CRISPY, CRUSH_PRESET_CRUNCHY, CRUSH_PRESET_FRIED,
                                           CRUSH_PRESET_DUST, CRUSH_PRESET_THUMBNAIL};
enum { ALL_PRESETS = sizeof all_presets / sizeof all_presets[0] };

struct upload_state {
    struct post_words words;
    int choose;
};

/* ---- The form ----------------------------------------------------------------------------------- */

static void form_page(struct request *req, struct response *res, const char *error)
{
    const char *preset = request_form(req, "preset", "choose");
    json_t *checked = json_object();
    for (int i = 0; i < CHOICES; i++)
        json_object_set_new(checked, choices[i], json_boolean(strcmp(choices[i], preset) == 0));
    res->cache = CACHE_NEVER;
    respond_page(req, res, "upload",
                 json_pack("{s:I, s:i, s:s, s:s, s:s, s:s, s:o, s:s?}", "max_bytes",
                           (json_int_t)req->app->config->upload_bytes, "max_files", UPLOADS_MAX, "caption",
                           posting_typed(req, "caption"), "alt", posting_typed(req, "alt"), "note",
                           posting_typed(req, "note"), "tags", posting_typed(req, "tags"), "checked", checked, "error",
                           error));
}

void upload_page(struct request *req, struct response *res)
{
    form_page(req, res, NULL);
}

static void refuse(struct request *req, struct response *res, int status, const char *sentence)
{
    if (req->route->flags & IS_API) {
        respond_error(req, res, status, "%s", sentence);
        return;
    }
    res->status = status;
    form_page(req, res, sentence);
}

/* ---- What the worker says ------------------------------------------------------------------------ */

int upload_refusal(struct request *req, const struct pool_outcome *outcome, const char **ret_sentence)
{
    const char *why = outcome->error.message;
    switch (outcome->status) {
    case POOL_LATE:
        *ret_sentence = "This picture took too long to decode. Save it anew in any program and try again.";
        return 422;
    case POOL_DIED:
        *ret_sentence = "This picture crashed its decoder, which was thrown away with it. Nothing else happened.";
        return 422;
    case POOL_CLOSED: *ret_sentence = "The crusher is busy or just starting. Try again in a moment."; return 503;
    default: break;
    }
    switch (outcome->error.status) {
    case CRUSH_EFORMAT:
    case CRUSH_EUNSUPPORTED:
        *ret_sentence = arena_printf(&req->arena, "This cannot be crushed: %s. %s can.", why, crush_formats_text());
        return 415;
    case CRUSH_ELIMIT:
        *ret_sentence = arena_printf(&req->arena, "This is over the limit of %s: %s. Make it smaller and try again.",
                                     crush_limit_text(outcome->error.limit), why);
        return outcome->error.limit == CRUSH_LIMIT_INPUT ? 413 : 422;
    default: *ret_sentence = arena_printf(&req->arena, "This picture cannot be used: %s.", why); return 422;
    }
}

static const struct pool_picture *find_preset(const struct pool_outcome *outcome, crush_preset preset)
{
    for (int i = 0; i < outcome->picture_count; i++)
        if (outcome->pictures[i].preset == preset)
            return &outcome->pictures[i];
    return NULL;
}

static struct image image_of(const struct pool_picture *picture)
{
    return (struct image){picture->data, picture->size_bytes, picture->width_px, picture->height_px};
}

static struct picture_new describe(struct request *req, const struct pool_outcome *outcome,
                                   const struct post_words *words)
{
    return (struct picture_new){.account = req->viewer.account,
                                .caption = words->caption,
                                .note = words->note,
                                .alt = words->alt,
                                .tags = words->tags,
                                .tag_count = words->tag_count,
                                .fingerprint = outcome->fingerprint,
                                .source_format = crush_format_text(outcome->source.format),
                                .source_bytes = (int64_t)outcome->source.source_bytes,
                                .source_width = outcome->source.source_width_px,
                                .source_height = outcome->source.source_height_px,
                                .quota_bytes = req->app->config->quota_bytes};
}

static enum store_status publish(struct request *req, const struct pool_outcome *outcome,
                                 const struct post_words *words, int64_t *ret_id)
{
    const struct pool_picture *full = &outcome->pictures[0], *thumb = find_preset(outcome, CRUSH_PRESET_THUMBNAIL);
    struct picture_new picture = describe(req, outcome, words);
    picture.full = image_of(full);
    picture.thumb = image_of(thumb ? thumb : full);
    picture.preset = crush_preset_name(full->preset);
    picture.quality = full->quality;
    return picture_add(req->app->store, request_db(req), &picture, ret_id);
}

static enum store_status keep_candidate(struct request *req, const struct pool_outcome *outcome,
                                        const struct post_words *words, int64_t *ret_id)
{
    struct picture_new picture = describe(req, outcome, words);
    struct candidate_image images[POOL_MAX_PICTURES];
    for (int i = 0; i < outcome->picture_count; i++)
        images[i] = (struct candidate_image){crush_preset_name(outcome->pictures[i].preset),
                                             image_of(&outcome->pictures[i]), outcome->pictures[i].quality};
    return candidate_add(request_db(req), &picture, words->tags_text, images, outcome->picture_count, ret_id);
}

static const char *store_sentence(enum store_status status)
{
    switch (status) {
    case STORE_FULL: return "Your room here is full. Delete some pictures, or ask whoever runs this piclog for more.";
    case STORE_BUSY: return "The database is busy. Try again in a moment.";
    case STORE_BLOCKED: return "This picture is on the block list of this piclog, so it was not kept.";
    case STORE_REFUSED: return "The words hold one that is not taken here. Say it in other words.";
    default: return "The picture could not be kept. That is our fault, and it has been written down.";
    }
}

static int store_http_status(enum store_status status)
{
    return status == STORE_FULL                                 ? 507
           : status == STORE_BUSY                               ? 503
           : status == STORE_BLOCKED || status == STORE_REFUSED ? 422
                                                                : 500;
}

/* ---- Crushed: publish, or show the four --------------------------------------------------------- */

static void after_crush(struct request *req, struct response *res)
{
    const struct upload_state *state = req->state;
    int64_t id = 0;
    int kept = 0, worst = 0;
    const char *sentence = NULL;
    for (int i = 0; i < req->upload_count; i++) {
        const struct pool_outcome *outcome = &req->crushed[i].outcome;
        if (outcome->status != POOL_OK) {
            worst = upload_refusal(req, outcome, &sentence);
            continue;
        }
        enum store_status status = state->choose ? keep_candidate(req, outcome, &state->words, &id)
                                                 : publish(req, outcome, &state->words, &id);
        if (status == STORE_OK) {
            kept++;
        } else {
            worst = store_http_status(status);
            sentence = store_sentence(status);
        }
    }
    if (!kept) {
        refuse(req, res, worst, sentence);
    } else if (req->route->flags & IS_API) {
        post_added(req, res, &post_picture, STORE_OK, id, NULL, NULL);
    } else {
        if (kept < req->upload_count)
            respond_notice(req, res,
                           arena_printf(&req->arena, "%d of %d came through. %s", kept, req->upload_count, sentence));
        respond_redirect(req, res,
                         state->choose ? arena_printf(&req->arena, "/upload/%lld", (long long)id)
                         : kept == 1   ? arena_printf(&req->arena, "/p/%lld", (long long)id)
                                       : arena_printf(&req->arena, "/~%s", req->viewer.name));
    }
}

void upload_drop_empty(struct request *req)
{
    int kept = 0;
    for (int i = 0; i < req->upload_count; i++)
        if (req->uploads[i].size_bytes > 0)
            req->uploads[kept++] = req->uploads[i];
        else
            close(req->uploads[i].fd);
    req->upload_count = kept;
}

void upload_candidates(struct request *req, struct response *res, const struct post_words *words)
{
    struct upload_state *state = arena_alloc(&req->arena, sizeof *state);
    state->words = *words;
    state->choose = 1;
    req->state = state;
    respond_crushed(req, res, all_presets, ALL_PRESETS, after_crush);
}

void upload_post(struct request *req, struct response *res)
{
    struct upload_state *state = arena_alloc(&req->arena, sizeof *state);
    const int is_api = (req->route->flags & IS_API) != 0;
    const char *preset_name = request_form(req, "preset", is_api ? "crunchy" : "choose");
    crush_preset presets[2] = {CRUSH_PRESET_CRUNCHY, CRUSH_PRESET_THUMBNAIL};
    state->choose = !is_api && strcmp(preset_name, "choose") == 0;
    const char *fault = posting_words(req, &state->words);
    if (!fault && !state->choose &&
        (crush_preset_by_name(preset_name, &presets[0]) != 0 || presets[0] == CRUSH_PRESET_THUMBNAIL))
        fault = "There is no such crunch. Pick crispy, crunchy, fried or dust.";
    if (fault) {
        refuse(req, res, 422, fault);
        return;
    }
    upload_drop_empty(req);
    if (req->upload_count == 0) {
        refuse(req, res, 422, "No picture came along. Choose a file first.");
        return;
    }
    if (is_api && req->upload_count > 1) {
        refuse(req, res, 422, "One picture a request, please: send them one after the other.");
        return;
    }
    /* Several at once are posted as they are; picking a crunch is for one picture. */
    if (req->upload_count > 1)
        state->choose = 0;
    req->state = state;
    if (state->choose)
        respond_crushed(req, res, all_presets, ALL_PRESETS, after_crush);
    else
        respond_crushed(req, res, presets, 2, after_crush);
}

/* ---- Media of Micropub -------------------------------------------------------------------------- */

static void after_media(struct request *req, struct response *res)
{
    static const struct post_words no_words = {.caption = "", .alt = "", .tags_text = ""};
    const struct pool_outcome *outcome = &req->crushed[0].outcome;
    const char *sentence = NULL;
    int64_t id = 0;
    if (outcome->status != POOL_OK) {
        int status = upload_refusal(req, outcome, &sentence);
        respond_error(req, res, status, "%s", sentence);
        return;
    }
    enum store_status status = keep_candidate(req, outcome, &no_words, &id);
    if (status != STORE_OK) {
        respond_error(req, res, store_http_status(status), "%s", store_sentence(status));
        return;
    }
    const char *url = request_url(req, arena_printf(&req->arena, "/upload/%lld/crunchy.jpg", (long long)id));
    respond_header(req, res, "Location", url);
    res->status = 201;
    respond_json(req, res, json_pack("{s:s}", "url", url));
}

/* POST /micropub/media: a picture that a post may use within an hour; until then only its owner sees it. */
void upload_media_post(struct request *req, struct response *res)
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

/* ---- Pick your crunch ---------------------------------------------------------------------------- */

static json_t *find_candidate(struct request *req, struct response *res)
{
    json_t *candidate = db_row(request_db(req), QUERY_CANDIDATE, "iii", request_id(req), req->viewer.account,
                               req->now_s - CANDIDATE_LIFETIME_S);
    if (json_is_object(candidate))
        return candidate;
    json_decref(candidate);
    respond_error(req, res, 404,
                  "This upload is gone: unpublished pictures are kept for an hour. Upload it again, it will be quick.");
    return NULL;
}

static void choose_page(struct request *req, struct response *res, json_t *candidate, const char *error)
{
    const char *preset = request_form(req, "preset", "crunchy");
    json_t *images = db_rows(request_db(req), QUERY_CANDIDATE_IMAGES, "i", request_id(req)), *image;
    size_t i;
    json_array_foreach(images, i, image)
    {
        const char *name = json_string_value(json_object_get(image, "preset"));
        json_object_set_new(image, "is_checked", json_boolean(strcmp(name, preset) == 0));
        json_object_set(candidate, name, image);
    }
    json_decref(images);
    json_object_set_new(candidate, "action",
                        json_string(arena_printf(&req->arena, "/upload/%lld", (long long)request_id(req))));
    json_object_set_new(candidate, "error", error ? json_string(error) : json_null());
    json_object_del(candidate, "account_id");
    json_object_del(candidate, "fingerprint");
    json_object_del(candidate, "thumbnail");
    res->cache = CACHE_NEVER;
    respond_page(req, res, "crunch", candidate);
}

void candidate_page(struct request *req, struct response *res)
{
    json_t *candidate = find_candidate(req, res);
    if (candidate)
        choose_page(req, res, candidate, NULL);
}

void candidate_image(struct request *req, struct response *res)
{
    void *data = NULL;
    size_t size = 0;
    if (candidate_image_find(request_db(req), req->viewer.account, request_id(req), request_capture(req, "preset"),
                             &data, &size) != STORE_OK) {
        respond_error(req, res, 404, "This candidate is gone.");
        return;
    }
    res->body = (struct buf){.data = data, .size_bytes = size, .capacity_bytes = size};
    res->cache = CACHE_NEVER;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "image/jpeg");
}

static int load_image(struct request *req, const json_t *images, const char *preset, struct image *ret_image,
                      int *ret_quality)
{
    size_t i;
    json_t *image;
    json_array_foreach((json_t *)images, i, image)
    {
        if (strcmp(json_string_value(json_object_get(image, "preset")), preset) != 0)
            continue;
        void *data = NULL;
        size_t size = 0;
        if (candidate_image_find(request_db(req), req->viewer.account, request_id(req), preset, &data, &size) !=
            STORE_OK)
            return -1;
        *ret_image = (struct image){arena_copy_n(&req->arena, data, size), size,
                                    (uint32_t)json_integer_value(json_object_get(image, "width")),
                                    (uint32_t)json_integer_value(json_object_get(image, "height"))};
        *ret_quality = (int)json_integer_value(json_object_get(image, "quality"));
        free(data);
        return 0;
    }
    return -1;
}

void candidate_post(struct request *req, struct response *res)
{
    struct post_words words;
    json_t *candidate = find_candidate(req, res);
    if (!candidate)
        return;
    const char *preset = request_form(req, "preset", ""), *fault = posting_words(req, &words);
    json_t *images = db_rows(request_db(req), QUERY_CANDIDATE_IMAGES, "i", request_id(req));
    struct picture_new p = {.account = req->viewer.account, .preset = preset};
    int thumb_quality;
    if (!fault && (strcmp(preset, "thumbnail") == 0 || load_image(req, images, preset, &p.full, &p.quality) != 0 ||
                   load_image(req, images, "thumbnail", &p.thumb, &thumb_quality) != 0))
        fault = "Pick one of the four first.";
    json_decref(images);
    if (fault) {
        json_object_set_new(candidate, "caption", json_string(posting_typed(req, "caption")));
        json_object_set_new(candidate, "note", json_string(posting_typed(req, "note")));
        json_object_set_new(candidate, "alt", json_string(posting_typed(req, "alt")));
        json_object_set_new(candidate, "tags", json_string(posting_typed(req, "tags")));
        res->status = 422;
        choose_page(req, res, candidate, fault);
        return;
    }
    p.caption = words.caption;
    p.note = words.note;
    p.alt = words.alt;
    p.tags = words.tags;
    p.tag_count = words.tag_count;
    p.fingerprint = (uint64_t)json_integer_value(json_object_get(candidate, "fingerprint"));
    p.source_format = arena_copy(&req->arena, json_string_value(json_object_get(candidate, "source_format")));
    p.source_bytes = json_integer_value(json_object_get(candidate, "source_bytes"));
    p.source_width = json_integer_value(json_object_get(candidate, "source_width"));
    p.source_height = json_integer_value(json_object_get(candidate, "source_height"));
    p.quota_bytes = req->app->config->quota_bytes;
    json_decref(candidate);
    int64_t id = 0;
    enum store_status status = picture_add(req->app->store, request_db(req), &p, &id);
    if (status != STORE_OK) {
        respond_error(req, res, store_http_status(status), "%s", store_sentence(status));
        return;
    }
    /* Published; should this fail, the candidate expires by itself. */
    (void)!candidate_delete(request_db(req), req->viewer.account, request_id(req));
    int64_t waiting = db_number(request_db(req), QUERY_CANDIDATE_WAITING, 0, "ii", req->viewer.account,
                                req->now_s - CANDIDATE_LIFETIME_S);
    if (waiting) {
        respond_notice(req, res, "Published. This one still waits for you; it goes by itself if you do not want it.");
        respond_redirect(req, res, arena_printf(&req->arena, "/upload/%lld", (long long)waiting));
        return;
    }
    respond_redirect(req, res, arena_printf(&req->arena, "/p/%lld", (long long)id));
}
