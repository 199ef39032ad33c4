/*
 * How libpng is set up for a stranger's file, in one place: decode_png.c reads pictures by it, animation_png.c frames.
 */
#ifndef PICLOG_CRUSH_FORMATS_PNG_SETUP_H
#define PICLOG_CRUSH_FORMATS_PNG_SETUP_H

#include <png.h>

#include "crush/formats/png_chunks.h"

/*
 * Bytes come from source, which lives as long as png; where there are no more of them, that is an error of libpng's.
 * Nothing larger than width_px × height_px is read, nor chunks besides the picture of more than 4 MB; text is skipped
 * unread. critical, ancillary: what a wrong checksum means, as for png_set_crc_action(). May leave by png_error.
 */
void png_setup(png_structp png, struct png_source *source, uint32_t width_px, uint32_t height_px, int critical,
               int ancillary);

#endif
