/*
 * Moods over time: a calendar of faces for one person, columns of blocks for everybody. Here they are counted and laid
 * out; templates draw them, moods.css colours them. Days are those of UTC. Refuses to draw more than fits: the newest
 * MOODS_MAX moods of a person, and columns of at most COLUMN_BLOCKS blocks, beyond which a block stands for more moods.
 * Read next: moods.c.
 */
#include "app/posts/mood_plots.h"

#include <stdio.h>
#include <string.h>

#include "view/words.h"

enum { DAY_S = 86400, WEEK_DAYS = 7 };
enum { WEEKS = 18, CELL = 24, MONTHS_HEIGHT = 20, MOODS_MAX = 1000, TITLE_MOODS = 6 };
enum { DAYS = 28, COLUMN = 16, BLOCK = 8, COLUMN_BLOCKS = 20, KINDS = 7 /* told apart; the rest is kind 8 */ };

static int64_t day_of(const json_t *row)
{
    return json_integer_value(json_object_get(row, "created_at")) / DAY_S;
}

static json_t *string_of(struct buf *text)
{
    json_t *string = json_stringn(text->data ? text->data : "", text->size_bytes);
    buf_free(text);
    return string;
}

/* ---- One person ---------------------------------------------------------------------------------- */

/* 1 January 1970 was a Thursday. */
static int64_t monday_of(int64_t day)
{
    return day - (day + 3) % WEEK_DAYS;
}

struct calendar {
    int64_t first_day;
    struct {
        int count;
        const char *face; /* of the last mood of the day, borrowed */
        struct buf words;
    } days[WEEKS * WEEK_DAYS];
};

/* rows: newest first. */
static int64_t fill_calendar(struct calendar *calendar, const json_t *rows)
{
    int64_t count = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        int64_t at = day_of(row) - calendar->first_day;
        if (at < 0 || at >= WEEKS * WEEK_DAYS)
            continue;
        count++;
        if (!calendar->days[at].count)
            calendar->days[at].face = row_text(row, "face");
        if (calendar->days[at].count++ < TITLE_MOODS)
            buf_printf(&calendar->days[at].words, "%s%s", calendar->days[at].count > 1 ? ", " : ": ",
                       lang_mood(row_text(row, "mood")));
    }
    return count;
}

static json_t *draw_days(struct calendar *calendar, int64_t today)
{
    json_t *days = json_array();
    for (int at = 0; at < WEEKS * WEEK_DAYS && calendar->first_day + at <= today; at++) {
        struct buf title = {0};
        words_date((calendar->first_day + at) * DAY_S, &title);
        if (calendar->days[at].count)
            buf_puts(&title, calendar->days[at].words.data);
        const char *face = calendar->days[at].face;
        json_array_append_new(days, json_pack("{s:i, s:i, s:s?, s:o}", "x", at / WEEK_DAYS * CELL, "y",
                                              MONTHS_HEIGHT + at % WEEK_DAYS * CELL, "face",
                                              calendar->days[at].count ? (face && *face ? face : "•") : NULL, "title",
                                              string_of(&title)));
    }
    return days;
}

/* A name above the first week that begins in a month. */
static json_t *draw_months(int64_t first_day)
{
    json_t *months = json_array();
    char last[32] = "";
    int last_week = -3;
    for (int week = 0; week < WEEKS; week++) {
        struct buf month = {0};
        char name[sizeof last];
        words_month((first_day + week * WEEK_DAYS) * DAY_S, &month);
        snprintf(name, sizeof name, "%s", month.data);
        buf_free(&month);
        if (strcmp(name, last) != 0 && week - last_week > 2) {
            json_array_append_new(months, json_pack("{s:i, s:s}", "x", week * CELL, "name", name));
            last_week = week;
        }
        memcpy(last, name, sizeof last);
    }
    return months;
}

json_t *mood_plots_calendar(struct request *req, int64_t account)
{
    struct calendar *calendar = arena_alloc(&req->arena, sizeof *calendar);
    const int64_t today = req->now_s / DAY_S;
    calendar->first_day = monday_of(today) - (WEEKS - 1) * WEEK_DAYS;
    json_t *rows = db_rows(request_db(req), QUERY_MOOD_DAYS_OF, account, (int64_t)MOODS_MAX);
    int64_t count = fill_calendar(calendar, rows);
    json_t *drawing = json_null();
    if (count)
        drawing = json_pack("{s:i, s:i, s:s, s:I, s:o, s:o}", "width", WEEKS * CELL, "height",
                            MONTHS_HEIGHT + WEEK_DAYS * CELL, "label",
                            arena_printf(&req->arena,
                                         trn("%lld mood of the last %d weeks, a face for each day",
                                             "%lld moods of the last %d weeks, a face for each day", count),
                                         (long long)count, WEEKS),
                            "count", (json_int_t)count, "days", draw_days(calendar, today), "months",
                            draw_months(calendar->first_day));
    for (int at = 0; at < WEEKS * WEEK_DAYS; at++)
        buf_free(&calendar->days[at].words);
    json_decref(rows);
    return drawing;
}

