/*
 * Posts as numbers and back: see post_number.h. A number holds only the last bits of an id; the second tells which of
 * the ids that end so is meant. Refuses to keep a table of numbers, which every way of posting would have to fill.
 * Read next: post_list.c, which pages by them.
 */
#include "app/programs/post_number.h"

#include <stdlib.h>
#include <string.h>

enum { TIME_SHIFT = POST_NUMBER_ID_BITS + POST_NUMBER_KIND_BITS };
static const int64_t stride = 1 << POST_NUMBER_ID_BITS, last_second = 0xffffffff, numbers_end = (int64_t)1 << 53;

static const struct line_kind {
    const struct post_kind *kind;
    enum query numbered, until;
} line_kinds[POST_KINDS] = {{&post_picture, QUERY_PICTURE_NUMBERED, QUERY_PICTURE_UNTIL},
                            {&post_status, QUERY_STATUS_NUMBERED, QUERY_STATUS_UNTIL},
                            {&post_mood, QUERY_MOOD_NUMBERED, QUERY_MOOD_UNTIL}};

/* From 1 on, so that no number is 0. */
static int place_of(const struct post_kind *kind)
{
    int place = 0;
    while (line_kinds[place].kind != kind)
        place++;
    return place + 1;
}

int64_t post_number_make(const struct post_kind *kind, int64_t id, int64_t created_s)
{
    const int64_t second = created_s < 0 ? 0 : created_s > last_second ? last_second : created_s;
    return second << TIME_SHIFT | (int64_t)place_of(kind) << POST_NUMBER_ID_BITS | (id & (stride - 1));
}

const char *post_number_text(struct arena *arena, int64_t number)
{
    return arena_printf(arena, "%lld", (long long)number);
}

int64_t post_number_read(const char *text, int64_t fallback)
{
    const size_t digits = strspn(text, "0123456789");
    if (!digits || text[digits] || digits > 16)
        return fallback;
    const int64_t number = strtoll(text, NULL, 10);
    return number > 0 && number < numbers_end ? number : fallback;
}

const struct post_kind *post_number_find(struct db *db, int64_t number, int64_t *ret_id)
{
    const int place = (int)(number >> POST_NUMBER_ID_BITS) & ((1 << POST_NUMBER_KIND_BITS) - 1);
    if (number <= 0 || number >= numbers_end || place < 1 || place > POST_KINDS)
        return NULL;
    const struct line_kind *line = &line_kinds[place - 1];
    const int64_t id = db_number(db, line->numbered, 0, number & (stride - 1), stride, number >> TIME_SHIFT);
    if (!id)
        return NULL;
    *ret_id = id;
    return line->kind;
}

/* The newest post with an id of that or less: *ret_id, *ret_created_s. -1: there is none. */
static int newest_until(struct db *db, enum query until, int64_t id, int64_t *ret_id, int64_t *ret_created_s)
{
    json_t *row = db_row(db, until, id);
    const int is_there = json_is_object(row);
    if (is_there) {
        *ret_id = json_integer_value(json_object_get(row, "id"));
        *ret_created_s = json_integer_value(json_object_get(row, "created_at"));
    }
    json_decref(row);
    return is_there ? 0 : -1;
}

int64_t post_number_of(struct db *db, const struct post_kind *kind, int64_t id)
{
    int64_t found = 0, created_s = 0;
    if (newest_until(db, line_kinds[place_of(kind) - 1].until, id, &found, &created_s) || found != id)
        return 0;
    return post_number_make(kind, id, created_s);
}

int64_t post_number_cursor(struct db *db, const struct post_kind *kind, int64_t number)
{
    const enum query until = line_kinds[place_of(kind) - 1].until;
    int64_t low = 0, high = 0, id = 0,
            created_s = 0; /* what is up to low is below the number, what is from high on is not */
    if (number == INT64_MAX)
        return INT64_MAX;
    if (post_number_find(db, number, &id) == kind)
        return id; /* exactly, also where an import mixed the times */
    if (newest_until(db, until, INT64_MAX - 1, &high, &created_s) || post_number_make(kind, high, created_s) < number)
        return INT64_MAX;
    while (low + 1 < high) {
        const int64_t middle = low + (high - low) / 2;
        if (newest_until(db, until, middle, &id, &created_s) || id <= low)
            low = middle; /* none between */
        else if (post_number_make(kind, id, created_s) < number)
            low = middle;
        else
            high = id;
    }
    return high;
}

const char *post_number_name(struct arena *arena, struct db *db, const char *text)
{
    int64_t id = 0;
    const struct post_kind *kind = post_number_find(db, post_number_read(text, 0), &id);
    return kind ? answers_name(arena, (struct post_ref){.kind = kind->name, .id = id}) : NULL;
}
