/*
 * Mustache: templates without logic (the official specification's interpolation, sections, inverted sections, partials,
 * comments and delimiters, besides its optional inheritance: {{<parent}}, {{$block}}).
 * Escapes by default. A compiled template is immutable: any number of threads may render it at once.
 */
#ifndef PICLOG_VIEW_MUSTACHE_H
#define PICLOG_VIEW_MUSTACHE_H

#include <jansson.h>

#include "base/buf.h"

enum { MUSTACHE_MAX_DEPTH = 64, MUSTACHE_MAX_OUTPUT_BYTES = 8 * 1024 * 1024, MUSTACHE_MAX_SOURCE_BYTES = 1024 * 1024 };

enum mustache_status { MUSTACHE_OK = 0, MUSTACHE_SYNTAX, MUSTACHE_MISSING, MUSTACHE_LIMIT };

struct mustache;

struct mustache_error {
    char message[240];
};

/* source is copied. name appears in errors. On success the caller owns *ret_template. */
enum mustache_status mustache_compile(const char *name, const char *source, size_t size_bytes,
                                      struct mustache **ret_template, struct mustache_error *error)
    __attribute__((warn_unused_result));

void mustache_free(struct mustache *template);

/* What the host of the engine adds. Any function may be NULL. */
struct mustache_host {
    /* The partial or parent of that name; NULL if there is none (rendered as nothing, or an error when strict). */
    const struct mustache *(*find_partial)(void *data, const char *name);
    /*
     * A member of a value that has no such key: appends its text to out and returns 1, or 0 if there is none.
     * *ret_is_html: 1 if the text is markup already and must not be escaped.
     */
    int (*find_member)(void *data, const json_t *value, const char *name, struct buf *out, int *ret_is_html);
    void *data;
    int strict; /* missing keys are errors */
};

/*
 * Renders with a stack of contexts: globals (may be NULL) below context. False, null, "", 0 and [] are false.
 * Appends to ret_out; on failure ret_out is as before. error may be NULL.
 */
enum mustache_status mustache_render(const struct mustache *template, const struct mustache_host *host,
                                     const json_t *globals, const json_t *context, struct buf *ret_out,
                                     struct mustache_error *error) __attribute__((warn_unused_result));

/* Below: for the two halves of the engine only. */
enum mustache_kind {
    MUSTACHE_TEXT,
    MUSTACHE_VALUE,   /* {{name}} */
    MUSTACHE_RAW,     /* {{{name}}}, {{&name}} */
    MUSTACHE_SECTION, /* {{#name}} … {{/name}} */
    MUSTACHE_INVERTED,
    MUSTACHE_PARTIAL, /* {{>name}} */
    MUSTACHE_PARENT,  /* {{<name}} … {{/name}}: its body holds blocks */
    MUSTACHE_BLOCK    /* {{$name}} … {{/name}} */
};

struct mustache_node {
    enum mustache_kind kind;
    int starts_line;  /* the indentation of a partial goes before it */
    int line;         /* for errors */
    const char *text; /* TEXT: into the source; else the name */
    size_t size_bytes;
    const char *indent; /* PARTIAL, PARENT that stand alone: white space before the tag; else NULL */
    size_t end;         /* SECTION, INVERTED, PARENT, BLOCK: index of the first node behind the body */
};

struct mustache {
    char *name, *source;
    struct mustache_node *nodes;
    size_t node_count, node_capacity;
    char **strings; /* names and indents */
    size_t string_count, string_capacity;
};

#endif
