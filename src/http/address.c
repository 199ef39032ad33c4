/*
 * Who a connection comes from, behind proxies too, and how many connections one network has open.
 * Refuses to believe X-Forwarded-For from anyone who is not named as a trusted proxy. Read next: server.c.
 */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char ipv4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

void address_of(const struct sockaddr *from, unsigned char ret_address[16])
{
    memset(ret_address, 0, 16);
    if (from->sa_family == AF_INET) {
        memcpy(ret_address, ipv4_prefix, 12);
        memcpy(ret_address + 12, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
    } else if (from->sa_family == AF_INET6) {
        memcpy(ret_address, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
    }
}

int address_parse(const char *text, size_t size_bytes, unsigned char ret_address[16])
{
    char copy[64];
    unsigned char parsed[16];
    while (size_bytes && (*text == ' ' || *text == '\t')) {
        text++;
        size_bytes--;
    }
    while (size_bytes && (text[size_bytes - 1] == ' ' || text[size_bytes - 1] == '\t'))
        size_bytes--;
    if (!size_bytes || size_bytes >= sizeof copy)
        return -1;
    memcpy(copy, text, size_bytes);
    copy[size_bytes] = 0;
    char *start = copy, *colon = strchr(copy, ':');
    if (*start == '[') {
        char *end = strchr(++start, ']');
        if (!end)
            return -1;
        *end = 0;
    } else if (colon && !strchr(colon + 1, ':')) {
        *colon = 0; /* an IPv4 address with its port */
    }
    if (inet_pton(AF_INET, start, parsed + 12) == 1)
        memcpy(parsed, ipv4_prefix, 12);
    else if (inet_pton(AF_INET6, start, parsed) != 1)
        return -1;
    memcpy(ret_address, parsed, 16);
    return 0;
}

void address_text(const unsigned char address[16], char ret_text[46])
{
    if (!memcmp(address, ipv4_prefix, 12))
        inet_ntop(AF_INET, address + 12, ret_text, 46);
    else
        inet_ntop(AF_INET6, address, ret_text, 46);
}

void address_network(const unsigned char address[16], unsigned char ret_network[16])
{
    memcpy(ret_network, address, 16);
    if (memcmp(address, ipv4_prefix, 12))
        memset(ret_network + 8, 0, 8);
}

int address_is_loopback(const unsigned char address[16])
{
    static const unsigned char ipv6_loopback[16] = {[15] = 1};
    return (!memcmp(address, ipv4_prefix, 12) && address[12] == 127) || !memcmp(address, ipv6_loopback, 16);
}

int address_is_trusted(const struct config *config, const unsigned char address[16])
{
    for (int i = 0; i < config->trusted_proxy_count; i++) {
        const struct config_network *network = &config->trusted_proxies[i];
        int bytes = network->prefix_bits / 8, bits = network->prefix_bits % 8;
        if (memcmp(address, network->address, (size_t)bytes))
            continue;
        if (!bits || !((address[bytes] ^ network->address[bytes]) >> (8 - bits)))
            return 1;
    }
    return 0;
}

void address_client(const struct config *config, const unsigned char peer[16], const char *forwarded_for,
                    unsigned char ret_address[16])
{
    memcpy(ret_address, peer, 16);
    size_t end = forwarded_for ? strlen(forwarded_for) : 0;
    while (end && address_is_trusted(config, ret_address)) {
        size_t start = end;
        while (start && forwarded_for[start - 1] != ',')
            start--;
        if (address_parse(forwarded_for + start, end - start, ret_address))
            return; /* "unknown", or nonsense: the proxy itself */
        end = start ? start - 1 : 0;
    }
}

struct address_counts {
    pthread_mutex_t lock;
    size_t slots; /* a power of two, at least twice the capacity */
    int used, capacity;
    struct slot {
        unsigned char network[16];
        int count; /* 0: free */
    } slot[];
};

static size_t slot_of(const struct address_counts *counts, const unsigned char network[16])
{
    uint64_t high, low;
    memcpy(&high, network, 8);
    memcpy(&low, network + 8, 8);
    uint64_t mixed = (high ^ (low * 0x9e3779b97f4a7c15u)) * 0xbf58476d1ce4e5b9u;
    return (size_t)(mixed >> 32) & (counts->slots - 1);
}

struct address_counts *address_counts_open(int capacity)
{
    size_t slots = 16;
    while (slots < 2 * (size_t)capacity)
        slots *= 2;
    struct address_counts *counts = calloc(1, sizeof *counts + slots * sizeof counts->slot[0]);
    if (!counts)
        return NULL;
    counts->slots = slots;
    counts->capacity = capacity;
    pthread_mutex_init(&counts->lock, NULL);
    return counts;
}

void address_counts_close(struct address_counts *counts)
{
    if (!counts)
        return;
    pthread_mutex_destroy(&counts->lock);
    free(counts);
}

int address_counts_add(struct address_counts *counts, const unsigned char network[16], int limit)
{
    int added = 0;
    pthread_mutex_lock(&counts->lock);
    size_t at = slot_of(counts, network);
    while (counts->slot[at].count && memcmp(counts->slot[at].network, network, 16))
        at = (at + 1) & (counts->slots - 1);
    struct slot *slot = &counts->slot[at];
    if (slot->count ? slot->count < limit : limit > 0 && counts->used < counts->capacity) {
        counts->used += !slot->count;
        slot->count++;
        memcpy(slot->network, network, 16);
        added = 1;
    }
    pthread_mutex_unlock(&counts->lock);
    return added;
}

void address_counts_remove(struct address_counts *counts, const unsigned char network[16])
{
    pthread_mutex_lock(&counts->lock);
    size_t mask = counts->slots - 1, at = slot_of(counts, network);
    while (counts->slot[at].count && memcmp(counts->slot[at].network, network, 16))
        at = (at + 1) & mask;
    if (counts->slot[at].count && !--counts->slot[at].count) {
        counts->used--;
        /* close the gap, so that what was pushed behind it is still found (Knuth 6.4, algorithm R) */
        for (size_t next = (at + 1) & mask; counts->slot[next].count; next = (next + 1) & mask) {
            size_t home = slot_of(counts, counts->slot[next].network);
            if (((next - home) & mask) >= ((next - at) & mask)) {
                counts->slot[at] = counts->slot[next];
                counts->slot[next].count = 0;
                at = next;
            }
        }
    }
    pthread_mutex_unlock(&counts->lock);
}
