/*
 * Cards: see badge.h. What a widget shows, as one picture for places where nothing but pictures is allowed.
 * Refuses to grow without end: eight lines for an item, eight items.
 */
#include "badge.h"

#include <stdlib.h>

#include "base/lang.h"
#include "canvas.h"
#include "font.h"

enum { GROUND = 0, INK = 1, LINK = 2, SOFT = 3 };
enum { MARGIN_PX = 8, LINE_PX = 13, GAP_PX = 7, LINES_MAX = 8 };

struct layout {
    struct canvas *canvas; /* NULL: only measuring */
    const struct card_look *look;
    int y; /* in dots of the font */
};

static uint32_t between(uint32_t a, uint32_t b)
{
    uint32_t mix = 0;
    for (int shift = 0; shift < 24; shift += 8)
        mix |= (((a >> shift & 255) * 2 + (b >> shift & 255)) / 3) << shift;
    return mix;
}

static void put(struct layout *layout, const char *text, int x, unsigned char colour)
{
    const int scale = layout->look->scale;
    if (layout->canvas)
        canvas_text(layout->canvas, text, x * scale, layout->y * scale, (CARD_WIDTH_PX - MARGIN_PX - x) * scale, scale,
                    colour);
}

static int start_of(const struct layout *layout, int width)
{
    return layout->look->center ? (CARD_WIDTH_PX - width) / 2 : MARGIN_PX;
}

static void put_heading(struct layout *layout, const struct card_item *item)
{
    int name_px = canvas_text_width(item->name, 1), when_px = canvas_text_width(item->when, 1);
    int between_px = *item->name && *item->when ? 6 : 0;
    if (!*item->name && !*item->when)
        return;
    int x = start_of(layout, name_px + between_px + when_px);
    put(layout, item->name, x, LINK);
    put(layout, item->when, x + name_px + between_px, SOFT);
    layout->y += LINE_PX;
}

static void put_item(struct layout *layout, const struct card_item *item)
{
    char *lines[LINES_MAX] = {0};
    int count = canvas_wrap(item->text, CARD_WIDTH_PX - 2 * MARGIN_PX, lines, LINES_MAX);
    put_heading(layout, item);
    for (int i = 0; i < count; i++) {
        put(layout, lines[i], start_of(layout, canvas_text_width(lines[i], 1)), INK);
        layout->y += LINE_PX;
        free(lines[i]);
    }
}

static void put_all(struct layout *layout, const struct card_item *items, int item_count)
{
    const struct card_item nothing = {"", "", tr("Nothing yet.")};
    layout->y = MARGIN_PX - 2;
    if (!item_count)
        put_item(layout, &nothing);
    for (int i = 0; i < item_count; i++) {
        if (i) {
            for (int x = MARGIN_PX; layout->canvas && x < CARD_WIDTH_PX - MARGIN_PX; x += 3) /* a dotted line */
                canvas_fill(layout->canvas, x * layout->look->scale, (layout->y + GAP_PX / 2) * layout->look->scale,
                            layout->look->scale, layout->look->scale, SOFT);
            layout->y += GAP_PX;
        }
        put_item(layout, &items[i]);
    }
    layout->y += MARGIN_PX - 2;
}

int card_draw(const struct card_item *items, int item_count, const struct card_look *look, struct buf *ret_gif)
{
    struct canvas canvas;
    struct layout layout = {.look = look};
    const uint32_t palette[CANVAS_COLOURS] = {look->bg_rgb, look->fg_rgb, look->link_rgb,
                                              between(look->fg_rgb, look->bg_rgb)};
    item_count = item_count < CARD_ITEMS_MAX ? item_count : CARD_ITEMS_MAX;
    put_all(&layout, items, item_count);
    const int width = CARD_WIDTH_PX * look->scale, height = layout.y * look->scale;
    if (canvas_init(&canvas, width, height))
        return -1;
    layout.canvas = &canvas;
    if (!look->transparent)
        for (int i = 0; i < look->scale; i++)
            canvas_frame(&canvas, i, i, width - 2 * i, height - 2 * i, INK);
    put_all(&layout, items, item_count);
    int rc = canvas_write_gif(&canvas, NULL, 1, palette, look->transparent ? GROUND : CANVAS_OPAQUE, ret_gif);
    canvas_free(&canvas);
    return rc;
}
