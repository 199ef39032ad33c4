/*
 * What stands in the headers of an answer: further ones by name, cookies, the notice for the next page.
 * Refuses to put anything into a header that could start another one. Read next: respond.c, guard.c.
 */
#include "app/request/app.h"

#include <string.h>

#include <sodium.h>

void respond_header(struct request *req, struct response *res, const char *name, const char *value)
{
    if (res->header_count == RESPONSE_HEADERS_MAX)
        return;
    char *copy = arena_copy(&req->arena, value);
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    res->headers[res->header_count++] = (struct field){.name = name, .value = copy, .value_bytes = strlen(copy)};
}

static void add_cookie(struct request *req, struct response *res, const char *path, const char *name, const char *value,
                       int max_age_s)
{
    const char *age = "";
    if (max_age_s > 0)
        age = arena_printf(&req->arena, "; Max-Age=%d", max_age_s);
    else if (max_age_s < 0)
        age = "; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    respond_header(req, res, "Set-Cookie",
                   arena_printf(&req->arena, "%s=%s; Path=%s%s; HttpOnly; SameSite=Lax%s", name, value, path, age,
                                req->app->is_https ? "; Secure" : ""));
}

void respond_cookie(struct request *req, struct response *res, const char *name, const char *value, int max_age_s)
{
    add_cookie(req, res, "/", name, value, max_age_s);
}

void respond_login_cookie(struct request *req, struct response *res, const char *name, const char *value, int max_age_s)
{
    add_cookie(req, res, "/login", name, value, max_age_s);
}

static const char *notice_cookie(const struct app *app)
{
    return app->is_https ? "__Host-piclog-notice" : "piclog-notice";
}

void respond_notice(struct request *req, struct response *res, const char *sentence)
{
    char text[sodium_base64_ENCODED_LEN(RESPOND_NOTICE_MAX_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    sentence = tr(sentence);
    size_t length = strlen(sentence);
    if (length > RESPOND_NOTICE_MAX_BYTES)
        return;
    sodium_bin2base64(text, sizeof text, (const unsigned char *)sentence, length,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    respond_cookie(req, res, notice_cookie(req->app), text, 60);
}

json_t *respond_take_notice(struct request *req, struct response *res)
{
    char sentence[RESPOND_NOTICE_MAX_BYTES + 1];
    size_t length = 0;
    const char *text = request_cookie(req, notice_cookie(req->app));
    if (!text || sodium_base642bin((unsigned char *)sentence, RESPOND_NOTICE_MAX_BYTES, text, strlen(text), NULL,
                                   &length, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING))
        return json_null();
    respond_cookie(req, res, notice_cookie(req->app), "", -1);
    json_t *notice = json_stringn(sentence, length);
    return notice ? notice : json_null();
}
