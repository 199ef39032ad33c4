/*
 * Public or not: see address.h. IPv6 is a list of what is allowed (2000::/3) with holes; IPv4 a list of what is not.
 * Refuses to resolve names: only an address that is about to be connected to says anything.
 */
#include "address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

static const struct {
    uint32_t network;
    int bits;
} closed4[] = {
    {0x00000000, 8},  /* "this" network */
    {0x0A000000, 8},  /* private */
    {0x64400000, 10}, /* shared by carriers (CGNAT) */
    {0x7F000000, 8},  /* loopback */
    {0xA9FE0000, 16}, /* link-local, cloud metadata */
    {0xAC100000, 12}, /* private */
    {0xC0000000, 24}, /* protocol assignments */
    {0xC0000200, 24}, /* documentation */
    {0xC0586300, 24}, /* 6to4 relays */
    {0xC0A80000, 16}, /* private */
    {0xC6120000, 15}, /* benchmarks */
    {0xC6336400, 24}, /* documentation */
    {0xCB007100, 24}, /* documentation */
    {0xE0000000, 4},  /* multicast */
    {0xF0000000, 4},  /* reserved, broadcast */
};

static const struct {
    unsigned char network[4];
    int bits;
} closed6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23}, /* protocol assignments, Teredo */
    {{0x20, 0x01, 0x0D, 0xB8}, 32}, /* documentation */
    {{0x20, 0x02, 0x00, 0x00}, 16}, /* 6to4: an IPv4 address inside */
    {{0x3F, 0xFF, 0x00, 0x00}, 20}, /* documentation */
};

static int begins_with(const unsigned char *bytes, const unsigned char *network, int bits)
{
    int whole = bits / 8, rest = bits % 8;
    if (memcmp(bytes, network, (size_t)whole))
        return 0;
    return !rest || (bytes[whole] ^ network[whole]) >> (8 - rest) == 0;
}

static int is_public4(uint32_t address)
{
    for (size_t i = 0; i < sizeof closed4 / sizeof closed4[0]; i++)
        if ((address ^ closed4[i].network) >> (32 - closed4[i].bits) == 0)
            return 0;
    return 1;
}

static int is_public6(const unsigned char *address)
{
    if ((address[0] & 0xE0) != 0x20)
        return 0;
    for (size_t i = 0; i < sizeof closed6 / sizeof closed6[0]; i++)
        if (begins_with(address, closed6[i].network, closed6[i].bits))
            return 0;
    return 1;
}

int address_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        return is_public4(ntohl(four.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, address, sizeof six);
        return is_public6(six.sin6_addr.s6_addr);
    }
    return 0;
}
