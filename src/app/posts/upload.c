/*
 * Uploading: the form and POST /api/pictures. The bytes of a stranger never touch this process: dispatch keeps them in
 * a memfd, respond_crushed() hands that to a caged worker, and what comes back was checked. Words are checked first, so
 * that nobody waits for a worker in vain. What moves becomes a clip where that is wanted ("clip"), and of the four both
 * are offered. Several pictures of one form become candidates, whatever crunch was picked.
 * Read next: domain/picture.c, crunch.c, candidates.c.
 */
#include "app/posts/upload.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/posts/answers.h"
#include "app/posts/handlers.h"
#include "app/posts/post_kind.h"
#include "app/request/crushed.h"
#include "app/request/route.h"
#include "base/text.h"

static const char *const choices[] = {"choose", "crispy", "crunchy", "fried", "dust"};
enum { CHOICES = sizeof choices / sizeof choices[0] };
static const crush_preset all_presets[] = {CRUSH_PRESET_CRISPY, CRUSH_PRESET_CRUNCHY, CRUSH_PRESET_FRIED,
                                           CRUSH_PRESET_DUST, CRUSH_PRESET_THUMBNAIL};
enum { ALL_PRESETS = sizeof all_presets / sizeof all_presets[0] };

struct upload_state {
    struct picture_words words;
    struct picture_claim claim; /* of a picture that came alone */
    const char *preset;         /* that was picked for several beforehand */
    int choose;
    upload_answer *answer; /* NULL: as forms and the API have it */
};

/* ---- The form ----------------------------------------------------------------------------------- */

struct picture_typed upload_typed(const struct request *req)
{
    return (struct picture_typed){.caption = request_form(req, "caption", NULL),
                                  .alt = request_form(req, "alt", NULL),
                                  .note = request_form(req, "note", NULL),
                                  .tags = request_form(req, "tags", NULL),
                                  .reply_to = request_form(req, "reply_to", NULL)};
}

