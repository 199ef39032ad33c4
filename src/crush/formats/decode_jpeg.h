/* JPEG to a working picture. */
#ifndef PICLOG_CRUSH_FORMATS_DECODE_JPEG_H
#define PICLOG_CRUSH_FORMATS_DECODE_JPEG_H

#include "crush/pixels/picture.h"

/* As crush_probe, for data that begins like a JPEG. Fills dimensions, orientation, has_profile of *info. */
CRUSH_MUST_USE crush_status probe_jpeg(const uint8_t *data, size_t size_bytes, const crush_limits *limits,
                                       crush_info *info, crush_error *ret_error);

/* As crush_open. */
CRUSH_MUST_USE crush_status decode_jpeg(const uint8_t *data, size_t size_bytes, const crush_open_options *options,
                                        crush_picture *picture, crush_error *ret_error);

#endif
