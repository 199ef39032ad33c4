/*
 * A bound for JSON from outside: see json_bound.h. Three bytes ("{},") can become two hundred, so that a limit on bytes
 * alone is none on memory. Refuses nothing for its grammar; that is the parser's matter. Read next: the callers,
 * app/request/dispatch.c and app/move/import_source.c.
 */
#include "json_bound.h"

/* Bytes on a machine of 64 bits, with what malloc adds: an object with its first table, an array with its first eight
   places; a value or a key, each with its place in a list or table that doubles. */
enum { OBJECT_BYTES = 240, ARRAY_BYTES = 144, VALUE_BYTES = 112 };

/* Behind the quote that ends a string which begins at data + at. */
static size_t skip_string(const char *data, size_t size_bytes, size_t at)
{
    for (at++; at < size_bytes && data[at] != '"'; at++)
        at += data[at] == '\\';
    return at + 1;
}

static int is_bare(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' ||
           c == '.';
}

enum json_bound json_bound_check(const char *data, size_t size_bytes, size_t tree_max_bytes)
{
    size_t tree_bytes = 0, depth = 0, longest = 0;
    for (size_t at = 0; at < size_bytes && tree_bytes + 2 * longest <= tree_max_bytes;) {
        const size_t start = at;
        const char c = data[at];
        if (c == '{' || c == '[') {
            tree_bytes += VALUE_BYTES + (size_t)(c == '{' ? OBJECT_BYTES : ARRAY_BYTES);
            if (++depth > JSON_BOUND_DEPTH_MAX)
                return JSON_BOUND_DEPTH;
            at++;
        } else if (c == '"') {
            at = skip_string(data, size_bytes, at);
            tree_bytes += VALUE_BYTES + (at - start);
            longest = at - start > longest ? at - start : longest; /* the parser's buffer doubles as it reads */
        } else if (is_bare(c)) {
            while (at < size_bytes && is_bare(data[at]))
                at++;
            tree_bytes += VALUE_BYTES;
        } else {
            depth -= (c == '}' || c == ']') && depth;
            at++;
        }
    }
    return tree_bytes + 2 * longest > tree_max_bytes ? JSON_BOUND_TREE : JSON_BOUND_OK;
}
