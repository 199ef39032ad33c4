/*
 * Finds the route of a path. Knows patterns, captures and the ".json" twin; knows nothing of what a route does.
 * Refuses captures that break the rule of their name, so that a handler never sees them. Read next: ../routes.c.
 */
#include "app/request/route.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "app/request/fields.h"

/* The decoded and checked value of a capture, or NULL when it breaks the rule of its name. */
static const char *capture_value(struct arena *arena, const char *name, size_t name_bytes, const char *text,
                                 size_t size_bytes)
{
    if (!size_bytes || size_bytes > 600)
        return NULL;
    char *value = fields_decode_segment(arena, text, size_bytes);
    if (!value)
        return NULL;
    if (name_bytes == 2 && !memcmp(name, "id", 2)) {
        size_t digits = strspn(value, "0123456789");
        return digits == strlen(value) && digits <= 18 ? value : NULL;
    }
    if (name_bytes == 4 && !memcmp(name, "name", 4)) {
        char folded[21];
        return text_parse_name(value, folded) ? NULL : arena_copy(arena, folded);
    }
    if (name_bytes == 4 && !memcmp(name, "hash", 4))
        return strspn(value, "0123456789abcdef") == strlen(value) ? value : NULL;
    for (const unsigned char *c = (const unsigned char *)value; *c; c++)
        if (*c < 0x20 || *c == 0x7f)
            return NULL;
    return text_is_utf8(value, strlen(value)) ? value : NULL;
}

static int match(struct request *req, const char *pattern, const char *path, size_t path_bytes)
{
    const char *end = path + path_bytes;
    req->capture_count = 0;
    while (*pattern) {
        if (*pattern == ':' || *pattern == '*') {
            const char *name = *pattern == ':' ? pattern + 1 : "rest";
            size_t name_bytes = *pattern == ':' ? strspn(name, "abcdefghijklmnopqrstuvwxyz_") : 4;
            const char *stop = end;
            if (*pattern == ':') {
                pattern = name + name_bytes;
                const char *slash = memchr(path, '/', (size_t)(end - path));
                if (slash)
                    stop = slash;
                if (*pattern && *pattern != '/') { /* up to the literal, as in ":hash.jpg" */
                    size_t tail = strcspn(pattern, "/");
                    if ((size_t)(stop - path) <= tail || memcmp(stop - tail, pattern, tail))
                        return 0;
                    stop -= tail;
                }
            } else {
                pattern++;
            }
            const char *value = capture_value(&req->arena, name, name_bytes, path, (size_t)(stop - path));
            if (!value || req->capture_count == CAPTURES_MAX)
                return 0;
            req->captures[req->capture_count++] = (struct field){
                .name = arena_copy_n(&req->arena, name, name_bytes),
                .value = value,
                .value_bytes = strlen(value),
            };
            path = stop;
        } else if (path < end && *path == *pattern) {
            path++;
            pattern++;
        } else {
            return 0;
        }
    }
    return path == end;
}

enum { OTHERS = 0, ENDING_IN_JSON, OF_OLD_PROGRAMS };

/* kind: only patterns that end in ".json", only the others, or of these only those with SPEAKS_BASIC. */
static const struct route *find(struct request *req, const char *path, size_t path_bytes, int kind, unsigned *allowed)
{
    const struct route *routes = req->app->routes;
    for (int i = 0; i < req->app->route_count; i++) {
        const char *pattern = routes[i].pattern;
        if (pattern[1] != path[1] && pattern[1] != ':' && pattern[1] != '*' && path_bytes > 1)
            continue;
        size_t length = strlen(pattern);
        int is_json = length > 5 && !strcmp(pattern + length - 5, ".json");
        if (is_json != (kind == ENDING_IN_JSON) || (kind == OF_OLD_PROGRAMS && !(routes[i].flags & SPEAKS_BASIC)) ||
            !match(req, pattern, path, path_bytes))
            continue;
        *allowed |= routes[i].methods;
        if (routes[i].methods & (unsigned)req->method)
            return &routes[i];
    }
    return NULL;
}

/* "/path.xml" and the like of routes that speak it; says so in req->format. */
static const struct route *find_format(struct request *req, const char *path, size_t path_bytes, unsigned *allowed)
{
    static const char *const formats[] = {"xml", "rss", "atom"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        const size_t ending = strlen(formats[i]) + 1;
        if (path_bytes <= ending + 1 || path[path_bytes - ending] != '.' ||
            strcmp(path + path_bytes - ending + 1, formats[i]) != 0)
            continue;
        req->format = formats[i];
        return find(req, path, path_bytes - ending, OF_OLD_PROGRAMS, allowed);
    }
    return NULL;
}

const struct route *route_find(struct request *req, const char *path, unsigned *ret_allowed)
{
    size_t path_bytes = strlen(path);
    unsigned allowed = 0;
    const struct route *route = NULL;
    if (path[0] == '/' && path_bytes > 5 && !strcmp(path + path_bytes - 5, ".json")) {
        route = find(req, path, path_bytes, ENDING_IN_JSON, &allowed);
        if (!route && !allowed) {
            int is_root = !strcmp(path, "/index.json");
            route = find(req, path, is_root ? 1 : path_bytes - 5, OTHERS, &allowed);
            req->wants_json |= route != NULL || allowed;
            req->is_respelled |= req->wants_json;
        }
    }
    if (!route && !allowed && path[0] == '/')
        route = find(req, path, path_bytes, OTHERS, &allowed);
    if (!route && !allowed)
        route = find_format(req, path, path_bytes, &allowed);
    if (route && strncmp(route->pattern, "/api/xml/", 9) == 0)
        req->format = "xml"; /* whatever the path ends in */
    *ret_allowed = allowed;
    return route;
}
