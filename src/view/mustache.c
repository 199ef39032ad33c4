/*
 * Mustache, first half: source text to a flat list of nodes, where every section knows the index behind its end.
 * Refuses unclosed, crossing or empty tags, naming the line. Rendering is in mustache_render.c.
 */
#include "mustache.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DELIMITER_BYTES = 15 };

struct parser {
    struct mustache *template;
    const char *at, *end;
    const char *line_start; /* of the line that "at" lies in */
    const char *held;       /* white space before a tag, kept back until it is known whether the tag stands alone */
    int line;
    int line_is_fresh; /* no node was made of this line yet */
    char open[MAX_DELIMITER_BYTES + 1], close[MAX_DELIMITER_BYTES + 1];
    size_t open_sections[MUSTACHE_MAX_DEPTH];
    size_t depth;
    struct mustache_error *error;
};

static enum mustache_status fail(struct parser *p, enum mustache_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum mustache_status fail(struct parser *p, enum mustache_status status, const char *format, ...)
{
    if (!p->error)
        return status;
    char what[160];
    va_list list;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    snprintf(p->error->message, sizeof p->error->message, "%.60s:%d: %s", p->template->name, p->line, what);
    return status;
}

static void *grow(void *memory, size_t count, size_t *capacity, size_t item_bytes)
{
    if (count < *capacity)
        return memory;
    *capacity = *capacity ? *capacity * 2 : 16;
    memory = realloc(memory, *capacity * item_bytes);
    if (!memory) {
        fputs("piclog: out of memory\n", stderr);
        abort();
    }
    return memory;
}

static const char *keep_string(struct mustache *t, const char *text, size_t size_bytes)
{
    t->strings = grow(t->strings, t->string_count, &t->string_capacity, sizeof *t->strings);
    char *copy = strndup(text, size_bytes);
    if (!copy) {
        fputs("piclog: out of memory\n", stderr);
        abort();
    }
    t->strings[t->string_count++] = copy;
    return copy;
}

static struct mustache_node *add_node(struct parser *p, enum mustache_kind kind)
{
    struct mustache *t = p->template;
    t->nodes = grow(t->nodes, t->node_count, &t->node_capacity, sizeof *t->nodes);
    struct mustache_node *node = &t->nodes[t->node_count++];
    *node = (struct mustache_node){.kind = kind, .line = p->line, .starts_line = p->line_is_fresh};
    p->line_is_fresh = 0;
    return node;
}

/* Plain text becomes one node per line, so that each can be indented. */
static void add_text(struct parser *p, const char *from, const char *to)
{
    while (from < to) {
        const char *newline = memchr(from, '\n', (size_t)(to - from));
        const char *stop = newline ? newline + 1 : to;
        struct mustache_node *node = add_node(p, MUSTACHE_TEXT);
        node->text = from;
        node->size_bytes = (size_t)(stop - from);
        if (newline) {
            p->line++;
            p->line_start = stop;
            p->line_is_fresh = 1;
        }
        from = stop;
    }
}

static int is_blank(const char *from, const char *to)
{
    for (; from < to; from++)
        if (*from != ' ' && *from != '\t')
            return 0;
    return 1;
}

/* Behind the line end if only white space follows, else NULL. */
static const char *skip_rest_of_line(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (at == end)
        return at;
    if (*at == '\n')
        return at + 1;
    if (at + 1 < end && at[0] == '\r' && at[1] == '\n')
        return at + 2;
    return NULL;
}

static enum mustache_status set_delimiters(struct parser *p, const char *from, const char *to)
{
    while (from < to && isspace((unsigned char)*from))
        from++;
    const char *middle = from;
    while (middle < to && !isspace((unsigned char)*middle))
        middle++;
    const char *second = middle;
    while (second < to && isspace((unsigned char)*second))
        second++;
    const char *last = second;
    while (last < to && !isspace((unsigned char)*last))
        last++;
    size_t open_bytes = (size_t)(middle - from), close_bytes = (size_t)(last - second);
    if (!open_bytes || !close_bytes || open_bytes > MAX_DELIMITER_BYTES || close_bytes > MAX_DELIMITER_BYTES)
        return fail(p, MUSTACHE_SYNTAX, "delimiters are two short words between the equal signs");
    memcpy(p->open, from, open_bytes);
    p->open[open_bytes] = '\0';
    memcpy(p->close, second, close_bytes);
    p->close[close_bytes] = '\0';
    return MUSTACHE_OK;
}

static enum mustache_status close_section(struct parser *p, const char *name)
{
    if (!p->depth)
        return fail(p, MUSTACHE_SYNTAX, "{{/%.60s}} closes nothing", name);
    struct mustache_node *open = &p->template->nodes[p->open_sections[--p->depth]];
    if (strcmp(open->text, name) != 0)
        return fail(p, MUSTACHE_SYNTAX, "{{/%.60s}} where {{/%.60s}} of line %d is awaited", name, open->text,
                    open->line);
    open->end = p->template->node_count;
    return MUSTACHE_OK;
}

static enum mustache_status add_tag(struct parser *p, char sigil, const char *name, const char *indent)
{
    static const struct {
        char sigil;
        enum mustache_kind kind;
        int opens;
    } kinds[] = {{0, MUSTACHE_VALUE, 0},     {'&', MUSTACHE_RAW, 0},      {'{', MUSTACHE_RAW, 0},
                 {'#', MUSTACHE_SECTION, 1}, {'^', MUSTACHE_INVERTED, 1}, {'>', MUSTACHE_PARTIAL, 0},
                 {'<', MUSTACHE_PARENT, 1},  {'$', MUSTACHE_BLOCK, 1}};
    if (sigil == '/')
        return close_section(p, name);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].sigil != sigil)
            continue;
        if (kinds[i].opens) {
            if (p->depth == MUSTACHE_MAX_DEPTH)
                return fail(p, MUSTACHE_LIMIT, "more than %d sections in each other", MUSTACHE_MAX_DEPTH);
            p->open_sections[p->depth++] = p->template->node_count;
        }
        struct mustache_node *node = add_node(p, kinds[i].kind);
        node->text = name;
        node->indent = indent;
        return MUSTACHE_OK;
    }
    return fail(p, MUSTACHE_SYNTAX, "unknown kind of tag"); /* not reached: parse_tag knows the same sigils */
}

