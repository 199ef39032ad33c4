/* The one thing that is wanted of EXIF: which way is up. */
#ifndef PICLOG_CRUSH_PIXELS_EXIF_H
#define PICLOG_CRUSH_PIXELS_EXIF_H

#include <stddef.h>
#include <stdint.h>

/*
 * The orientation tag (0x0112) of the first directory, 1..8; 1 where it is missing, of another type than
 * SHORT, or makes no sense.
 * data is a TIFF structure, with or without "Exif\0\0" before it. Reads within size_bytes only, follows
 * no chain, allocates nothing. Source: Exif 2.32 (CIPA DC-008), TIFF 6.0.
 */
int exif_orientation(const uint8_t *data, size_t size_bytes);

#endif
