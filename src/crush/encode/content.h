/*
 * What a picture is like, as far as its quantisation should know: where errors hide, which shades it consists of,
 * whether it is a photograph or a drawing. Measured once, from the coefficients.
 */
#ifndef PICLOG_CRUSH_ENCODE_CONTENT_H
#define PICLOG_CRUSH_ENCODE_CONTENT_H

#include "crush/encode/dct.h"

enum { DC_VALUES = 2048 }; /* DC coefficients of T.81: -1024..1023 */

/* How often which DC value occurs, weighted by how visible an error there is. */
struct dc_values {
    float weight[DC_VALUES];
    float total;
};

struct content {
    /*
     * Visual masking: for each block of luma a factor on the weight of its errors, 1 on average (geometric mean); an
     * error shows less where there is texture.
     */
    float *masking;
    struct dc_values luma_dc, chroma_dc; /* both chroma components together */
    float smooth_share;                  /* of the blocks, 0..1: nothing but a gentle gradient in them */
    float fine_share;                    /* of the energy of AC, 0..1: what shrinking to half takes away */
    int full_chroma;                     /* 1: chroma is as large as luma */
    int enlarged;                        /* 1: it will be shown larger than it is; set by who makes it smaller */
    int smoothing;                       /* 1: decoders will be made to smooth; set by the solver */
    int drawing;                         /* 1: large parts are exactly flat: screenshots, diagrams, drawings */
};

/*
 * luma: before the transform; blocks: one or three components after it. CRUSH_ENOMEM leaves nothing behind;
 * content_free takes zeroed ones.
 */
CRUSH_MUST_USE crush_status content_measure(const struct plane *luma, const struct blocks *blocks, int components,
                                            struct content *ret_content);
void content_free(struct content *content);

#endif
