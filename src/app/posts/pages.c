/*
 * The pages that belong to no single noun: the front page, the gallery, tags, search, and the fixed ones. Each is a few
 * queries and a template of the same name; without ".json" or with it. Read next: timeline.c.
 */
#include <string.h>
#include <stdlib.h>

#include "app/request/app.h"
#include "base/text.h"
#include "app/posts/handlers.h"
#include "app/posts/timeline.h"
#include "domain/setting.h"

enum { BESIDE_STATUSES = 8, BESIDE_MOODS = 6, GALLERY_ITEMS = 24, MOST_CRUSHED = 4, WEEK_S = 7 * 86400 };

static json_t *newest(struct request *req, enum query query, int limit)
{
    return db_rows(request_db(req), query, INT64_MAX, (int64_t)limit, req->viewer.account);
}

void index_page(struct request *req, struct response *res)
{
    json_t *page = json_pack("{s:o, s:o, s:o}", "statuses", newest(req, QUERY_STATUSES, BESIDE_STATUSES), "moods",
                             newest(req, QUERY_MOODS, BESIDE_MOODS), "today", timeline_today(req));
    json_t *pictures =
        db_rows(request_db(req), QUERY_PICTURES, request_before(req), (int64_t)(PAGE_ITEMS + 1), req->viewer.account);
    if (!page || timeline_set(req, page, "pictures", pictures, PAGE_ITEMS, "/")) {
        respond_store_error(req, res, STORE_FAILED, "page");
        json_decref(page);
        return;
    }
    json_object_set_new(page, "totals", timeline_totals(pictures));
    respond_page(req, res, "index", page);
}

void gallery_page(struct request *req, struct response *res)
{
    json_t *crushed = request_before(req) == INT64_MAX
                          ? db_rows(request_db(req), QUERY_PICTURES_CRUSHED, req->now_s - WEEK_S, (int64_t)MOST_CRUSHED,
                                    req->viewer.account)
                          : json_array();
    json_t *page = json_pack("{s:o}", "crushed", crushed);
    json_t *pictures = db_rows(request_db(req), QUERY_PICTURES, request_before(req), (int64_t)(GALLERY_ITEMS + 1),
                               req->viewer.account);
    if (!page || timeline_set(req, page, "pictures", pictures, GALLERY_ITEMS, "/gallery")) {
        respond_store_error(req, res, STORE_FAILED, "gallery");
        json_decref(page);
        return;
    }
    json_object_set_new(page, "totals", timeline_totals(pictures));
    respond_page(req, res, "gallery", page);
}

/* Rows by a key; by the wider one, which finds those and more, where that fills no page. NULL on failure. */
static json_t *rows_by(struct request *req, enum query query, int64_t before, int64_t limit, const char *key,
                       const char *wider)
{
    json_t *rows = db_rows(request_db(req), query, before, limit, key, req->viewer.account);
    if (!rows || !wider || json_array_size(rows) >= (size_t)limit)
        return rows;
    json_decref(rows);
    return db_rows(request_db(req), query, before, limit, wider, req->viewer.account);
}

/* Pictures with a cursor and the newest statuses beside them, both by the same key; NULL on failure. */
static json_t *matching(struct request *req, enum query pictures, enum query statuses, const char *key,
                        const char *wider, const char *path)
{
    json_t *page =
        json_pack("{s:o}", "statuses", rows_by(req, statuses, INT64_MAX, (int64_t)BESIDE_STATUSES, key, wider));
    if (page && !timeline_set(req, page, "pictures",
                              rows_by(req, pictures, request_before(req), (int64_t)(PAGE_ITEMS + 1), key, wider),
                              PAGE_ITEMS, path))
        return page;
    json_decref(page);
    return NULL;
}

void tag_page(struct request *req, struct response *res)
{
    char tag[65];
    const char *typed = request_capture(req, "tag");
    if (text_tag_span(typed) != strlen(typed) || text_fold_tag(typed, strlen(typed), tag)) {
        respond_error(req, res, 404, "That is no tag: tags hold letters, digits, _ and -.");
        return;
    }
    json_t *page = matching(req, QUERY_PICTURES_TAGGED, QUERY_STATUSES_TAGGED, tag, NULL,
                            arena_printf(&req->arena, "/tag/%s", request_encode(req, tag)));
    if (page)
        json_object_set_new(page, "tag", json_string(tag));
    respond_page(req, res, "tag", page);
}

void search_page(struct request *req, struct response *res)
{
    enum { MAX_BYTES = 800 };
    const char *q = request_query(req, "q", "");
    if (strlen(q) > MAX_BYTES || !text_is_utf8(q, strlen(q))) {
        respond_error(req, res, 400, "Search for fewer words: %d bytes of UTF-8 at most.", MAX_BYTES);
        return;
    }
    char *words = store_search_words(q, 0), *beginning = store_search_words(q, 1);
    json_t *page;
    if (*words)
        page = matching(req, QUERY_PICTURES_FOUND, QUERY_STATUSES_FOUND, words, beginning,
                        arena_printf(&req->arena, "/search?q=%s", request_encode(req, q)));
    else
        page = json_pack("{s:[], s:[], s:n, s:n}", "pictures", "statuses", "older_url", "newest_url");
    free(words);
    free(beginning);
    if (page)
        json_object_set_new(page, "q", json_string(q));
    respond_page(req, res, "search", page);
}

void opensearch_xml(struct request *req, struct response *res)
{
    const char *url = req->app->config->public_url;
    buf_printf(&res->body,
               "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
               "<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\"><ShortName>piclog</ShortName>"
               "<Description>Pictures and statuses</Description><InputEncoding>UTF-8</InputEncoding>"
               "<Url type=\"text/html\" template=\"%s/search?q={searchTerms}\"/></OpenSearchDescription>\n",
               url);
    res->cache = CACHE_HOUR;
    respond_bytes(req, res, "application/opensearchdescription+xml");
}

void about_page(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    respond_page(req, res, "about",
                 json_pack("{s:o, s:b}", "stats", db_row(actor.db, QUERY_STATS), "has_guestbook",
                           setting_has_guestbook(&actor)));
}

void rules_page(struct request *req, struct response *res)
{
    respond_page(req, res, "rules", json_object());
}

void help_page(struct request *req, struct response *res)
{
    respond_page(req, res, "help", json_object());
}

void help_style_page(struct request *req, struct response *res)
{
    respond_page(req, res, "style_help", json_object());
}
