/*
 * "Pick your crunch": an upload in all of its crunches, their bytes, and publishing one of them. Asked twice, as by a
 * double click or from the history, it leads to the picture that there is. Refuses to show anything to anybody but the
 * owner. Read next: candidates.c for several at once, domain/picture.c.
 */
#include <stdio.h>
#include <string.h>

#include "app/posts/answers.h"
#include "app/posts/handlers.h"
#include "app/posts/upload.h"
#include "app/request/app.h"
#include "domain/picture.h"

static void lead_to(struct request *req, struct response *res, int64_t picture)
{
    respond_redirect(req, res, arena_printf(&req->arena, "/p/%lld", (long long)picture));
}

/* There is nothing to choose from: it was published, or never here, or its hour is over. */
static void lead_on(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const int64_t picture = picture_chosen(&actor, request_id(req));
    if (picture)
        lead_to(req, res, picture);
    else
        respond_fault(req, res, picture_candidate_gone(&req->arena));
}

const char *crunch_preset(const char *name)
{
    static const char *const presets[] = {"crunchy", "crispy", "fried", "dust"};
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++)
        if (strcmp(presets[i], name) == 0)
            return presets[i];
    return presets[0];
}

int crunch_is_clip(const struct request *req, const char *field)
{
    return strcmp(request_form(req, field, "1"), "0") != 0;
}

const char *crunch_wanted(struct request *req, const char *preset_field, const char *clip_field)
{
    const char *preset = request_form(req, preset_field, "");
    return strcmp(request_form(req, clip_field, "0"), "1") == 0 ? arena_printf(&req->arena, CANDIDATE_CLIP "%s", preset)
                                                                : preset;
}

json_t *crunch_waiting(struct request *req)
{
    return db_rows(request_db(req), QUERY_CANDIDATES_WAITING, req->viewer.account, req->now_s - CANDIDATE_LIFETIME_S);
}

/* Beside each still the clip of the same preset, as its "film", if it moves. */
static void offer_clips(json_t *candidate, int is_clip)
{
    static const char *const presets[] = {"crispy", "crunchy", "fried", "dust"};
    json_t *moves = json_null();
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++) {
        char name[32];
        snprintf(name, sizeof name, CANDIDATE_CLIP "%s", presets[i]);
        json_t *still = json_object_get(candidate, presets[i]), *film = json_object_get(candidate, name);
        if (!still || !film)
            continue;
        json_object_set(still, "film", film);
        json_object_del(candidate, name);
        moves = json_true();
    }
    json_object_del(candidate, CANDIDATE_CLIP "thumbnail");
    if (json_is_true(moves))
        moves = json_pack("{s:b, s:b}", "is_clip", is_clip, "is_still", !is_clip);
    json_object_set_new(candidate, "moves", moves);
}

json_t *crunch_find(struct request *req, int64_t id, const char *preset, int is_clip)
{
    json_t *candidate =
        db_row(request_db(req), QUERY_CANDIDATE, id, req->viewer.account, req->now_s - CANDIDATE_LIFETIME_S);
    if (!json_is_object(candidate))
        return candidate;
    json_t *images = db_rows(request_db(req), QUERY_CANDIDATE_IMAGES, id), *image;
    size_t i;
    json_array_foreach(images, i, image)
    {
        const char *name = json_string_value(json_object_get(image, "preset"));
        json_object_set_new(image, "is_checked", json_boolean(strcmp(name, preset) == 0));
        json_object_set(candidate, name, image);
    }
    json_decref(images);
    offer_clips(candidate, is_clip);
    const struct post_ref reply = {row_text(candidate, "reply_kind"),
                                   json_integer_value(json_object_get(candidate, "reply_id"))};
    json_object_set_new(candidate, "reply_to", json_string(answers_name(&req->arena, reply)));
    json_object_del(candidate, "account_id");
    json_object_del(candidate, "reply_kind");
    json_object_del(candidate, "reply_id");
    json_object_del(candidate, "fingerprint");
    json_object_del(candidate, "thumbnail");
    return candidate;
}

/* fault: NULL at first. What was typed comes back beside it. */
static void choose_page(struct request *req, struct response *res, const struct fault *fault)
{
    json_t *candidate =
        crunch_find(req, request_id(req), crunch_preset(request_form(req, "preset", "")), crunch_is_clip(req, "clip"));
    if (!json_is_object(candidate)) {
        json_decref(candidate);
        lead_on(req, res);
        return;
    }
    json_object_set_new(candidate, "action",
                        json_string(arena_printf(&req->arena, "/upload/%lld", (long long)request_id(req))));
    json_object_set_new(candidate, "error", fault ? json_string(fault->sentence) : json_null());
    answers_put_quote(req, candidate, request_form(req, "reply_to", row_text(candidate, "reply_to")));
    if (fault) {
        upload_keep_typed(req, candidate);
        res->status = respond_fault_status(fault);
    }
    res->cache = CACHE_NEVER;
    respond_page(req, res, "crunch", candidate);
}

void candidate_page(struct request *req, struct response *res)
{
    choose_page(req, res, NULL);
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
    respond_private_jpeg(req, res, data, size);
}

static int is_truncated(struct request *req, int64_t picture)
{
    json_t *row = request_post(req, QUERY_PICTURE, picture);
    const int truncated = json_is_true(json_object_get(row, "truncated"));
    json_decref(row);
    return truncated;
}

/* The page of what else waits, if anything does: alone, or several on one page. */
static int lead_to_others(struct request *req, struct response *res)
{
    json_t *waiting = crunch_waiting(req);
    const size_t count = json_array_size(waiting);
    const json_int_t first = json_integer_value(json_object_get(json_array_get(waiting, 0), "id"));
    json_decref(waiting);
    if (count)
        respond_redirect(req, res,
                         count == 1 ? arena_printf(&req->arena, "/upload/%lld", (long long)first) : "/crunch");
    return count > 0;
}

static void throw_away(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    int was_there = 0;
    const struct fault *fault = picture_discard(&actor, request_id(req), &was_there);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    if (!was_there) {
        lead_on(req, res);
        return;
    }
    respond_notice(req, res, "Thrown away. Nobody saw it.");
    if (!lead_to_others(req, res))
        respond_redirect(req, res, "/upload");
}

void candidate_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const struct picture_typed typed = upload_typed(req);
    int64_t id = 0;
    if (*request_form(req, "drop", "")) {
        throw_away(req, res);
        return;
    }
    const int was_chosen = picture_chosen(&actor, request_id(req)) != 0;
    const struct fault *fault =
        picture_choose(&actor, request_id(req), crunch_wanted(req, "preset", "clip"), &typed, &id);
    if (fault && (fault->kind == FAULT_WORDS || fault->kind == FAULT_NOT_ALLOWED)) {
        choose_page(req, res, fault);
        return;
    }
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    const char *truncated = is_truncated(req, id) ? " " UPLOAD_TRUNCATED : "";
    if (!was_chosen && lead_to_others(req, res)) {
        respond_notice(req, res,
                       arena_printf(&req->arena,
                                    tr("Published.%s What you see now still waits for you; it goes by itself "
                                       "if you do not want it."),
                                    truncated));
        return;
    }
    if (!was_chosen && *truncated)
        respond_notice(req, res, arena_printf(&req->arena, tr("Published.%s"), truncated));
    lead_to(req, res, id);
}
