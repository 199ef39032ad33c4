/*
 * What comes in the head of a request: cookies, query strings and paths, parameters and lists of headers, ranges and
 * conditions, forwarded addresses. The first byte says which, the rest is the value.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "app/request/fields.h"
#include "app/request/route.h"
#include "app/routes.h"
#include "base/text.h"
#include "http/address.h"
#include "http/conditional.h"

static void find_route(struct arena *arena, const char *path)
{
    for (unsigned method = METHOD_GET; method <= METHOD_PATCH; method <<= 1) {
        struct app app = {.routes = routes, .route_count = route_count};
        struct request req = {.app = &app, .method = (enum method)method};
        unsigned allowed = 0;
        const struct route *route = route_find(&req, path, &allowed);
        if (route && !(route->methods & method))
            abort();
        for (int i = 0; route && i < req.capture_count; i++)
            for (const unsigned char *c = (const unsigned char *)req.captures[i].value; *c; c++)
                if (*c < 0x20 || !text_is_utf8(req.captures[i].value, strlen(req.captures[i].value)))
                    abort(); /* no handler sees control characters or broken UTF-8 */
        arena_free(&req.arena);
    }
    (void)fields_decode_segment(arena, path, strlen(path));
}

static void evaluate(const char *text, size_t size)
{
    /* five values behind each other, separated by newlines */
    char *copy = strndup(text, size), *rest = copy, *values[5] = {NULL};
    for (int i = 0; i < 5 && rest; i++)
        values[i] = strsep(&rest, "\n");
    struct conditional_headers headers = {.range = values[0],
                                          .if_range = values[1],
                                          .if_none_match = values[2],
                                          .if_match = values[3],
                                          .if_modified_since = values[4]};
    enum { SIZE = 1000 };
    uint64_t first = 0, last = 0;
    int status = conditional_evaluate(&headers, "\"0123456789abcdef\"", 1700000000, SIZE, &first, &last);
    if (status != 200 && status != 206 && status != 304 && status != 412 && status != 416)
        abort();
    if (status == 206 && (first > last || last >= SIZE))
        abort();
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    if (!size)
        return 0;
    const char *text = arena_copy_n(&arena, data + 1, size - 1);
    switch (data[0] % 6) {
    case 0: {
        const char *value = fields_cookie(&arena, text, "piclog");
        if (value && strchr(value, ';'))
            abort();
        break;
    }
    case 1: {
        struct fields fields = {0};
        if (!fields_parse(&arena, text, strlen(text), "before q", &fields) && fields.count > FIELDS_MAX)
            abort();
        break;
    }
    case 2: find_route(&arena, text); break;
    case 3:
        (void)fields_parameter(&arena, text, "boundary");
        (void)fields_accepts(text, "application/json");
        (void)fields_accepts(text, "gzip");
        break;
    case 4: evaluate(text, size - 1); break;
    case 5: {
        struct config config = {
            .trusted_proxies = {{.address = {[10] = 0xff, [11] = 0xff, [12] = 127}, .prefix_bits = 104}},
            .trusted_proxy_count = 1};
        unsigned char peer[16] = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}, client[16];
        char written[46];
        address_client(&config, peer, text, client);
        address_text(client, written);
        if (address_parse(written, strlen(written), peer) || memcmp(peer, client, 16))
            abort();
        break;
    }
    }
    arena_free(&arena);
    return 0;
}
