/*
 * What a phone shares with the installed piclog: a photo goes to "pick your crunch", words go to the status form.
 * Refuses to publish anything: the share sheet brings no form token, so all it can do is leave private candidates, and
 * guard_is_shared() wants the browser's word that no other page sent it. Read next: upload.c.
 */
#include "app/request/app.h"
#include "app/posts/handlers.h"
#include "app/posts/upload.h"
#include "view/linkify.h"

/* The form for a status, with what was shared in it. */
static void lead_to_status(struct request *req, struct response *res)
{
    const char *words = request_typed(req, "caption"), *url = request_typed(req, "url");
    struct buf address = {0};
    buf_puts(&address, "/status?content=");
    linkify_encode(arena_printf(&req->arena, "%s%s%s", words, *words && *url ? " " : "", url), &address);
    respond_redirect(req, res, arena_copy(&req->arena, address.data));
    buf_free(&address);
}

void share_target_post(struct request *req, struct response *res)
{
    const struct picture_typed typed = upload_typed(req);
    struct picture_words words;
    upload_drop_empty(req);
    if (req->upload_count == 0) {
        lead_to_status(req, res);
        return;
    }
    if (picture_clean(&req->arena, &typed, &words)) /* too much to say: the picture comes in without */
        words = (struct picture_words){.caption = "", .alt = "", .note = "", .tags_text = ""};
    upload_candidates(req, res, &words);
}

/* Somebody came back to the address, by "reload" or from the history. */
void share_target_page(struct request *req, struct response *res)
{
    respond_redirect(req, res, "/upload");
}
