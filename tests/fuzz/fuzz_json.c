/*
 * JSON bodies of the API and of Micropub through the whole service. The first byte says which route. What is answered
 * must be JSON, an error must say in words what is wrong, and what was stored must be there.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "service.h"

static const struct {
    enum method method;
    const char *target;
} asks[] = {
    {METHOD_POST, "/api/statuses"}, {METHOD_POST, "/api/moods"},    {METHOD_PUT, "/api/statuses/1"},
    {METHOD_PUT, "/api/moods/1"},   {METHOD_POST, "/api/pictures"}, {METHOD_PUT, "/api/pictures/3"},
    {METHOD_POST, "/micropub"},     {METHOD_PUT, "/api/me"},
};

/* Something to change. */
static void begin(void)
{
    static int has_begun;
    static const char status[] = "{\"content\":\"first\"}", mood[] = "{\"mood\":\"calm\"}";
    if (has_begun++)
        return;
    if (service_ask(METHOD_POST, "/api/statuses", "application/json", status, sizeof status - 1, NULL) != 201 ||
        service_ask(METHOD_POST, "/api/moods", "application/json", mood, sizeof mood - 1, NULL) != 201)
        abort();
}

static void remove_again(const json_t *made)
{
    const char *url = json_string_value(json_object_get(made, "url"));
    char path[80];
    if (!url || strncmp(url, "http://127.0.0.1:8080/", 22) || strlen(url) > 70)
        abort();
    snprintf(path, sizeof path, "/api/%s", url + 22); /* /statuses/7 is /api/statuses/7 */
    if (service_ask(METHOD_GET, path, NULL, NULL, 0, NULL) != 200 ||
        service_ask(METHOD_DELETE, path, NULL, NULL, 0, NULL) / 100 != 2)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const size_t ask = data[0] % (sizeof asks / sizeof asks[0]);
    struct buf body = {0};
    begin();
    int status = service_ask(asks[ask].method, asks[ask].target, "application/json", data + 1, size - 1, &body);
    json_t *answer = json_loadb(body.data ? body.data : "", body.size_bytes, 0, NULL);
    if (body.size_bytes && !json_is_object(answer))
        abort();
    if (status >= 400 && !json_is_string(json_object_get(answer, "detail")) &&
        !json_is_string(json_object_get(answer, "error_description")))
        abort();
    if (status == 201)
        remove_again(answer);
    json_decref(answer);
    buf_free(&body);
    return 0;
}
