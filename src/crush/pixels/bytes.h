/*
 * Numbers out of the bytes of files, at any address, whatever the processor's own order. Big-endian, the most
 * significant byte first: JPEG, PNG. Little-endian: GIF, WebP. Callers have made sure that the bytes are there.
 */
#ifndef PICLOG_CRUSH_PIXELS_BYTES_H
#define PICLOG_CRUSH_PIXELS_BYTES_H

#include <stdint.h>

static inline uint32_t bytes_big_16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t bytes_big_32(const uint8_t *p)
{
    return bytes_big_16(p) << 16 | bytes_big_16(p + 2);
}

static inline uint32_t bytes_little_16(const uint8_t *p)
{
    return (uint32_t)p[1] << 8 | p[0];
}

static inline uint32_t bytes_little_24(const uint8_t *p)
{
    return (uint32_t)p[2] << 16 | bytes_little_16(p);
}

static inline uint32_t bytes_little_32(const uint8_t *p)
{
    return bytes_little_16(p + 2) << 16 | bytes_little_16(p);
}

static inline void bytes_put_big_32(uint8_t *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> (24 - 8 * i));
}

#endif
