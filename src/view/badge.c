/* Badges of one line: see badge.h. Buttons are in button.c, cards in card.c. */
#include "badge.h"

#include "canvas.h"

enum { GROUND = 0, INK = 1, PADDING_PX = 4 };

int badge_draw(const char *text, const struct badge_colours *colours, struct buf *ret_gif)
{
    struct canvas canvas;
    const uint32_t palette[CANVAS_COLOURS] = {colours->bg_rgb, colours->fg_rgb};
    int text_px = canvas_text_width(text, 1), most_px = BADGE_MAX_WIDTH_PX - 2 * PADDING_PX;
    text_px = text_px < most_px ? text_px : most_px;
    if (canvas_init(&canvas, text_px + 2 * PADDING_PX, BADGE_HEIGHT_PX))
        return -1;
    if (!colours->transparent)
        canvas_frame(&canvas, 0, 0, canvas.width_px, canvas.height_px, INK);
    canvas_text(&canvas, text, PADDING_PX, 1, text_px, 1, INK);
    int rc = canvas_write_gif(&canvas, NULL, 1, palette, colours->transparent ? GROUND : CANVAS_OPAQUE, ret_gif);
    canvas_free(&canvas);
    return rc;
}
