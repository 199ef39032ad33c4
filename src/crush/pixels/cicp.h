/*
 * Colours that are told by code points: PNG's cICP, and nclx of HEIF and AVIF. Source: ITU-T H.273.
 */
#ifndef PICLOG_CRUSH_PIXELS_CICP_H
#define PICLOG_CRUSH_PIXELS_CICP_H

#include "crush/pixels/light.h"

/*
 * 1 where both code points mean something here: then they come before any profile. 2 ("unspecified") and what is
 * reserved mean nothing; logarithmic curves (9, 10) and BT.1361 (12) are not used, as no browser does.
 */
int cicp_is_known(int primaries, int transfer);

/*
 * The conversion to sRGB of full-range RGB with these primaries and this transfer; matrix and range are of YCbCr and
 * the decoder's matter. BT.709 and its kin are decoded as a display does it, by BT.1886 (2.4). NULL: nothing to do
 * (sRGB in effect), not known, or no memory. The caller frees: light_close().
 */
struct light *cicp_open(int primaries, int transfer);

#endif