/* p->at stands on an opening delimiter. */
static enum mustache_status parse_tag(struct parser *p)
{
    const char *tag = p->at;
    const char *inner = tag + strlen(p->open);
    char sigil = inner < p->end && strchr("#^/>!=&{<$", *inner) ? *inner : 0;
    if (sigil)
        inner++;
    char closing[MAX_DELIMITER_BYTES + 2];
    snprintf(closing, sizeof closing, "%s%s", sigil == '=' ? "=" : sigil == '{' ? "}" : "", p->close);
    const char *stop = memmem(inner, (size_t)(p->end - inner), closing, strlen(closing));
    if (!stop)
        return fail(p, MUSTACHE_SYNTAX, "a tag that is never closed with %s", closing);
    const char *after = stop + strlen(closing);

    /* Tags other than values, alone on their lines, take the whole line with them. */
    const char *next = NULL;
    int alone = sigil && sigil != '&' && sigil != '{' && p->held == p->line_start &&
                (next = skip_rest_of_line(after, p->end)) != NULL;
    if (!alone)
        add_text(p, p->held, tag);
    enum mustache_status status = MUSTACHE_OK;
    if (sigil == '=') {
        status = set_delimiters(p, inner, stop);
    } else if (sigil != '!') {
        const char *from = inner, *to = stop;
        while (from < to && isspace((unsigned char)*from))
            from++;
        while (to > from && isspace((unsigned char)to[-1]))
            to--;
        if (from == to)
            return fail(p, MUSTACHE_SYNTAX, "a tag without a name");
        const char *name = keep_string(p->template, from, (size_t)(to - from));
        const char *indent = alone ? keep_string(p->template, p->held, (size_t)(tag - p->held)) : NULL;
        status = add_tag(p, sigil, name, indent);
        if (alone) { /* the next line is still unwritten, and no indentation goes before the tag itself */
            p->line_is_fresh = 1;
            if (sigil != '/')
                p->template->nodes[p->template->node_count - 1].starts_line = 0;
        }
    }
    for (const char *c = tag; c < (alone ? next : after); c++)
        p->line += *c == '\n';
    p->at = alone ? next : after;
    if (alone)
        p->line_start = p->at;
    return status;
}

enum mustache_status mustache_compile(const char *name, const char *source, size_t size_bytes,
                                      struct mustache **ret_template, struct mustache_error *error)
{
    struct mustache *t = calloc(1, sizeof *t);
    char *copy = malloc(size_bytes + 1), *label = strdup(name);
    if (!t || !copy || !label) {
        fputs("piclog: out of memory\n", stderr);
        abort();
    }
    memcpy(copy, source, size_bytes);
    copy[size_bytes] = '\0';
    t->name = label;
    t->source = copy;
    struct parser p = {.template = t,
                       .at = copy,
                       .end = copy + size_bytes,
                       .line_start = copy,
                       .line = 1,
                       .line_is_fresh = 1,
                       .open = "{{",
                       .close = "}}",
                       .error = error};
    enum mustache_status status = MUSTACHE_OK;
    if (size_bytes > MUSTACHE_MAX_SOURCE_BYTES)
        status = fail(&p, MUSTACHE_LIMIT, "longer than %d bytes", MUSTACHE_MAX_SOURCE_BYTES);
    while (!status && p.at < p.end) {
        const char *tag = memmem(p.at, (size_t)(p.end - p.at), p.open, strlen(p.open));
        const char *stop = tag ? tag : p.end;
        const char *line = stop;
        while (line > p.at && line[-1] != '\n')
            line--;
        p.held = tag && is_blank(line, stop) && (line > p.at || p.at == p.line_start) ? line : stop;
        add_text(&p, p.at, p.held);
        p.at = stop;
        if (tag)
            status = parse_tag(&p);
    }
    if (!status && p.depth)
        status = fail(&p, MUSTACHE_SYNTAX, "{{%.60s}} of line %d is never closed",
                      t->nodes[p.open_sections[p.depth - 1]].text, t->nodes[p.open_sections[p.depth - 1]].line);
    if (status) {
        mustache_free(t);
        return status;
    }
    *ret_template = t;
    return MUSTACHE_OK;
}

void mustache_free(struct mustache *template)
{
    if (!template)
        return;
    for (size_t i = 0; i < template->string_count; i++)
        free(template->strings[i]);
    free(template->strings);
    free(template->nodes);
    free(template->source);
    free(template->name);
    free(template);
}
