/* Addresses of the web that people give as their own: a homepage, a link of a profile. */
#ifndef PICLOG_DOMAIN_WEB_ADDRESS_H
#define PICLOG_DOMAIN_WEB_ADDRESS_H

#include "base/arena.h"

enum { WEB_ADDRESS_MAX_BYTES = 300 };

/* "example.org" becomes "https://example.org" (arena); only http and https with a host of two parts pass, and nothing
   that would end an attribute. NULL when it is none. */
const char *web_address_complete(struct arena *arena, const char *typed);

#endif