/* ---- Everybody ----------------------------------------------------------------------------------- */

/* The commonest moods as [{"mood", "face", "count", "kind"}], kind 1 to 7. */
static json_t *make_legend(struct request *req, int64_t since_s)
{
    json_t *legend = db_rows(request_db(req), QUERY_MOOD_COUNTS, since_s, (int64_t)KINDS, req->viewer.account), *mood;
    size_t i;
    json_array_foreach(legend, i, mood) json_object_set_new(mood, "kind", json_integer((json_int_t)i + 1));
    return legend;
}

/* How often each kind was felt on each day; [0] of a day is its sum. */
typedef json_int_t day_counts[DAYS][KINDS + 2];

static void count_days(struct request *req, const json_t *legend, int64_t first_day, day_counts counts)
{
    const char *moods[KINDS] = {NULL};
    for (int i = 0; i < KINDS && (size_t)i < json_array_size(legend); i++)
        moods[i] = row_text(json_array_get(legend, (size_t)i), "mood");
    json_t *rows = db_rows(request_db(req), QUERY_MOOD_DAYS, first_day * DAY_S - 1, moods[0], moods[1], moods[2],
                           moods[3], moods[4], moods[5], moods[6], req->viewer.account);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const json_int_t day = json_integer_value(json_object_get(row, "day")) - first_day;
        const json_int_t count = json_integer_value(json_object_get(row, "count"));
        int kind = 1;
        while (kind <= KINDS && (!moods[kind - 1] || strcmp(moods[kind - 1], row_text(row, "mood")) != 0))
            kind++;
        if (day < 0 || day >= DAYS)
            continue;
        counts[day][kind] += count;
        counts[day][0] += count;
    }
    json_decref(rows);
}

/* Blocks of one day from the floor up, kind by kind; and the day in words. */
static void draw_column(const json_t *legend, const json_int_t *counts, double scale, int x, json_t *blocks,
                        struct buf *words)
{
    json_int_t below = 0;
    for (int kind = 1; kind <= KINDS + 1; kind++) {
        if (!counts[kind])
            continue;
        const char *mood =
            kind <= KINDS ? lang_mood(row_text(json_array_get(legend, (size_t)kind - 1), "mood")) : tr("others");
        struct buf title = {0};
        buf_printf(&title, "%lld %s", (long long)counts[kind], mood);
        buf_printf(words, "%s%s", words->size_bytes ? ", " : "", title.data);
        int bottom = (int)((double)below * scale), top = (int)((double)(below += counts[kind]) * scale);
        if (top > bottom)
            json_array_append_new(blocks,
                                  json_pack("{s:i, s:i, s:i, s:i, s:s}", "x", x, "y", (COLUMN_BLOCKS - top) * BLOCK,
                                            "height", (top - bottom) * BLOCK, "kind", kind, "title", title.data));
        buf_free(&title);
    }
}

json_t *mood_plots_over_time(struct request *req)
{
    const int64_t first_day = req->now_s / DAY_S - DAYS + 1;
    day_counts counts = {{0}};
    json_int_t busiest = 0, others = 0;
    json_t *legend = make_legend(req, first_day * DAY_S - 1);
    count_days(req, legend, first_day, counts);
    for (int i = 0; i < DAYS; i++) {
        busiest = counts[i][0] > busiest ? counts[i][0] : busiest;
        others += counts[i][KINDS + 1];
    }
    if (!busiest) {
        json_decref(legend);
        return json_null();
    }
    const double scale = busiest <= COLUMN_BLOCKS ? 1 : (double)COLUMN_BLOCKS / (double)busiest;
    json_t *blocks = json_array(), *days = json_array();
    for (int i = 0; i < DAYS; i++) {
        struct buf words = {0}, date = {0};
        draw_column(legend, counts[i], scale, i * COLUMN, blocks, &words);
        words_date((first_day + i) * DAY_S, &date);
        if (counts[i][0])
            json_array_append_new(days, json_pack("{s:s, s:s}", "date", date.data, "words", words.data));
        buf_free(&words);
        buf_free(&date);
    }
    if (others)
        json_array_append_new(legend, json_pack("{s:s, s:s, s:I, s:i}", "mood", tr("everything else"), "face", "",
                                                "count", others, "kind", KINDS + 1));
    return json_pack(
        "{s:i, s:i, s:s, s:o, s:o, s:o}", "width", DAYS * COLUMN, "height", COLUMN_BLOCKS * BLOCK, "label",
        arena_printf(&req->arena, tr("What was felt here in the last %d days, a column for each day"), DAYS), "blocks",
        blocks, "legend", legend, "days", days);
}
