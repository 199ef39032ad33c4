/*
 * EXIF orientation, nothing else: no maker notes, no thumbnails, no GPS is ever looked at. A damaged block
 * means "upright". Next: orient.c.
 */
#include "crush/pixels/exif.h"

#include <string.h>

#include "crush/pixels/bytes.h"

enum { TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3, ENTRY_BYTES = 12 };

static uint32_t read_16(const uint8_t *p, int little)
{
    return little ? bytes_little_16(p) : bytes_big_16(p);
}

static uint32_t read_32(const uint8_t *p, int little)
{
    return little ? bytes_little_32(p) : bytes_big_32(p);
}

int exif_orientation(const uint8_t *data, size_t size_bytes)
{
    if (size_bytes >= 6 && memcmp(data, "Exif\0", 5) == 0) {
        data += 6;
        size_bytes -= 6;
    }
    if (size_bytes < 8 || (memcmp(data, "II*\0", 4) != 0 && memcmp(data, "MM\0*", 4) != 0))
        return 1;
    const int little = data[0] == 'I';
    const size_t directory = read_32(data + 4, little);
    if (directory > size_bytes - 2)
        return 1;
    size_t entries = read_16(data + directory, little);
    const uint8_t *entry = data + directory + 2;
    for (size_t left = size_bytes - directory - 2; entries && left >= ENTRY_BYTES;
         entries--, left -= ENTRY_BYTES, entry += ENTRY_BYTES) {
        if (read_16(entry, little) != TAG_ORIENTATION)
            continue;
        const uint32_t type = read_16(entry + 2, little), value = read_16(entry + 8, little);
        return type == TYPE_SHORT && read_32(entry + 4, little) == 1 && value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}
