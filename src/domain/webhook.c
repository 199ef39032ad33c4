/* Webhooks: see webhook.h. Refuses addresses that no web server would have. Read next: hook/address.c. */
#include "domain/webhook.h"

#include <stdlib.h>
#include <string.h>

#include "domain/once.h"

static const char *find_host(const char *url)
{
    return strncmp(url, "https://", 8) == 0 ? url + 8 : strncmp(url, "http://", 7) == 0 ? url + 7 : NULL;
}

/* 1 when the number at port, up to end, is one of the web's or nobody's. */
static int is_open_port(const char *port, const char *end)
{
    size_t digits = strspn(port, "0123456789");
    long number = digits <= 5 ? strtol(port, NULL, 10) : 0;
    return port + digits == end && number <= 65535 && (number >= 1024 || number == 80 || number == 443);
}

/* The sentence, or NULL. */
static const char *fault_in(const char *url)
{
    const char *host = find_host(url);
    if (!host)
        return N_("The address of a webhook begins with https:// (or http://).");
    for (const unsigned char *at = (const unsigned char *)url; *at; at++)
        if (*at <= ' ' || *at >= 0x7F || strchr("\"<>\\^`{|}#", *at))
            return N_(
                "The address of a webhook holds no spaces, quotes, brackets or “#”; encode them as %20 and so on.");
    size_t length = strcspn(host, "/?");
    if (memchr(host, '@', length))
        return N_("The address of a webhook holds no name and password; the signature proves who is calling.");
    const char *port = memchr(host, ']', length);
    port = memchr(port ? port : host, ':', length - (size_t)(port ? port - host : 0));
    if (length == 0 || port == host)
        return N_("The address of a webhook needs a host, as in https://you.example/hook.");
    if (port && !is_open_port(port + 1, host + length))
        return N_("The port of a webhook is 80, 443 or from 1024 to 65535; others belong to other services.");
    return NULL;
}

const struct fault *webhook_check_url(struct arena *arena, const char *url)
{
    if (strlen(url) > WEBHOOK_URL_MAX_BYTES)
        return fault_of_field(arena, "url", WEBHOOK_URL_MAX_BYTES, "The address of a webhook has at most %d bytes.",
                              WEBHOOK_URL_MAX_BYTES);
    const char *sentence = fault_in(url);
    return sentence ? fault_of_field(arena, "url", 0, "%s", sentence) : NULL;
}

const struct fault *webhook_point(const struct actor *actor, const char *url, char ret_secret[SECRET_TEXT_BYTES])
{
    static const struct words_field field = {"url", N_("The address"), TEXT_LINE, WEBHOOK_URL_MAX_BYTES,
                                             WEBHOOK_URL_MAX_BYTES};
    char secret[SECRET_TEXT_BYTES];
    struct once once;
    int64_t made = 0;
    const char *clean;
    const struct fault *fault = words_clean(actor->arena, &field, url, &clean);
    if (!fault)
        fault = webhook_check_url(actor->arena, clean);
    if (!fault)
        fault = once_open(actor, "webhook", (const char *const[]){clean, NULL}, &once, &made);
    if (fault)
        return fault;
    once_make_secret(actor, &once, secret);
    if (!made)
        fault = once_close(actor, &once, webhook_set(actor->db, actor->account, clean, secret), 1);
    else if (!webhook_is(actor->db, actor->account, clean, secret))
        fault = once_secret_is_gone(actor, once.purpose);
    if (!fault)
        memcpy(ret_secret, secret, sizeof secret);
    return fault;
}