void upload_keep_typed(struct request *req, json_t *picture)
{
    static const char *const fields[] = {"caption", "alt", "note", "tags"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        json_object_set_new(picture, fields[i], json_string(request_typed(req, fields[i])));
}

static enum pool_motion motion_of(struct request *req)
{
    return strcmp(request_form(req, "clip", "0"), "1") == 0 ? POOL_CLIP : POOL_STILL;
}

static void form_page(struct request *req, struct response *res, const char *error)
{
    const char *preset = request_form(req, "preset", "choose");
    json_t *checked = json_object();
    for (int i = 0; i < CHOICES; i++)
        json_object_set_new(checked, choices[i], json_boolean(strcmp(choices[i], preset) == 0));
    json_object_set_new(checked, "clip", json_boolean(!error || motion_of(req) == POOL_CLIP));
    json_t *waiting = crunch_waiting(req);
    const int waits = (int)json_array_size(waiting);
    json_decref(waiting);
    json_t *page = json_pack("{s:I, s:I, s:i, s:i, s:o, s:s?}", "max_bytes", (json_int_t)req->app->config->upload_bytes,
                             "most_bytes", (json_int_t)(req->app->config->uploads_in_flight_bytes / 2), "max_files",
                             UPLOADS_MAX, "waiting", waits, "checked", checked, "error", error);
    upload_keep_typed(req, page);
    answers_put_quote(req, page, answers_asked(req));
    res->cache = CACHE_NEVER;
    respond_page(req, res, "upload", page);
}

void upload_page(struct request *req, struct response *res)
{
    form_page(req, res, NULL);
}

static void refuse(struct request *req, struct response *res, const struct fault *fault)
{
    if (req->route->flags & IS_API) {
        respond_fault(req, res, fault);
        return;
    }
    respond_fault_log(fault);
    res->status = respond_fault_status(fault);
    form_page(req, res, fault->sentence);
}

/* ---- Crushed: publish, or show the four --------------------------------------------------------- */

const struct fault *upload_offer(struct request *req, const struct pool_outcome *outcome,
                                 const struct picture_words *words, const struct picture_claim *claim, int place,
                                 int64_t *ret_candidate)
{
    const struct actor actor = request_actor(req);
    const struct picture_source source = crushed_source(outcome, claim);
    struct candidate_image images[POOL_MAX_PICTURES];
    for (int i = 0; i < outcome->picture_count; i++) {
        images[i] = crushed_image(&outcome->pictures[i]);
        if (outcome->pictures[i].is_of_clip && !outcome->pictures[0].is_of_clip) /* a still of it stands beside it */
            images[i].preset = arena_printf(&req->arena, CANDIDATE_CLIP "%s", images[i].preset);
    }
    return picture_offer(&actor, words, &source, images, outcome->picture_count, place, ret_candidate);
}

static const struct fault *publish(struct request *req, const struct pool_outcome *outcome,
                                   const struct picture_words *words, const struct picture_claim *claim, int place,
                                   int64_t *ret_id)
{
    const struct actor actor = request_actor(req);
    const struct picture_source source = crushed_source(outcome, claim);
    const struct pool_picture *thumb = crushed_find(outcome, CRUSH_PRESET_THUMBNAIL);
    const struct candidate_image full = crushed_image(&outcome->pictures[0]),
                                 small = thumb ? crushed_image(thumb) : full;
    return picture_publish(&actor, words, &source, &full, &small.image, place, ret_id);
}

void upload_answer_draft(struct request *req, struct response *res, int64_t candidate)
{
    const char *url = request_url(req, arena_printf(&req->arena, "/upload/%lld", (long long)candidate));
    respond_header(req, res, "Location", url);
    res->status = 201;
    respond_json(req, res,
                 json_pack("{s:s, s:s, s:i}", "url", url, "post-status", "draft", "kept_s", CANDIDATE_LIFETIME_S));
}

static void after_crush(struct request *req, struct response *res)
{
    const struct upload_state *state = req->state;
    const struct pool_outcome *outcome = &req->crushed[0].outcome;
    int64_t id = 0;
    const struct fault *fault = crushed_fault(&req->arena, outcome);
    if (!fault)
        fault = state->choose ? upload_offer(req, outcome, &state->words, &state->claim, 0, &id)
                              : publish(req, outcome, &state->words, &state->claim, 0, &id);
    if (state->answer) {
        state->answer(req, res, fault, id);
    } else if (fault) {
        refuse(req, res, fault);
    } else if (req->route->flags & IS_API && state->choose) {
        upload_answer_draft(req, res, id);
    } else if (req->route->flags & IS_API) {
        post_added(req, res, &post_picture, id, NULL, NULL);
    } else {
        if (outcome->source.truncated && !state->choose) /* the page of the four says it itself */
            respond_notice(req, res, "Published. " UPLOAD_TRUNCATED);
        respond_redirect(req, res,
                         arena_printf(&req->arena, state->choose ? "/upload/%lld" : "/p/%lld", (long long)id));
    }
}

/* ---- Several ------------------------------------------------------------------------------------ */

/* What a sentence calls a file: the last part of its name, shortened; or its place in the form. */
static const char *label_of(struct request *req, int place)
{
    enum { LABEL_MAX_BYTES = 48 };
    const char *name = req->uploads[place].file_name ? req->uploads[place].file_name : "", *label = NULL;
    char *clean = NULL;
    for (const char *at = name; *at; at++)
        if (*at == '/' || *at == '\\')
            name = at + 1;
    if (text_clean(name, strlen(name), TEXT_LINE, 0, 0, &clean) == TEXT_OK && !text_is_blank(clean))
        label = strlen(clean) <= LABEL_MAX_BYTES
                    ? arena_copy(&req->arena, clean)
                    : arena_printf(&req->arena, "%.*s…", (int)text_prefix(clean, LABEL_MAX_BYTES), clean);
    free(clean);
    return label ? label : arena_printf(&req->arena, tr("File %d"), place + 1);
}

/* "2 of 3 came through." and a line for each that did not, as far as a notice holds them. */
static const char *list_faults(struct request *req, const struct fault *const *faults, int kept)
{
    enum { LIST_MAX_BYTES = RESPOND_NOTICE_MAX_BYTES - 64 };
    struct buf list = {0};
    int untold = 0;
    buf_printf(&list, kept ? tr("%d of %d came through.") : tr("None of them came through."), kept, req->upload_count);
    for (int i = 0; i < req->upload_count; i++) {
        if (!faults[i])
            continue;
        const char *line = arena_printf(&req->arena, "\n%s: %s", label_of(req, i), faults[i]->sentence);
        if (list.size_bytes + strlen(line) > LIST_MAX_BYTES)
            untold++;
        else
            buf_puts(&list, line);
    }
    if (untold)
        buf_printf(&list, tr("\nAnd %d more."), untold);
    const char *copy = arena_copy(&req->arena, list.data);
    buf_free(&list);
    return copy;
}

/* Each becomes a candidate, with the words of the form; but an alt text says what is in one picture, the first. */
static void after_crush_several(struct request *req, struct response *res)
{
    const struct upload_state *state = req->state;
    struct picture_words words = state->words;
    const struct fault *faults[UPLOADS_MAX] = {NULL}, *worst = NULL;
    struct buf named = {0};
    int kept = 0;
    for (int i = 0; i < req->upload_count; i++) {
        const struct pool_outcome *outcome = &req->crushed[i].outcome;
        int64_t id = 0;
        faults[i] = crushed_fault(&req->arena, outcome);
        if (!faults[i])
            faults[i] = upload_offer(req, outcome, &words, NULL, i, &id);
        if (faults[i]) {
            worst = faults[i];
            continue;
        }
        buf_printf(&named, "%s%lld:%s", kept++ ? "," : "", (long long)id, state->preset);
        words.alt = "";
    }
    if (kept) {
        if (worst)
            respond_notice(req, res, list_faults(req, faults, kept));
        candidates_lead_to(req, res, named.data);
    } else {
        struct fault all = *worst;
        all.sentence = list_faults(req, faults, kept);
        refuse(req, res, &all);
    }
    buf_free(&named);
}

/* ---- What came ---------------------------------------------------------------------------------- */

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

const struct fault *upload_check_files(struct request *req)
{
    upload_drop_empty(req);
    if (req->upload_count == 0)
        return fault_of_field(&req->arena, "image", 0, "No picture came along. Choose a file first.");
    if (req->route->flags & IS_API && req->upload_count > 1)
        return fault_of_field(&req->arena, "image", 1, "One picture a request, please: send them one after the other.");
    return NULL;
}

/* What is wrong before anything is crushed; ret_preset: what to crush with, unless the four are to be shown. */
static const struct fault *check(struct request *req, struct picture_words *ret_words, struct picture_claim *ret_claim,
                                 crush_preset *ret_preset, int *ret_choose)
{
    const int is_api = (req->route->flags & IS_API) != 0;
    const char *preset = request_form(req, "preset", is_api ? "crunchy" : "choose");
    const struct picture_typed typed = upload_typed(req);
    int choose = !is_api && strcmp(preset, "choose") == 0;
    const struct actor actor = request_actor(req);
    const struct fault *fault = picture_clean(&req->arena, &typed, ret_words);
    if (!fault)
        fault = answers_check(&actor, ret_words->reply);
    if (!fault)
        fault = picture_read_claim(&req->arena, request_form(req, "claimed_bytes", NULL),
                                   request_form(req, "claimed_width", NULL), request_form(req, "claimed_height", NULL),
                                   ret_claim);
    if (fault)
        return fault;
    if (!choose && (crush_preset_by_name(preset, ret_preset) != 0 || *ret_preset == CRUSH_PRESET_THUMBNAIL))
        return fault_of_field(&req->arena, "preset", 0,
                              "There is no such crunch. Pick crispy, crunchy, fried or dust.");
    const char *clip = request_form(req, "clip", "0");
    if (strcmp(clip, "0") != 0 && strcmp(clip, "1") != 0)
        return fault_of_field(&req->arena, "clip", 0, "clip is 1, for a clip of what moves, or 0, for a still.");
    *ret_choose = choose;
    return upload_check_files(req);
}

/* Crushes in one preset for everybody, or in all of them for their owner to choose: preset NULL, or several pictures,
   as each needs words of its own. */
static void crush(struct request *req, struct response *res, const struct picture_words *words,
                  const struct picture_claim *claim, const crush_preset *preset, enum pool_motion motion,
                  upload_answer *answer)
{
    const crush_preset presets[] = {preset ? *preset : CRUSH_PRESET_THUMBNAIL, CRUSH_PRESET_THUMBNAIL};
    struct upload_state *state = arena_alloc(&req->arena, sizeof *state);
    *state = (struct upload_state){.words = *words, .choose = !preset, .answer = answer};
    state->preset = crunch_preset(preset ? crush_preset_name(*preset) : "");
    if (claim)
        state->claim = *claim;
    req->state = state;
    if (req->upload_count > 1)
        respond_crushed_moving(req, res, POOL_BOTH, all_presets, ALL_PRESETS, after_crush_several);
    else if (preset)
        respond_crushed_moving(req, res, motion, presets, 2, after_crush);
    else
        respond_crushed_moving(req, res, POOL_BOTH, all_presets, ALL_PRESETS, after_crush);
}

void upload_publish_for(struct request *req, struct response *res, const struct picture_words *words,
                        upload_answer *answer)
{
    const crush_preset preset = CRUSH_PRESET_CRUNCHY;
    crush(req, res, words, NULL, &preset, POOL_CLIP, answer);
}

void upload_publish(struct request *req, struct response *res, const struct picture_words *words)
{
    upload_publish_for(req, res, words, NULL);
}

void upload_candidates(struct request *req, struct response *res, const struct picture_words *words)
{
    crush(req, res, words, NULL, NULL, POOL_BOTH, NULL);
}

void upload_post(struct request *req, struct response *res)
{
    struct picture_words words;
    struct picture_claim claim;
    crush_preset preset = CRUSH_PRESET_CRUNCHY;
    int choose = 0;
    const struct fault *fault = check(req, &words, &claim, &preset, &choose);
    if (fault)
        refuse(req, res, fault);
    else
        crush(req, res, &words, &claim, choose ? NULL : &preset, motion_of(req), NULL);
}
