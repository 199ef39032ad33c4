/*
 * Forms with files: boundary, pieces and content from the input. However a body is cut into pieces, it must mean the
 * same: the same parts with the same bytes, and the same verdict.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "app/request/fields.h"
#include "http/multipart.h"

enum { PARTS_MAX = 100 };

struct seen {
    struct buf bytes; /* every part: its name, its kind, its content, all framed by their lengths */
    size_t part_bytes;
    int parts, is_open;
};

static int on_part(void *context, const struct multipart_part *part)
{
    struct seen *seen = context;
    if (seen->is_open++ || ++seen->parts > PARTS_MAX)
        return seen->parts > PARTS_MAX ? 1 : (abort(), 1);
    buf_printf(&seen->bytes, "%d %zu %zu ", part->is_file, part->name_bytes, part->file_name_bytes);
    buf_append(&seen->bytes, part->name, part->name_bytes);
    if (part->file_name)
        buf_append(&seen->bytes, part->file_name, part->file_name_bytes);
    seen->part_bytes = 0;
    return 0;
}

static int on_bytes(void *context, const char *bytes, size_t size_bytes)
{
    struct seen *seen = context;
    if (!seen->is_open || !size_bytes)
        abort();
    buf_append(&seen->bytes, bytes, size_bytes);
    seen->part_bytes += size_bytes;
    return 0;
}

static int on_end(void *context)
{
    struct seen *seen = context;
    if (!seen->is_open--)
        abort();
    buf_printf(&seen->bytes, " %zu\n", seen->part_bytes);
    return 0;
}

static enum multipart_status parse(const char *boundary, const char *data, size_t size, size_t piece, struct seen *seen)
{
    struct multipart multipart;
    const struct multipart_sink sink = {on_part, on_bytes, on_end, seen};
    enum multipart_status status = MULTIPART_OK;
    if (multipart_init(&multipart, boundary, &sink))
        return MULTIPART_MALFORMED;
    for (size_t at = 0; at < size && !status; at += piece) {
        status = multipart_feed(&multipart, data + at, size - at < piece ? size - at : piece);
        if (!status && multipart.window.size_bytes > MULTIPART_HEADERS_MAX + 2 * sizeof multipart.delimiter)
            abort(); /* the window is bounded, whatever comes */
    }
    if (!status)
        status = multipart_finish(&multipart);
    multipart_free(&multipart);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* the header's value up to the first newline, then one byte for the pieces, then the body */
    const char *text = (const char *)data, *newline = size ? memchr(text, '\n', size) : NULL;
    struct arena arena = {0};
    if (!newline || newline + 2 > text + size)
        return 0;
    const char *type = arena_copy_n(&arena, text, (size_t)(newline - text));
    const char *boundary = fields_parameter(&arena, type, "boundary");
    const char *body = newline + 2;
    size_t body_bytes = (size_t)(text + size - body);
    if (boundary) {
        struct seen whole = {0}, pieces = {0};
        enum multipart_status once = parse(boundary, body, body_bytes, body_bytes ? body_bytes : 1, &whole);
        enum multipart_status again = parse(boundary, body, body_bytes, 1u + (unsigned char)newline[1] % 32, &pieces);
        if (once != again ||
            (once == MULTIPART_OK && (whole.bytes.size_bytes != pieces.bytes.size_bytes ||
                                      memcmp(whole.bytes.data ? whole.bytes.data : "",
                                             pieces.bytes.data ? pieces.bytes.data : "", whole.bytes.size_bytes))))
            abort();
        buf_free(&whole.bytes);
        buf_free(&pieces.bytes);
    }
    arena_free(&arena);
    return 0;
}
