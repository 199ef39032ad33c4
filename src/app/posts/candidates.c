/*
 * The page of several candidates, /crunch: each picture with its crunch and words, published together or one by one.
 * Its address says which ("12:dust,13") and what was picked; without that, all of one's that wait. What stands in the
 * form is kept with whatever button is pressed, and without one, as by Enter in a line; words that are too long publish
 * nothing. Published is published: the second press of the same button, a reload and the way back lead to the pictures
 * that there are. Refuses to show anything to anybody but the owner. Read next: crunch.c for one candidate,
 * domain/picture.c.
 */
#include <stdlib.h>
#include <string.h>

#include "app/posts/answers.h"
#include "app/posts/handlers.h"
#include "app/posts/upload.h"
#include "app/request/app.h"
#include "domain/picture.h"

struct pick {
    int64_t id;
    const char *preset;        /* that is checked */
    const struct fault *fault; /* to be said beside it */
};

struct picks {
    struct pick items[CANDIDATES_PER_ACCOUNT];
    int count;
    int is_named; /* the address says which; else they are all that wait */
};

/* ---- Which ones --------------------------------------------------------------------------------- */

static void add_pick(struct picks *picks, int64_t id, const char *preset)
{
    for (int i = 0; i < picks->count; i++)
        if (picks->items[i].id == id)
            return;
    if (picks->count < CANDIDATES_PER_ACCOUNT)
        picks->items[picks->count++] = (struct pick){.id = id, .preset = preset};
}

/* "12:dust,13": numbers, some with their crunch. What is neither is passed over. */
static void read_named(struct request *req, const char *text, struct picks *picks)
{
    picks->is_named = 1;
    while (*text) {
        const size_t length = strcspn(text, ",");
        const char *one = arena_copy_n(&req->arena, text, length);
        char *end;
        const int64_t id = strtoll(one, &end, 10);
        if (id > 0)
            add_pick(picks, id, crunch_preset(*end == ':' ? end + 1 : ""));
        text += length + (text[length] == ',');
    }
}

static struct picks read_picks(struct request *req, const char *named)
{
    struct picks picks = {0};
    if (named) {
        read_named(req, named, &picks);
        return picks;
    }
    json_t *waiting = crunch_waiting(req), *row;
    size_t i;
    json_array_foreach(waiting, i, row)
        add_pick(&picks, json_integer_value(json_object_get(row, "id")), crunch_preset(""));
    json_decref(waiting);
    return picks;
}

static const char *write_picks(struct request *req, const struct picks *picks)
{
    struct buf named = {0};
    buf_puts(&named, "");
    for (int i = 0; i < picks->count; i++)
        buf_printf(&named, "%s%lld:%s", i ? "," : "", (long long)picks->items[i].id, picks->items[i].preset);
    const char *copy = arena_copy(&req->arena, named.data);
    buf_free(&named);
    return copy;
}

/* ---- The page ----------------------------------------------------------------------------------- */

static const char *field_of(struct request *req, const char *name, const struct pick *pick)
{
    return arena_printf(&req->arena, "%s-%lld", name, (long long)pick->id);
}

static struct picture_typed typed_of(struct request *req, const struct pick *pick)
{
    return (struct picture_typed){.caption = request_form(req, field_of(req, "caption", pick), NULL),
                                  .alt = request_form(req, field_of(req, "alt", pick), NULL),
                                  .note = request_form(req, field_of(req, "note", pick), NULL),
                                  .tags = request_form(req, field_of(req, "tags", pick), NULL),
                                  .reply_to = request_form(req, field_of(req, "reply_to", pick), NULL)};
}

