/*
 * A growing byte buffer, always zero-terminated behind its content. Not thread-safe. A zeroed
 * struct is an empty buffer. Appending never fails: without memory the process ends itself.
 */
#ifndef PICLOG_BASE_BUF_H
#define PICLOG_BASE_BUF_H

#include <stddef.h>

struct buf {
    char *data;        /* NULL while never written; else terminated */
    size_t size_bytes; /* without the terminator */
    size_t capacity_bytes;
};

void buf_append(struct buf *buf, const void *bytes, size_t size_bytes);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for that many more bytes, so that a caller may write at data + size_bytes. */
void buf_reserve(struct buf *buf, size_t more_bytes);

/* Hands the memory (malloc) to the caller, who frees it; the buffer is empty again. Never NULL. */
char *buf_take(struct buf *buf, size_t *ret_size_bytes);

/* Empties, keeps the memory. */
void buf_clear(struct buf *buf);
void buf_free(struct buf *buf);

#endif
