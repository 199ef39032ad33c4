/* What a worker answered, in the terms of src/domain: for every handler that takes pictures. */
#ifndef PICLOG_APP_REQUEST_CRUSHED_H
#define PICLOG_APP_REQUEST_CRUSHED_H

#include "domain/picture.h"
#include "worker/pool.h"

/* Why a picture was not crushed; NULL: it was. */
const struct fault *crushed_fault(struct arena *arena, const struct pool_outcome *outcome) FAULT_MUST_USE;

/* What it came from; claim: what its browser says that it was before, or NULL. */
struct picture_source crushed_source(const struct pool_outcome *outcome, const struct picture_claim *claim);

/* One of the pictures that came out; borrows its bytes. */
struct candidate_image crushed_image(const struct pool_picture *picture);

/* The picture that was crushed so, or NULL. */
const struct pool_picture *crushed_find(const struct pool_outcome *outcome, crush_preset preset);

#endif
