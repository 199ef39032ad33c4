/*
 * The keys are a contract: "input","output","ok","error","source_format","source_bytes","source_width",
 * "source_height","bytes","width","height","quality","truncated","frames","frame_width",
 * "frame_height","frame_ms", all of them always there, null where unknown.
 * "ok" is false exactly for what makes the exit status 1.
 */
#include "json.h"
#include "text.h"

#include <inttypes.h>

static void json_number(FILE *out, const char *key, bool known, uint64_t value)
{
    if (known)
        fprintf(out, ",\"%s\":%" PRIu64, key, value);
    else
        fprintf(out, ",\"%s\":null", key);
}

void json_print(FILE *out, const struct outcome *outcome)
{
    fputs("{\"input\":", out);
    text_print_json(out, outcome->input);
    fputs(",\"output\":", out);
    text_print_json(out, outcome->output);
    fprintf(out, ",\"ok\":%s,\"error\":", outcome->kind == OUTCOME_FAILED ? "false" : "true");
    text_print_json(out, *outcome->error ? outcome->error : NULL);
    fputs(",\"source_format\":", out);
    text_print_json(out, outcome->was_read ? crush_format_text(outcome->format) : NULL);
    json_number(out, "source_bytes", outcome->has_size, outcome->source_bytes);
    json_number(out, "source_width", outcome->was_probed, outcome->source_width_px);
    json_number(out, "source_height", outcome->was_probed, outcome->source_height_px);
    json_number(out, "bytes", outcome->has_picture, outcome->bytes);
    json_number(out, "width", outcome->has_picture, outcome->width_px);
    json_number(out, "height", outcome->has_picture, outcome->height_px);
    json_number(out, "quality", outcome->kind == OUTCOME_CRUSHED, (uint64_t)outcome->quality);
    fprintf(out, ",\"truncated\":%s", !outcome->was_probed ? "null" : outcome->truncated ? "true" : "false");
    const struct strip_shape *shape = &outcome->shape;
    json_number(out, "frames", shape->frames, shape->frames);
    json_number(out, "frame_width", shape->frames, shape->frame_width_px);
    json_number(out, "frame_height", shape->frames, shape->frame_height_px);
    json_number(out, "frame_ms", shape->frames, shape->frame_ms);
    fputs("}\n", out);
}
