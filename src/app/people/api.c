/*
 * The corners of the API that belong to no noun: who am I, and what are the limits here. Errors everywhere are
 * application/problem+json (RFC 9457), made by respond_error(). Read next: post_kind.c.
 */
#include "app/request/app.h"
#include "app/people/handlers.h"
#include "domain/notice.h"
#include "domain/picture.h"
#include "domain/profile.h"
#include "domain/status.h"

/* "answers", "notices" (those that are told) and "shows_kept". */
static void put_manners(struct request *req, json_t *person)
{
    json_t *manners = db_row(request_db(req), QUERY_MANNERS_OF, req->viewer.account), *told = json_array();
    const json_int_t quiet = json_integer_value(json_object_get(manners, "quiet"));
    for (int i = 0; i < NOTICE_KINDS; i++)
        if (!(quiet & 1 << i))
            json_array_append_new(told, json_string(notice_kinds[i]));
    json_object_set_new(manners, "notices", told);
    json_object_del(manners, "quiet");
    json_object_update(person, manners);
    json_decref(manners);
}

void api_me(struct request *req, struct response *res)
{
    json_t *person = db_row(request_db(req), QUERY_PERSON_BY_ID, req->viewer.account);
    json_object_del(person, "css");
    put_manners(req, person);
    struct actor actor = request_actor(req);
    json_object_set_new(person, "links", json_string(profile_links_text(&actor)));
    json_object_set_new(person, "url",
                        json_string(request_url(req, arena_printf(&req->arena, "/~%s", req->viewer.name))));
    respond_json(req, res, person);
}

/* What an upload may be; type/subtype is the only name that clients agree on. */
static json_t *formats(void)
{
    json_t *list = json_array();
    for (int i = CRUSH_FORMAT_JPEG; i <= CRUSH_FORMAT_AVIF; i++)
        if (crush_reads((crush_format)i))
            json_array_append_new(list, json_sprintf("image/%s", crush_format_text((crush_format)i)));
    return list;
}

void api_limits(struct request *req, struct response *res)
{
    static const crush_preset presets[] = {CRUSH_PRESET_CRISPY, CRUSH_PRESET_CRUNCHY, CRUSH_PRESET_FRIED,
                                           CRUSH_PRESET_DUST};
    json_t *list = json_object();
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++) {
        crush_encode_options options;
        uint32_t side_px = crush_encode_options_preset(&options, presets[i]);
        json_object_set_new(
            list, crush_preset_name(presets[i]),
            json_pack("{s:i, s:I}", "side_px", (int)side_px, "bytes", (json_int_t)options.budget_bytes));
    }
    respond_json(req, res,
                 json_pack("{s:I, s:I, s:o, s:i, s:i, s:i, s:i, s:I, s:o}", "upload_bytes",
                           (json_int_t)req->app->config->upload_bytes, "max_pixels",
                           (json_int_t)req->app->config->max_pixels, "formats", formats(), "caption_characters",
                           CAPTION_MAX, "alt_characters", ALT_MAX, "status_characters", STATUS_MAX, "tags", TAGS_MAX,
                           "quota_bytes", (json_int_t)req->app->config->quota_bytes, "presets", list));
}
