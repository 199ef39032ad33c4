/* A JPEG that already fits is written anew from its own coefficients: upright, clean, and without any loss. */
#ifndef PICLOG_CRUSH_ENCODE_REWRITE_H
#define PICLOG_CRUSH_ENCODE_REWRITE_H

#include "crush/jpeg/outline.h"

/*
 * Reads the coefficients of a Huffman-coded gray or YCbCr JPEG, turns them upright and keeps the smallest clean file
 * of them in picture->rewritten, with its size and nearest quality. The picture is untouched otherwise.
 * CRUSH_EUNSUPPORTED: orientation (EXIF, 1..8) would tear blocks apart at an edge, or the sampling is not of the kinds
 * that we write; the picture has to be re-encoded. CRUSH_ECORRUPT: damaged. CRUSH_ENOMEM, CRUSH_ELIMIT.
 * outline: its scans, where they were walked, are tried as well as our own: another program may have found better ones.
 * Cost: about 20 ns a block and three times writing the file. ret_error may be NULL.
 */
CRUSH_MUST_USE crush_status jpeg_rewrite(const void *data, size_t size_bytes, int orientation,
                                         const struct jpeg_outline *outline, const crush_limits *limits,
                                         crush_picture *picture, crush_error *ret_error);

#endif
