/*
 * Mustache, second half: walks the nodes of a compiled template with a stack of contexts.
 * Refuses to nest deeper than MUSTACHE_MAX_DEPTH (recursive partials) or to grow beyond MUSTACHE_MAX_OUTPUT_BYTES.
 * Parsing is in mustache.c.
 */
#include "mustache.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "linkify.h"

enum { MAX_BLOCKS = 32, MAX_INDENT_BYTES = 128 };

/* A block that a child template sets for its parents. */
struct override {
    const char *name;
    const struct mustache *template;
    size_t from, to;
};

struct renderer {
    const struct mustache_host *host;
    const json_t *stack[MUSTACHE_MAX_DEPTH];
    size_t stack_size;
    size_t depth;
    struct override blocks[MAX_BLOCKS];
    size_t block_count;
    char indent[MAX_INDENT_BYTES];
    size_t indent_bytes;
    struct buf *out;
    size_t limit_bytes;
    struct mustache_error *error;
};

static enum mustache_status render_nodes(struct renderer *r, const struct mustache *t, size_t from, size_t to);

static enum mustache_status fail(struct renderer *r, const struct mustache *t, const struct mustache_node *node,
                                 enum mustache_status status, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static enum mustache_status fail(struct renderer *r, const struct mustache *t, const struct mustache_node *node,
                                 enum mustache_status status, const char *format, ...)
{
    if (!r->error)
        return status;
    char what[160];
    va_list list;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    snprintf(r->error->message, sizeof r->error->message, "%.60s:%d: %s", t->name, node->line, what);
    return status;
}

/* What a name means here: a value of the context, or text that the host makes from one. */
struct meaning {
    const json_t *value; /* NULL: missing, or made */
    int made, is_html;   /* made: the text stands in the buffer given to find() */
};

static struct meaning find(const struct renderer *r, const char *name, struct buf *made)
{
    struct meaning meaning = {0};
    if (strcmp(name, ".") == 0) {
        meaning.value = r->stack[r->stack_size - 1];
        return meaning;
    }
    char part[64];
    const char *dot = strchrnul(name, '.');
    if ((size_t)(dot - name) >= sizeof part)
        return meaning;
    if (dot == name) { /* ".ago": a member of the current item */
        meaning.value = r->stack[r->stack_size - 1];
    } else {
        memcpy(part, name, (size_t)(dot - name));
        part[dot - name] = '\0';
        for (size_t i = r->stack_size; i-- > 0 && !meaning.value;)
            meaning.value = json_object_get(r->stack[i], part);
    }
    while (meaning.value && *dot) {
        const char *member = dot + 1;
        dot = strchrnul(member, '.');
        if ((size_t)(dot - member) >= sizeof part)
            return (struct meaning){0};
        memcpy(part, member, (size_t)(dot - member));
        part[dot - member] = '\0';
        const json_t *next = json_object_get(meaning.value, part);
        if (!next && !*dot && !json_is_object(meaning.value) && r->host->find_member) {
            meaning.made = r->host->find_member(r->host->data, meaning.value, part, made, &meaning.is_html);
            meaning.value = NULL;
            return meaning;
        }
        meaning.value = next;
    }
    return meaning;
}

static int is_false(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_NULL:
    case JSON_FALSE: return 1;
    case JSON_STRING: return json_string_length(value) == 0;
    case JSON_INTEGER: return json_integer_value(value) == 0;
    case JSON_REAL: return !(json_real_value(value) < 0 || json_real_value(value) > 0);
    case JSON_ARRAY: return json_array_size(value) == 0;
    default: return 0;
    }
}

static void write_text(struct renderer *r, const char *text, size_t size_bytes, int escape)
{
    if (escape)
        linkify_escape(text, size_bytes, r->out);
    else
        buf_append(r->out, text, size_bytes);
}

