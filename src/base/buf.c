/*
 * A growing byte buffer: see buf.h. Grows by doubling, so n appends cost O(n).
 */
#include "buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_reserve(struct buf *buf, size_t more_bytes)
{
    if (more_bytes > SIZE_MAX / 4 || buf->size_bytes > SIZE_MAX / 4) {
        fputs("piclog: buffer too large\n", stderr);
        abort();
    }
    size_t need = buf->size_bytes + more_bytes + 1;
    if (need <= buf->capacity_bytes)
        return;
    size_t capacity = buf->capacity_bytes ? buf->capacity_bytes : 256;
    while (capacity < need)
        capacity *= 2;
    char *data = realloc(buf->data, capacity);
    if (!data) {
        fputs("piclog: out of memory\n", stderr);
        abort();
    }
    buf->data = data;
    buf->capacity_bytes = capacity;
}

void buf_append(struct buf *buf, const void *bytes, size_t size_bytes)
{
    buf_reserve(buf, size_bytes);
    if (size_bytes)
        memcpy(buf->data + buf->size_bytes, bytes, size_bytes);
    buf->size_bytes += size_bytes;
    buf->data[buf->size_bytes] = '\0';
}

void buf_puts(struct buf *buf, const char *text)
{
    buf_append(buf, text, strlen(text));
}

void buf_putc(struct buf *buf, char c)
{
    buf_append(buf, &c, 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length > 0) {
        buf_reserve(buf, (size_t)length);
        vsnprintf(buf->data + buf->size_bytes, (size_t)length + 1, format, again);
        buf->size_bytes += (size_t)length;
    }
    va_end(again);
}

char *buf_take(struct buf *buf, size_t *ret_size_bytes)
{
    buf_reserve(buf, 0);
    buf->data[buf->size_bytes] = '\0';
    char *data = buf->data;
    if (ret_size_bytes)
        *ret_size_bytes = buf->size_bytes;
    *buf = (struct buf){0};
    return data;
}

void buf_clear(struct buf *buf)
{
    buf->size_bytes = 0;
    if (buf->data)
        buf->data[0] = '\0';
}

void buf_free(struct buf *buf)
{
    free(buf->data);
    *buf = (struct buf){0};
}
