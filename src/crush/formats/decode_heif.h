/* HEIC and AVIF to a working picture. */
#ifndef PICLOG_CRUSH_FORMATS_DECODE_HEIF_H
#define PICLOG_CRUSH_FORMATS_DECODE_HEIF_H

#include "crush/pixels/picture.h"

/* As crush_probe, for data whose brands say HEIC or AVIF. Fills dimensions, orientation, alpha, profile of *info. */
CRUSH_MUST_USE crush_status probe_heif(const uint8_t *data, size_t size_bytes, const crush_limits *limits,
                                       crush_info *info, crush_error *ret_error);

/* As crush_open. Where the build is without it, CRUSH_EUNSUPPORTED. */
CRUSH_MUST_USE crush_status decode_heif(const uint8_t *data, size_t size_bytes, const crush_open_options *options,
                                        crush_picture *picture, crush_error *ret_error);

#endif