static enum mustache_status render_value(struct renderer *r, const struct mustache *t, const struct mustache_node *node)
{
    struct buf made = {0};
    struct meaning meaning = find(r, node->text, &made);
    int escape = node->kind == MUSTACHE_VALUE && !meaning.is_html;
    enum mustache_status status = MUSTACHE_OK;
    if (meaning.made) {
        write_text(r, made.data ? made.data : "", made.size_bytes, escape);
    } else if (!meaning.value) {
        if (r->host->strict)
            status = fail(r, t, node, MUSTACHE_MISSING, "nothing is known of {{%.60s}}", node->text);
    } else if (json_is_string(meaning.value)) {
        write_text(r, json_string_value(meaning.value), json_string_length(meaning.value), escape);
    } else if (json_is_integer(meaning.value)) {
        buf_printf(r->out, "%" JSON_INTEGER_FORMAT, json_integer_value(meaning.value));
    } else if (json_is_real(meaning.value)) {
        buf_printf(r->out, "%.15g", json_real_value(meaning.value));
    } else if (json_is_boolean(meaning.value)) {
        buf_puts(r->out, json_is_true(meaning.value) ? "true" : "false");
    } else if (!json_is_null(meaning.value)) {
        status = fail(r, t, node, MUSTACHE_SYNTAX, "{{%.60s}} is a list or an object, no text", node->text);
    }
    buf_free(&made);
    return status;
}

static enum mustache_status render_item(struct renderer *r, const struct mustache *t, size_t at, const json_t *item)
{
    if (r->stack_size == MUSTACHE_MAX_DEPTH)
        return fail(r, t, &t->nodes[at], MUSTACHE_LIMIT, "more than %d contexts in each other", MUSTACHE_MAX_DEPTH);
    r->stack[r->stack_size++] = item;
    enum mustache_status status = render_nodes(r, t, at + 1, t->nodes[at].end);
    r->stack_size--;
    return status;
}

static enum mustache_status render_section(struct renderer *r, const struct mustache *t, size_t at)
{
    const struct mustache_node *node = &t->nodes[at];
    struct buf made = {0};
    struct meaning meaning = find(r, node->text, &made);
    size_t made_bytes = made.size_bytes;
    int made_zero = made_bytes == 1 && made.data[0] == '0';
    buf_free(&made);
    if (!meaning.value && !meaning.made && r->host->strict)
        return fail(r, t, node, MUSTACHE_MISSING, "nothing is known of {{%c%.60s}}",
                    node->kind == MUSTACHE_SECTION ? '#' : '^', node->text);
    int truth = meaning.made ? made_bytes && !made_zero : meaning.value && !is_false(meaning.value);
    if (node->kind == MUSTACHE_INVERTED)
        return truth ? MUSTACHE_OK : render_nodes(r, t, at + 1, node->end);
    if (!truth)
        return MUSTACHE_OK;
    if (meaning.made)
        return render_nodes(r, t, at + 1, node->end);
    if (!json_is_array(meaning.value))
        return render_item(r, t, at, meaning.value);
    enum mustache_status status = MUSTACHE_OK;
    for (size_t i = 0; !status && i < json_array_size(meaning.value); i++)
        status = render_item(r, t, at, json_array_get(meaning.value, i));
    return status;
}

/* The nodes of a partial or parent, indented like the tag that asked for it. */
static enum mustache_status render_other(struct renderer *r, const struct mustache *t, const struct mustache_node *node)
{
    const struct mustache *other = r->host->find_partial ? r->host->find_partial(r->host->data, node->text) : NULL;
    if (!other && r->host->strict)
        return fail(r, t, node, MUSTACHE_MISSING, "there is no template %.60s", node->text);
    if (!other)
        return MUSTACHE_OK;
    size_t indent_bytes = r->indent_bytes;
    if (node->indent) {
        size_t add_bytes = strlen(node->indent);
        if (add_bytes > MAX_INDENT_BYTES - indent_bytes)
            return fail(r, t, node, MUSTACHE_LIMIT, "indented by more than %d bytes", MAX_INDENT_BYTES);
        memcpy(r->indent + indent_bytes, node->indent, add_bytes);
        r->indent_bytes += add_bytes;
    } else {
        r->indent_bytes = 0; /* in the middle of a line */
    }
    enum mustache_status status = render_nodes(r, other, 0, other->node_count);
    r->indent_bytes = indent_bytes;
    return status;
}

