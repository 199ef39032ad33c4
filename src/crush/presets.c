/*
 * What holds where nobody says otherwise: the limits of opening, and the presets: side, budget, floor and look by name.
 * The presets' numbers are the contract of the house; the floors were found by looking at photographs at qualities 3,
 * 6, 9 and 12: 9   text and faces are clean, flat areas show no blocks: the least for crispy 5   blocks show and small
 * text goes, but a face still has its expression: crunch; least for crunchy, thumbnails 3   faces smear, colours come
 * in squares: mush at 640 px, right for dust 2   only for fried, where the damage is the point
 */
#include "crush/pixels/picture.h"

#include <string.h>

static const struct preset {
    const char *name;
    uint32_t side_px;
    size_t budget_bytes;
    int min_quality;
    crush_shrink shrink;
    int generations, saturation_percent, contrast_percent, slack_percent;
    uint32_t auto_least_px;
} presets[] = {
    /* Fewer pixels than crunchy's would look like a mistake beside it. */
    [CRUSH_PRESET_CRISPY] = {"crispy", 800, 24000, 9, CRUSH_SHRINK_AUTO, 1, 100, 100, 0, 640},
    [CRUSH_PRESET_CRUNCHY] = {"crunchy", 640, 12000, 5, CRUSH_SHRINK_FLOOR, 1, 100, 100, 0, 0},
    [CRUSH_PRESET_FRIED] = {"fried", 480, 6000, 2, CRUSH_SHRINK_FLOOR, 8, 230, 170, 0, 0},
    [CRUSH_PRESET_DUST] = {"dust", 320, 3000, 3, CRUSH_SHRINK_FLOOR, 1, 100, 100, 0, 0},
    [CRUSH_PRESET_THUMBNAIL] = {"thumbnail", 240, 3000, 5, CRUSH_SHRINK_FLOOR, 1, 100, 100, 8, 0},
};
enum { PRESET_COUNT = sizeof presets / sizeof presets[0] };

void crush_open_options_init(crush_open_options *options)
{
    *options = (crush_open_options){
        .limits = {.max_pixels = 100000000,
                   .max_side_px = 50000,
                   .max_input_bytes = 64000000,
                   .max_scans = 100,
                   .max_frames = 5000,
                   .max_memory_bytes = 256000000},
        .max_side_px = 640,
        .background_rgb = 0xFFFFFF,
        .max_rewrite_bytes = 65536,
    };
}

void crush_encode_options_init(crush_encode_options *options)
{
    crush_encode_options_preset(options, CRUSH_PRESET_CRUNCHY);
}

uint32_t crush_encode_options_preset(crush_encode_options *options, crush_preset preset)
{
    if ((unsigned)preset >= PRESET_COUNT)
        preset = CRUSH_PRESET_CRUNCHY;
    const struct preset *p = &presets[preset];
    *options = (crush_encode_options){
        .max_side_px = p->side_px,
        .budget_bytes = p->budget_bytes,
        .quality = 20,
        .min_quality = p->min_quality,
        .shrink = p->shrink,
        .cap_at_source = 1,
        .allow_rewrite = p->generations == 1,
        .generations = p->generations,
        .saturation_percent = p->saturation_percent,
        .contrast_percent = p->contrast_percent,
        .slack_percent = p->slack_percent,
        .auto_least_px = p->auto_least_px,
    };
    return p->side_px;
}

int crush_preset_by_name(const char *name, crush_preset *ret_preset)
{
    for (int i = 0; i < PRESET_COUNT; i++)
        if (strcmp(name, presets[i].name) == 0) {
            *ret_preset = (crush_preset)i;
            return 0;
        }
    return -1;
}

const char *crush_preset_name(crush_preset preset)
{
    return (unsigned)preset < PRESET_COUNT ? presets[preset].name : "unknown";
}
