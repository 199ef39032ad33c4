/*
 * The pages that belong to no single noun: the front page, the gallery, and the fixed ones. Each is a few queries and a
 * template of the same name; without ".json" or with it. Read next: timeline.c, search.c.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/posts/handlers.h"
#include "app/posts/timeline.h"
#include "domain/setting.h"
#include "view/linkify.h"

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

void opensearch_xml(struct request *req, struct response *res)
{
    const char *url = req->app->config->public_url, *name = request_site(req)->of[SITE_NAME];
    buf_printf(&res->body, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                           "<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\"><ShortName>");
    linkify_escape(name, strlen(name), &res->body);
    buf_printf(&res->body,
               "</ShortName><Description>Pictures and statuses</Description><InputEncoding>UTF-8</InputEncoding>"
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
    const char *rules = request_site(req)->of[SITE_RULES];
    respond_page(req, res, "rules", json_pack("{s:s?}", "rules", *rules ? rules : NULL));
}

void help_page(struct request *req, struct response *res)
{
    respond_page(req, res, "help", json_object());
}

void help_style_page(struct request *req, struct response *res)
{
    respond_page(req, res, "style_help", json_object());
}

void help_programs_page(struct request *req, struct response *res)
{
    respond_page(req, res, "programs_help", json_object());
}
