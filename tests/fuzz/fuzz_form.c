/*
 * Urlencoded forms: what is parsed and written again in canonical form must parse to the same names and values.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "app/request/fields.h"
#include "view/linkify.h"

static void write_again(const struct fields *fields, struct buf *out)
{
    for (int i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        if (strlen(field->name) > FIELD_NAME_MAX_BYTES || strlen(field->value) != field->value_bytes)
            abort();
        if (fields_find(fields, field->name) > field)
            abort(); /* the first of a name is found */
        linkify_encode(field->name, out);
        buf_putc(out, '=');
        linkify_encode(field->value, out);
        buf_putc(out, '&');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const lists[] = {NULL, "", "q before", "fg bg link font size center hide"};
    struct arena arena = {0};
    struct fields fields = {0}, again = {0};
    if (!size)
        return 0;
    const char *allowed = lists[data[0] % 4];
    if (!fields_parse(&arena, (const char *)data + 1, size - 1, allowed, &fields)) {
        struct buf text = {0}, text_again = {0};
        write_again(&fields, &text);
        if (fields_parse(&arena, text.data ? text.data : "", text.size_bytes, allowed, &again))
            abort();
        write_again(&again, &text_again);
        if (again.count != fields.count || text.size_bytes != text_again.size_bytes ||
            memcmp(text.data ? text.data : "", text_again.data ? text_again.data : "", text.size_bytes))
            abort();
        buf_free(&text);
        buf_free(&text_again);
    }
    arena_free(&arena);
    return 0;
}
