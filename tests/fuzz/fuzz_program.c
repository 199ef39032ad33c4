/*
 * What programs of the Twitter 1.0 protocol send: forms, queries, numbers of posts, and the Authorization header,
 * through the whole service. The first byte says which. An answer in XML must be well-formed, one in JSON must be JSON,
 * an error must say in words what is wrong, and nobody is let in by anything but the token.
 */
#include "fuzz.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service.h"

static const char form[] = "application/x-www-form-urlencoded";

static const struct {
    enum method method;
    const char *target; /* of a GET, what is sent is put behind it */
} asks[] = {
    {METHOD_POST, "/api/statuses/update"},
    {METHOD_POST, "/api/xml/statuses/update"},
    {METHOD_POST, "/api/direct_messages/new"},
    {METHOD_POST, "/api/friendships/create"},
    {METHOD_POST, "/api/favorites/create"},
    {METHOD_POST, "/api/statuses/destroy"},
    {METHOD_GET, "/api/statuses/user_timeline"},
    {METHOD_GET, "/api/statuses/home_timeline"},
    {METHOD_GET, "/api/statuses/show"},
    {METHOD_GET, "/api/search"},
    {METHOD_GET, "/api/friendships/exists"},
    {METHOD_GET, "/api/account/verify_credentials"},
    {METHOD_GET, "/api/statuses/user_timeline/"}, /* and of these, into the path */
    {METHOD_GET, "/api/xml/statuses/user_timeline.json"},
};
enum { ASKS = sizeof asks / sizeof asks[0], BEARER = ASKS };

/* Elements are closed in their order, and what is between them is text of ours or escaped. */
static void check_xml(const char *text)
{
    enum { DEPTH = 16, NAME = 40 };
    static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    char names[DEPTH][NAME];
    int depth = 0;
    if (strncmp(text, head, sizeof head - 1) != 0 || !text_is_utf8(text, strlen(text)))
        abort();
    for (const char *at = text + sizeof head - 1; *at; at++) {
        if (*at == '&' && strncmp(at, "&amp;", 5) != 0 && strncmp(at, "&lt;", 4) != 0 && strncmp(at, "&gt;", 4) != 0 &&
            strncmp(at, "&quot;", 6) != 0 && strncmp(at, "&#39;", 5) != 0)
            abort();
        if (*at == '>' || ((unsigned char)*at < 0x20 && *at != '\n'))
            abort();
        if (*at != '<') {
            if (!depth && *at != '\n')
                abort();
            continue;
        }
        const int closes = at[1] == '/';
        const char *name = at + 1 + closes;
        const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz_-");
        const char *end = strchr(name, '>');
        if (!length || length >= NAME || !end)
            abort();
        if (closes) {
            if (!depth || strncmp(names[depth - 1], name, length) != 0 || names[depth - 1][length] ||
                end != name + length)
                abort();
            depth--;
        } else if (end[-1] != '/') {
            if (depth == DEPTH)
                abort();
            memcpy(names[depth], name, length);
            names[depth++][length] = '\0';
        }
        at = end;
    }
    if (depth)
        abort();
}

static void check(int status, const struct buf *body, int is_xml)
{
    const char *text = body->data ? body->data : "";
    if (is_xml) {
        check_xml(text);
        if (status >= 400 && !strstr(text, "<error>"))
            abort();
        return;
    }
    json_t *answer = json_loadb(text, body->size_bytes, JSON_DECODE_ANY, NULL);
    if (!answer || (status >= 400 && !json_is_string(json_object_get(answer, "error"))))
        abort();
    json_decref(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf body = {0}, target = {0};
    if (!size)
        return 0;
    const size_t ask = data[0] % 64 % (ASKS + 1), bytes = size - 1 < 2000 ? size - 1 : 2000;
    const int is_xml = data[0] & 64 || (ask < ASKS && !strncmp(asks[ask].target, "/api/xml/", 9));
    char *sent = strndup((const char *)data + 1, bytes);
    int status;
    if (ask == BEARER) {
        service_authorization = sent;
        status = service_ask(METHOD_GET, is_xml ? "/api/favorites.xml" : "/api/favorites.json", NULL, NULL, 0, &body);
        service_authorization = NULL;
        if (status != 401 && *sent)
            abort();
        check(status, &body, is_xml);
    } else if (asks[ask].method == METHOD_POST) {
        buf_printf(&target, "%s.%s", asks[ask].target, is_xml ? "xml" : "json");
        status = service_ask(METHOD_POST, target.data, form, data + 1, bytes, &body);
        check(status, &body, is_xml);
    } else {
        const int into_path =
            asks[ask].target[strlen(asks[ask].target) - 1] == '/' || strstr(asks[ask].target, ".json");
        for (char *at = sent; into_path && *at; at++)
            *at = (char)(isalnum((unsigned char)*at) || strchr("_-.%", *at) ? *at : '_');
        const char *format = is_xml ? "xml" : "json";
        if (into_path)
            buf_printf(&target, "%s%s.%s", asks[ask].target, sent, format);
        else
            buf_printf(&target, "%s.%s?%s", asks[ask].target, format, sent);
        status = service_ask(METHOD_GET, target.data, NULL, NULL, 0, &body);
        if (status != 404) /* such a name has no route, and then it is not this protocol that answers */
            check(status, &body, is_xml);
    }
    free(sent);
    buf_free(&target);
    buf_free(&body);
    return 0;
}