/* Puts what was typed into the row, so that it comes back beside what is wrong with it. */
static void keep_typed(struct request *req, const struct pick *pick, json_t *row)
{
    static const char *const fields[] = {"caption", "alt", "note", "tags"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (request_form(req, field_of(req, fields[i], pick), NULL))
            json_object_set_new(row, fields[i], json_string(request_typed(req, field_of(req, fields[i], pick))));
}

/* Nothing waits: it was published, or is gone, or was never here. */
static void lead_on(struct request *req, struct response *res, const struct picks *picks, const json_t *published)
{
    const size_t count = json_array_size(published);
    if (count == 1)
        respond_redirect(req, res, row_text(json_array_get(published, 0), "url"));
    else if (count)
        respond_redirect(req, res, arena_printf(&req->arena, "/~%s", req->viewer.name));
    else if (picks->is_named)
        respond_fault(req, res, picture_candidate_gone(&req->arena));
    else
        respond_redirect(req, res, "/upload");
}

static void show(struct request *req, struct response *res, const struct picks *picks)
{
    const struct actor actor = request_actor(req);
    json_t *candidates = json_array(), *published = json_array();
    struct picks waiting = {0};
    for (int i = 0; i < picks->count; i++) {
        const struct pick *pick = &picks->items[i];
        json_t *row = crunch_find(req, pick->id, pick->preset, crunch_is_clip(req, field_of(req, "clip", pick)));
        const int64_t picture = json_is_object(row) ? 0 : picture_chosen(&actor, pick->id);
        if (picture)
            json_array_append_new(published, json_pack("{s:I, s:s}", "id", (json_int_t)picture, "url",
                                                       arena_printf(&req->arena, "/p/%lld", (long long)picture)));
        if (!json_is_object(row)) {
            json_decref(row);
            continue;
        }
        keep_typed(req, pick, row);
        json_object_set_new(row, "error", pick->fault ? json_string(pick->fault->sentence) : json_null());
        answers_put_quote(req, row, request_form(req, field_of(req, "reply_to", pick), row_text(row, "reply_to")));
        add_pick(&waiting, pick->id, pick->preset);
        json_object_set_new(row, "number", json_integer(waiting.count));
        json_array_append_new(candidates, row);
        if (pick->fault)
            res->status = respond_fault_status(pick->fault);
    }
    res->cache = CACHE_NEVER;
    if (waiting.count)
        respond_page(req, res, "candidates",
                     json_pack("{s:O, s:O, s:s, s:b, s:i}", "candidates", candidates, "published", published, "of",
                               write_picks(req, &waiting), "is_several", waiting.count > 1, "most",
                               CANDIDATES_PER_ACCOUNT));
    else
        lead_on(req, res, picks, published);
    json_decref(candidates);
    json_decref(published);
}

void candidates_lead_to(struct request *req, struct response *res, const char *named)
{
    respond_redirect(req, res, arena_printf(&req->arena, "/crunch?of=%s", named));
}

void candidates_page(struct request *req, struct response *res)
{
    const struct picks picks = read_picks(req, request_query(req, "of", NULL));
    show(req, res, &picks);
}

/* ---- The form ----------------------------------------------------------------------------------- */

/* 1 if a button is about this candidate: its value is the number, or "all". */
static int is_meant(const char *button, const struct pick *pick)
{
    char *end;
    return strcmp(button, "all") == 0 || (strtoll(button, &end, 10) == pick->id && end > button && !*end);
}

/* All words are looked at before anything is done, so that nothing is half published for a caption that is too long. */
static int check_words(struct request *req, struct picks *picks)
{
    struct picture_words words;
    int wrong = 0;
    for (int i = 0; i < picks->count; i++) {
        const struct picture_typed typed = typed_of(req, &picks->items[i]);
        picks->items[i].fault = picture_clean(&req->arena, &typed, &words);
        wrong += picks->items[i].fault != NULL;
    }
    return wrong;
}

/* Those that are not meant keep what stands in the form; that one of them is gone is said when it is asked for. */
static void keep_words(struct request *req, const struct actor *actor, const struct pick *pick)
{
    const struct picture_typed typed = typed_of(req, pick);
    if (!typed.caption && !typed.alt && !typed.note && !typed.tags && !typed.reply_to)
        return;
    const struct fault *fault = picture_describe_candidate(actor, pick->id, &typed);
    if (fault)
        respond_fault_log(fault);
}

struct done {
    int published, thrown, gone, failed;
};

static struct done act(struct request *req, struct picks *picks, const char *publish, const char *drop)
{
    const struct actor actor = request_actor(req);
    struct done done = {0};
    for (int i = 0; i < picks->count; i++) {
        struct pick *pick = &picks->items[i];
        const struct picture_typed typed = typed_of(req, pick);
        int64_t picture = 0;
        int was_there = 0;
        if (is_meant(drop, pick)) {
            pick->fault = picture_discard(&actor, pick->id, &was_there);
            done.thrown += was_there;
        } else if (is_meant(publish, pick)) {
            pick->fault = picture_choose(&actor, pick->id,
                                         crunch_wanted(req, field_of(req, "preset", pick), field_of(req, "clip", pick)),
                                         &typed, &picture);
            done.published += !pick->fault;
        } else {
            keep_words(req, &actor, pick);
        }
        if (pick->fault)
            respond_fault_log(pick->fault);
        const int is_gone = pick->fault && pick->fault->kind == FAULT_NOT_FOUND; /* there is no place to say it at */
        done.gone += is_gone;
        done.failed += pick->fault && !is_gone;
    }
    return done;
}

static void tell(struct request *req, struct response *res, const struct done *done, int left)
{
    struct buf words = {0};
    if (done->published > 1)
        buf_printf(&words, trn("Published: %d picture. ", "Published: %d pictures. ", done->published),
                   done->published);
    else if (done->published && left)
        buf_puts(&words, tr("Published. "));
    if (done->published && left)
        buf_puts(&words, left == 1 ? tr("This one still waits for you. ") : tr("These still wait for you. "));
    if (done->thrown)
        buf_puts(&words, trn("Thrown away. Nobody saw it. ", "Thrown away. Nobody saw them. ", done->thrown));
    if (done->gone && (left || done->published))
        buf_printf(&words,
                   trn("%d was gone already: unpublished pictures are kept for an hour. ",
                       "%d were gone already: unpublished pictures are kept for an hour. ", done->gone),
                   done->gone);
    if (words.size_bytes)
        respond_notice(req, res, arena_copy_n(&req->arena, words.data, words.size_bytes - 1));
    buf_free(&words);
}

void candidates_post(struct request *req, struct response *res)
{
    const char *publish = request_form(req, "publish", ""), *drop = request_form(req, "drop", "");
    struct picks picks = read_picks(req, request_form(req, "of", NULL));
    for (int i = 0; i < picks.count; i++)
        picks.items[i].preset =
            crunch_preset(request_form(req, field_of(req, "preset", &picks.items[i]), picks.items[i].preset));
    /* Whoever throws all away need not mend their words first. */
    if (strcmp(drop, "all") != 0 && check_words(req, &picks)) {
        show(req, res, &picks);
        return;
    }
    const struct done done = act(req, &picks, publish, drop);
    if (done.failed) {
        show(req, res, &picks);
        return;
    }
    struct picks left = {0};
    for (int i = 0; i < picks.count; i++)
        if (!is_meant(publish, &picks.items[i]) && !is_meant(drop, &picks.items[i]))
            add_pick(&left, picks.items[i].id, picks.items[i].preset);
    tell(req, res, &done, left.count);
    if (left.count)
        candidates_lead_to(req, res, write_picks(req, &left));
    else if (*drop)
        respond_redirect(req, res, "/upload");
    else
        show(req, res, &picks); /* where what was published is */
}
