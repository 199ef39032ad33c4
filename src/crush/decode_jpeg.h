/* JPEG (ITU-T T.81) to a working picture, through libjpeg-turbo. */
#ifndef PICLOG_CRUSH_DECODE_JPEG_H
#define PICLOG_CRUSH_DECODE_JPEG_H

#include "picture.h"

CRUSH_MUST_USE crush_status decode_jpeg(const void *data, size_t size_bytes, const crush_open_options *options,
                                        crush_picture *picture, crush_error *ret_error);

#endif
