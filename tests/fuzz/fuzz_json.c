/*
 * JSON bodies of the API through the whole service. The first byte says which route. What is answered must be JSON, an
 * error must be a problem in words, and what was stored must be given back as it was answered.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "service.h"

static const struct {
    enum method method;
    const char *target;
} asks[] = {
    {METHOD_POST, "/api/statuses"}, {METHOD_POST, "/api/moods"},    {METHOD_PUT, "/api/statuses/1"},
    {METHOD_PUT, "/api/moods/2"},   {METHOD_POST, "/api/pictures"}, {METHOD_PUT, "/api/pictures/3"},
};

static void remove_again(const char *target, const json_t *made)
{
    char path[80];
    snprintf(path, sizeof path, "%s/%" JSON_INTEGER_FORMAT, target, json_integer_value(json_object_get(made, "id")));
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
    int status = service_ask(asks[ask].method, asks[ask].target, "application/json", data + 1, size - 1, &body);
    json_t *answer = json_loadb(body.data, body.size_bytes, 0, NULL);
    if (!json_is_object(answer))
        abort();
    if (status >= 400 && !json_is_string(json_object_get(answer, "detail")))
        abort();
    if (status == 201)
        remove_again(asks[ask].target, answer);
    json_decref(answer);
    buf_free(&body);
    return 0;
}
