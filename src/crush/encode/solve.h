/*
 * The solver: one transformed picture in, the finest JPEG within a byte budget out.
 */
#ifndef PICLOG_CRUSH_ENCODE_SOLVE_H
#define PICLOG_CRUSH_ENCODE_SOLVE_H

#include "crush/encode/jpeg_write.h"
#include "crush/encode/overshoot.h"
#include "crush/encode/quantise.h"

/* One quantisation of a picture. */
struct choice {
    struct quantiser quantiser[2]; /* luma, chroma */
    struct levels levels[PLANE_COUNT];
    struct jpeg_code code;
};

/* What a pass looks at. */
enum extent { WHOLE = 0, SAMPLE };

/* A picture after the forward transform, and room for two quantisations of it: the best so far and the next try. */
struct solver {
    uint32_t width_px, height_px;
    int components, subsampled;
    struct blocks blocks[PLANE_COUNT];
    struct blocks sample[PLANE_COUNT]; /* some of their rows */
    float *sample_masking;             /* of those; NULL: there is no sample */
    struct content content;
    struct overshoot overshoot;
    struct choice best, trial;
    struct rate rate[PLANE_COUNT];
    enum layout last_layout;
    int passes;   /* over the whole picture */
    float enough; /* part of the budget that is not worth another pass */
};

struct solution {
    unsigned char *data; /* malloc; belongs to the caller */
    size_t size_bytes;
    float step; /* of the house tables */
    int progressive;
};

/* Transforms planes of one picture (chroma planes may be absent). plain: only for a plain quality, which needs less.
 * CRUSH_ENOMEM leaves nothing behind. */
CRUSH_MUST_USE crush_status solver_init(const struct plane planes[PLANE_COUNT], int plain, struct solver *ret_solver);
void solver_free(struct solver *solver);

/* About how many bytes a step gives. Leaves nothing behind in the solver. Cost: two passes over the sample. */
size_t solver_guess_bytes(struct solver *solver, float step);

/*
 * Finds the smallest step, at most max_step, at which the file is not larger than budget_bytes, and writes that file.
 * CRUSH_EBUDGET: even max_step gives more; *ret_least_bytes is then about how much, as a last_resort exactly and with
 * more effort. Also CRUSH_ENOMEM.
 * Cost: one quantisation and count for each step tried, about three of a quarter of the picture and three of all; one
 * write. Twice that where decoders could be made to smooth and it is not sure that this looks better.
 */
CRUSH_MUST_USE crush_status solve_budget(struct solver *solver, size_t budget_bytes, float max_step, int last_resort,
                                         struct solution *ret_solution, size_t *ret_least_bytes);

/* Writes with the standard tables of a quality 1..100. plain: without rate–distortion optimisation. */
CRUSH_MUST_USE crush_status solve_quality(struct solver *solver, int quality, int plain, struct solution *ret_solution);

#endif
