/* Addresses of the web: see web_address.h. Refuses to look whether anything answers there. Read next: profile.c. */
#include "domain/web_address.h"

#include <string.h>

const char *web_address_complete(struct arena *arena, const char *typed)
{
    const char *url = strstr(typed, "://") ? typed : arena_printf(arena, "https://%s", typed);
    if (strlen(url) > WEB_ADDRESS_MAX_BYTES || (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0))
        return NULL;
    for (const char *at = url; *at; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7F || strchr("\"<>\\^`{|}", *at))
            return NULL;
    const char *host = strstr(url, "://") + 3, *dot = strchr(host, '.');
    return dot && dot > host && dot < host + strcspn(host, "/?#") ? url : NULL;
}
