/* Writes a JPEG through libjpeg-turbo. */
#ifndef PICLOG_CRUSH_ENCODE_JPEG_H
#define PICLOG_CRUSH_ENCODE_JPEG_H

#include "picture.h"

CRUSH_MUST_USE crush_status encode_jpeg(const crush_picture *picture, int quality, crush_result *ret_result,
                                        crush_error *ret_error);

#endif
