/*
 * What all timelines share: see timeline.h. Cursors are ids, so that a page stays cheap at any depth and new posts do
 * not shift it.
 */
#include "app/posts/timeline.h"

#include <string.h>

int timeline_set(struct request *req, json_t *page, const char *key, json_t *rows, int limit, const char *path)
{
    if (!rows)
        return -1;
    const char *separator = strchr(path, '?') ? "&" : "?";
    json_t *older = json_null(), *newest = json_null();
    if (json_array_size(rows) > (size_t)limit) {
        while (json_array_size(rows) > (size_t)limit)
            json_array_remove(rows, json_array_size(rows) - 1);
        json_int_t last = json_integer_value(json_object_get(json_array_get(rows, (size_t)limit - 1), "id"));
        older = json_string(arena_printf(&req->arena, "%s%sbefore=%lld", path, separator, (long long)last));
    }
    if (request_before(req) != INT64_MAX)
        newest = json_string(path);
    json_object_set_new(page, "older_url", older);
    json_object_set_new(page, "newest_url", newest);
    return json_object_set_new(page, key, rows);
}

json_t *timeline_of(struct request *req, enum query query, int64_t account, int limit)
{
    int sees_hidden = req->viewer.account == account || req->viewer.is_admin;
    return db_rows(request_db(req), query, request_before(req), (int64_t)limit, account, (int64_t)sees_hidden,
                   req->viewer.account);
}

json_t *timeline_totals(const json_t *pictures)
{
    static const char *const keys[] = {"source_bytes", "bytes", "thumb_bytes"};
    size_t count = json_array_size(pictures);
    if (!count)
        return json_null();
    json_t *totals = json_pack("{s:I}", "count", (json_int_t)count);
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        json_int_t sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += json_integer_value(json_object_get(json_array_get(pictures, i), keys[k]));
        json_object_set_new(totals, keys[k], json_integer(sum));
    }
    return totals;
}

void timeline_mark_own(const struct request *req, json_t *row)
{
    json_int_t account = json_integer_value(json_object_get(row, "account_id"));
    json_object_set_new(row, "is_own", json_boolean(req->viewer.account && req->viewer.account == account));
    json_object_del(row, "account_id");
}

/* ---- Today ------------------------------------------------------------------------------------- */

enum { CELLS = 64, DAY_S = 86400, MOODS_NAMED = 8 };

/* Where the n-th coefficient of a block stands, in rows of eight. */
static void fill_zigzag(int ret_cells[CELLS])
{
    int n = 0;
    for (int diagonal = 0; diagonal < 15; diagonal++) {
        for (int i = 0; i <= diagonal; i++) {
            int row = diagonal % 2 ? i : diagonal - i, column = diagonal - row;
            if (row < 8 && column < 8)
                ret_cells[n++] = row * 8 + column;
        }
    }
}

static const char *face_of(const json_t *mood)
{
    const char *face = json_string_value(json_object_get(mood, "face"));
    return face && *face ? face : "•";
}

static json_t *named(const json_t *mood, json_int_t total)
{
    if (!mood)
        return json_null();
    return json_pack("{s:s, s:O, s:O, s:I}", "face", face_of(mood), "mood", json_object_get(mood, "mood"), "count",
                     json_object_get(mood, "count"), "total", total);
}

static json_int_t count_of(const json_t *mood)
{
    return json_integer_value(json_object_get(mood, "count"));
}

json_t *timeline_today(struct request *req)
{
    json_t *moods =
        db_rows(request_db(req), QUERY_MOOD_COUNTS, req->now_s - DAY_S, (int64_t)CELLS, req->viewer.account);
    size_t kinds = json_array_size(moods), i;
    json_int_t total = 0;
    json_t *mood;
    json_array_foreach(moods, i, mood) total += count_of(mood);
    if (!total) {
        json_decref(moods);
        return json_null();
    }
    const char *cells[CELLS];
    int order[CELLS], filled = 0;
    struct buf label = {0};
    fill_zigzag(order);
    for (i = 0; i < CELLS; i++)
        cells[i] = "";
    buf_printf(&label, tr("Today’s moods:"));
    json_array_foreach(moods, i, mood)
    {
        /* More than a block's worth of moods are scaled down to one; what rounding leaves over stays empty. */
        json_int_t share = total <= CELLS ? count_of(mood) : count_of(mood) * CELLS / total;
        for (json_int_t n = 0; n < share && filled < CELLS; n++)
            cells[order[filled++]] = face_of(mood);
        if (i < MOODS_NAMED)
            buf_printf(&label, "%s %lld %s", i ? "," : "", (long long)count_of(mood),
                       lang_mood(json_string_value(json_object_get(mood, "mood"))));
    }
    if (kinds > MOODS_NAMED)
        buf_puts(&label, tr(" and others"));
    json_t *faces = json_array();
    for (i = 0; i < CELLS; i++)
        json_array_append_new(faces, json_string(cells[i]));
    json_t *today = json_pack("{s:s, s:o, s:o, s:o, s:i}", "label", label.data, "cells", faces, "first",
                              named(json_array_get(moods, 0), total), "second", named(json_array_get(moods, 1), total),
                              "rest", CELLS - filled);
    buf_free(&label);
    json_decref(moods);
    return today;
}