/* {{<parent}}: what its blocks hold replaces the blocks of that name in the parent; the outermost child wins. */
static enum mustache_status render_parent(struct renderer *r, const struct mustache *t, size_t at)
{
    const struct mustache_node *node = &t->nodes[at];
    size_t before = r->block_count;
    for (size_t i = at + 1; i < node->end;) {
        const struct mustache_node *block = &t->nodes[i];
        if (block->kind == MUSTACHE_BLOCK) {
            if (r->block_count == MAX_BLOCKS)
                return fail(r, t, block, MUSTACHE_LIMIT, "more than %d blocks", MAX_BLOCKS);
            r->blocks[r->block_count++] = (struct override){block->text, t, i + 1, block->end};
        }
        i = block->end ? block->end : i + 1;
    }
    enum mustache_status status = render_other(r, t, node);
    r->block_count = before;
    return status;
}

static enum mustache_status render_block(struct renderer *r, const struct mustache *t, size_t at)
{
    for (size_t i = 0; i < r->block_count; i++)
        if (strcmp(r->blocks[i].name, t->nodes[at].text) == 0)
            return render_nodes(r, r->blocks[i].template, r->blocks[i].from, r->blocks[i].to);
    return render_nodes(r, t, at + 1, t->nodes[at].end);
}

static enum mustache_status render_nodes(struct renderer *r, const struct mustache *t, size_t from, size_t to)
{
    if (from >= to)
        return MUSTACHE_OK;
    if (r->depth == MUSTACHE_MAX_DEPTH)
        return fail(r, t, &t->nodes[from], MUSTACHE_LIMIT, "more than %d templates and sections in each other",
                    MUSTACHE_MAX_DEPTH);
    r->depth++;
    enum mustache_status status = MUSTACHE_OK;
    for (size_t i = from; !status && i < to;) {
        const struct mustache_node *node = &t->nodes[i];
        if (node->starts_line && r->indent_bytes)
            buf_append(r->out, r->indent, r->indent_bytes);
        switch (node->kind) {
        case MUSTACHE_TEXT: buf_append(r->out, node->text, node->size_bytes); break;
        case MUSTACHE_VALUE:
        case MUSTACHE_RAW: status = render_value(r, t, node); break;
        case MUSTACHE_SECTION:
        case MUSTACHE_INVERTED: status = render_section(r, t, i); break;
        case MUSTACHE_PARTIAL: status = render_other(r, t, node); break;
        case MUSTACHE_PARENT: status = render_parent(r, t, i); break;
        case MUSTACHE_BLOCK: status = render_block(r, t, i); break;
        }
        if (!status && r->out->size_bytes > r->limit_bytes)
            status = fail(r, t, node, MUSTACHE_LIMIT, "the page grows beyond %d bytes", MUSTACHE_MAX_OUTPUT_BYTES);
        i = node->end ? node->end : i + 1;
    }
    r->depth--;
    return status;
}

enum mustache_status mustache_render(const struct mustache *template, const struct mustache_host *host,
                                     const json_t *globals, const json_t *context, struct buf *ret_out,
                                     struct mustache_error *error)
{
    static const struct mustache_host nobody;
    size_t before_bytes = ret_out->size_bytes;
    struct renderer r = {.host = host ? host : &nobody,
                         .out = ret_out,
                         .limit_bytes = before_bytes + MUSTACHE_MAX_OUTPUT_BYTES,
                         .error = error};
    if (globals)
        r.stack[r.stack_size++] = globals;
    r.stack[r.stack_size++] = context;
    enum mustache_status status = render_nodes(&r, template, 0, template->node_count);
    if (status && ret_out->data) {
        ret_out->size_bytes = before_bytes;
        ret_out->data[before_bytes] = '\0';
    }
    return status;
}
