/*
 * Words in GIFs: badges and buttons of any bytes. What comes out must be a GIF of the promised size, read back here
 * by its header, and end where a GIF ends.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "view/badge.h"

static void check(const struct buf *gif, int width_px, int height_px)
{
    const unsigned char *bytes = (const unsigned char *)gif->data;
    if (gif->size_bytes < 14 || memcmp(bytes, "GIF89a", 6) || bytes[gif->size_bytes - 1] != ';')
        abort();
    int width = bytes[6] | bytes[7] << 8, height = bytes[8] | bytes[9] << 8;
    if (width < 1 || width > width_px || height != height_px)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct buf gif = {0};
    char *raw = strndup((const char *)data + 2, size - 2), *clean = NULL;
    const struct badge_colours colours = {data[0] * 0x010203u, data[1] * 0x030201u, data[1] & 1};
    if (!raw)
        abort();
    const char *text = raw; /* with an odd first byte as it comes, else as the store would hold it */
    if (data[0] % 2 == 0) {
        if (text_clean(raw, strlen(raw), TEXT_LINE, 140, 0, &clean)) {
            free(raw);
            return 0;
        }
        text = clean;
    }
    if (badge_draw(text, &colours, &gif))
        abort();
    check(&gif, BADGE_MAX_WIDTH_PX, BADGE_HEIGHT_PX);
    buf_clear(&gif);
    if (button_draw(text, text + strlen(text) / 2, data[1] & 2 ? text : "",
                    (enum button_style)(data[1] % BUTTON_STYLE_COUNT), &gif))
        abort();
    check(&gif, BUTTON_WIDTH_PX, BUTTON_HEIGHT_PX);
    buf_clear(&gif);
    const struct card_item items[] = {{text, "now", text + strlen(text) / 2}, {"", "", text}};
    const struct card_look look = {.fg_rgb = colours.fg_rgb,
                                   .transparent = data[1] & 1,
                                   .scale = 1 + data[1] % CARD_SCALE_MAX,
                                   .center = data[1] & 4};
    if (card_draw(items, data[0] & 2 ? 2 : 1, &look, &gif))
        abort();
    check(&gif, CARD_WIDTH_PX * CARD_SCALE_MAX, (unsigned char)gif.data[8] | (unsigned char)gif.data[9] << 8);
    buf_free(&gif);
    free(raw);
    free(clean);
    return 0;
}
