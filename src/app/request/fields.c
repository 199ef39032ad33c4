/*
 * Parses what browsers put names and values into: query strings, forms, cookies, header parameters.
 * Refuses NUL bytes, more than FIELDS_MAX fields and long names; leaves text as bytes: base/text.h checks it before it
 * is stored. Read next: dispatch.c, which calls it; src/http/multipart.c for the other kind of form.
 */
#include "app/request/fields.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Decodes into out (as long as text at most) and returns the length. *ret_bad counts "%" without digits. */
static size_t decode(const char *text, size_t size_bytes, int plus_is_space, char *out, int *ret_bad)
{
    size_t used = 0;
    for (size_t i = 0; i < size_bytes; i++) {
        if (text[i] == '+' && plus_is_space) {
            out[used++] = ' ';
        } else if (text[i] != '%') {
            out[used++] = text[i];
        } else if (i + 2 < size_bytes && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
            out[used++] = (char)(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            out[used++] = '%';
            ++*ret_bad;
        }
    }
    return used;
}

int fields_listed(const char *list, const char *word, size_t word_bytes)
{
    while (*list) {
        size_t length = strcspn(list, " ");
        if (length == word_bytes && word_bytes && !memcmp(list, word, length))
            return 1;
        list += length;
        list += *list == ' ';
    }
    return 0;
}

enum fields_status fields_add(struct arena *arena, struct fields *fields, const char *name, size_t name_bytes,
                              const char *value, size_t value_bytes)
{
    if (fields->count == FIELDS_MAX)
        return FIELDS_TOO_MANY;
    if (name_bytes > FIELD_NAME_MAX_BYTES || memchr(name, 0, name_bytes))
        return FIELDS_NAME;
    if (memchr(value, 0, value_bytes))
        return FIELDS_NUL;
    fields->items[fields->count++] = (struct field){
        .name = arena_copy_n(arena, name, name_bytes),
        .value = arena_copy_n(arena, value, value_bytes),
        .value_bytes = value_bytes,
    };
    return FIELDS_OK;
}

enum fields_status fields_parse(struct arena *arena, const char *text, size_t size_bytes, const char *allowed,
                                struct fields *fields)
{
    char *decoded = arena_alloc(arena, size_bytes + 1);
    const char *end = text + size_bytes;
    while (text < end) {
        const char *amp = memchr(text, '&', (size_t)(end - text));
        const char *stop = amp ? amp : end;
        const char *equals = memchr(text, '=', (size_t)(stop - text));
        const char *name_end = equals ? equals : stop;
        int bad = 0;
        size_t name_bytes = decode(text, (size_t)(name_end - text), 1, decoded, &bad);
        if (stop > text && (!allowed || fields_listed(allowed, decoded, name_bytes))) {
            char *value = decoded + name_bytes;
            size_t value_bytes = equals ? decode(equals + 1, (size_t)(stop - equals - 1), 1, value, &bad) : 0;
            enum fields_status status = fields_add(arena, fields, decoded, name_bytes, value, value_bytes);
            if (status)
                return status;
        }
        text = amp ? amp + 1 : end;
    }
    return FIELDS_OK;
}

const struct field *fields_find(const struct fields *fields, const char *name)
{
    for (int i = 0; i < fields->count; i++)
        if (!strcmp(fields->items[i].name, name))
            return &fields->items[i];
    return NULL;
}

char *fields_decode_segment(struct arena *arena, const char *text, size_t size_bytes)
{
    char *out = arena_alloc(arena, size_bytes + 1);
    int bad = 0;
    size_t used = decode(text, size_bytes, 0, out, &bad);
    out[used] = 0;
    return bad || memchr(out, 0, used) ? NULL : out;
}

const char *fields_cookie(struct arena *arena, const char *header, const char *name)
{
    size_t name_bytes = strlen(name);
    while (header && *header) {
        header += strspn(header, " \t;");
        size_t length = strcspn(header, ";");
        if (length > name_bytes && header[name_bytes] == '=' && !memcmp(header, name, name_bytes)) {
            const char *value = header + name_bytes + 1;
            size_t value_bytes = length - name_bytes - 1;
            while (value_bytes && (value[value_bytes - 1] == ' ' || value[value_bytes - 1] == '\t'))
                value_bytes--;
            if (value_bytes >= 2 && value[0] == '"' && value[value_bytes - 1] == '"') {
                value++;
                value_bytes -= 2;
            }
            return arena_copy_n(arena, value, value_bytes);
        }
        header += length;
    }
    return NULL;
}

const char *fields_parameter(struct arena *arena, const char *header, const char *name)
{
    size_t name_bytes = strlen(name);
    const char *at = header + strcspn(header, ";");
    while (*at == ';') {
        at += 1 + strspn(at + 1, " \t");
        int found = !strncasecmp(at, name, name_bytes) && at[name_bytes] == '=';
        at += strcspn(at, "=;");
        if (*at != '=')
            continue;
        at++;
        struct buf value = {0};
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++) {
                if (*at == '\\' && at[1])
                    at++;
                buf_putc(&value, *at);
            }
            at += *at == '"';
            at += strcspn(at, ";");
        } else {
            size_t length = strcspn(at, "; \t");
            buf_append(&value, at, length);
            at += strcspn(at, ";");
        }
        const char *copy = found ? arena_copy_n(arena, value.data ? value.data : "", value.size_bytes) : NULL;
        buf_free(&value);
        if (copy)
            return copy;
    }
    return NULL;
}

int fields_accepts(const char *header, const char *token)
{
    size_t token_bytes = strlen(token);
    while (header && *header) {
        header += strspn(header, " \t,");
        size_t length = strcspn(header, ",");
        size_t word = strcspn(header, ",; \t");
        if (word == token_bytes && !strncasecmp(header, token, word)) {
            const char *q = memchr(header, ';', length);
            while (q && q < header + length) {
                q += 1 + strspn(q + 1, " \t");
                if ((*q == 'q' || *q == 'Q') && q[1] == '=')
                    return strspn(q + 2, "0.") != strcspn(q + 2, ",; \t");
                q = memchr(q, ';', (size_t)(header + length - q));
            }
            return 1;
        }
        header += length;
    }
    return 0;
}
