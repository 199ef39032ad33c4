/* Which addresses of the network a webhook may reach. */
#ifndef PICLOG_HOOK_ADDRESS_H
#define PICLOG_HOOK_ADDRESS_H

#include <sys/socket.h>

/*
 * 1 for an address of the public internet; 0 for everything else: loopback, private, link-local, shared (CGNAT),
 * multicast, reserved, documentation, IPv4 in IPv6 in any form, and other families. After the IANA special-purpose
 * registries (RFC 6890). Pure; thread-safe.
 */
int address_is_public(const struct sockaddr *address);

#endif
