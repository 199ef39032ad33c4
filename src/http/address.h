/* Addresses of clients: 16 bytes each, IPv4 as ::ffff:a.b.c.d. Pure functions, and a counter per address. */
#ifndef PICLOG_HTTP_ADDRESS_H
#define PICLOG_HTTP_ADDRESS_H

#include <sys/socket.h>

#include "base/config.h"

void address_of(const struct sockaddr *from, unsigned char ret_address[16]);

/* "192.0.2.1", "2001:db8::1", also "[2001:db8::1]" and with a port behind. 0, or -1. */
int address_parse(const char *text, size_t size_bytes, unsigned char ret_address[16])
    __attribute__((warn_unused_result));

/* "192.0.2.1" or "2001:db8::1". */
void address_text(const unsigned char address[16], char ret_text[46]);

/* What limits count by: an IPv4 address as it is, of IPv6 the first 64 bits. */
void address_network(const unsigned char address[16], unsigned char ret_network[16]);

int address_is_loopback(const unsigned char address[16]);
int address_is_trusted(const struct config *config, const unsigned char address[16]);

/*
 * Who is really asking: peer, unless it is a trusted proxy; then the rightmost address of X-Forwarded-For that is no
 * trusted proxy. What stands left of that was written by strangers and counts for nothing.
 */
void address_client(const struct config *config, const unsigned char peer[16], const char *forwarded_for,
                    unsigned char ret_address[16]);

/* How many are open per network; bounded by capacity. Thread-safe. */
struct address_counts;
struct address_counts *address_counts_open(int capacity);
void address_counts_close(struct address_counts *counts);
/* Adds one unless there are limit already, or no room. Returns 1 when added. */
int address_counts_add(struct address_counts *counts, const unsigned char network[16], int limit)
    __attribute__((warn_unused_result));
void address_counts_remove(struct address_counts *counts, const unsigned char network[16]);

#endif
