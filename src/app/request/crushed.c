/*
 * From a worker's answer to faults and pictures: see crushed.h. Refuses to look into the bytes: pool.c has checked
 * them. Read next: respond_crushed() in respond.c, which asks the workers.
 */
#include "app/request/crushed.h"

#include "base/reason.h"

const struct fault *crushed_fault(struct arena *arena, const struct pool_outcome *outcome)
{
    char why_text[REASON_MAX], formats_text[REASON_MAX], limit_text[REASON_MAX];
    const char *why = reason_say(outcome->error.message, why_text);
    switch (outcome->status) {
    case POOL_OK: return NULL;
    case POOL_LATE:
        return fault_make(arena, FAULT_UNUSABLE,
                          "This picture took too long to decode. Save it anew in any program and try again.");
    case POOL_DIED:
        return fault_make(arena, FAULT_UNUSABLE,
                          "This picture crashed its decoder, which was thrown away with it. Nothing else happened.");
    case POOL_CLOSED:
        return fault_make(arena, FAULT_BUSY, "The crusher is busy or just starting. Try again in a moment.");
    default: break;
    }
    switch (outcome->error.status) {
    case CRUSH_EFORMAT: return fault_make(arena, FAULT_FORMAT, "This cannot be crushed: %s.", why);
    case CRUSH_EUNSUPPORTED:
        return fault_make(arena, FAULT_FORMAT, "This cannot be crushed: %s. %s can.", why,
                          reason_say(crush_formats_text(), formats_text));
    case CRUSH_ELIMIT:
        return fault_make(arena, outcome->error.limit == CRUSH_LIMIT_INPUT ? FAULT_TOO_LARGE : FAULT_UNUSABLE,
                          "This is over the limit of %s: %s. Make it smaller and try again.",
                          reason_say(crush_limit_text(outcome->error.limit), limit_text), why);
    default: return fault_make(arena, FAULT_UNUSABLE, "This picture cannot be used: %s.", why);
    }
}

struct picture_source crushed_source(const struct pool_outcome *outcome, const struct picture_claim *claim)
{
    return (struct picture_source){.format = crush_format_text(outcome->source.format),
                                   .bytes = (int64_t)outcome->source.source_bytes,
                                   .width_px = outcome->source.source_width_px,
                                   .height_px = outcome->source.source_height_px,
                                   .fingerprint = outcome->fingerprint,
                                   .blurhash = outcome->blurhash,
                                   .is_truncated = outcome->source.truncated,
                                   .no_clip = outcome->no_clip,
                                   .claim = claim ? *claim : (struct picture_claim){0}};
}

struct candidate_image crushed_image(const struct pool_picture *picture)
{
    return (struct candidate_image){
        .preset = crush_preset_name(picture->preset),
        .image = {picture->data, picture->size_bytes, picture->width_px, picture->height_px},
        .quality = picture->quality,
        .clip = {picture->clip.frames, picture->clip.frame_width_px, picture->clip.frame_height_px,
                 picture->clip.frame_ms, picture->clip.poster, picture->clip.flashes}};
}

const struct pool_picture *crushed_find(const struct pool_outcome *outcome, crush_preset preset)
{
    for (int i = 0; i < outcome->picture_count; i++)
        if (outcome->pictures[i].preset == preset)
            return &outcome->pictures[i];
    return NULL;
}
