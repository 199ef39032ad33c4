/*
 * Badges and buttons: see badge.h. Words are drawn by font.h, GIFs are written by giflib.
 */
#include "badge.h"

#include <stdlib.h>
#include <string.h>

#include <gif_lib.h>

#include "font.h"

enum { INK = 1, GROUND = 0, ACCENT = 2, SHADE = 3, COLOURS = 4, TURN_HUNDREDTHS = 300, PADDING_PX = 4 };

struct canvas {
    int width_px, height_px, left_px, top_px; /* where text is drawn */
    unsigned char ink, px[BADGE_MAX_WIDTH_PX * BUTTON_HEIGHT_PX];
};

static void set(struct canvas *canvas, int x, int y, unsigned char colour)
{
    if (x >= 0 && x < canvas->width_px && y >= 0 && y < canvas->height_px)
        canvas->px[y * canvas->width_px + x] = colour;
}

static void plot(void *context, int x, int y)
{
    struct canvas *canvas = context;
    set(canvas, canvas->left_px + x, canvas->top_px + y, canvas->ink);
}

static void fill(struct canvas *canvas, int x, int y, int w, int h, unsigned char colour)
{
    for (int j = y; j < y + h; j++)
        for (int i = x; i < x + w; i++)
            set(canvas, i, j, colour);
}

static void frame(struct canvas *canvas, unsigned char colour)
{
    int w = canvas->width_px, h = canvas->height_px;
    fill(canvas, 0, 0, w, 1, colour);
    fill(canvas, 0, h - 1, w, 1, colour);
    fill(canvas, 0, 0, 1, h, colour);
    fill(canvas, w - 1, 0, 1, h, colour);
}

static void write_text(struct canvas *canvas, const char *text, int left_px, int top_px, int max_width_px,
                       unsigned char ink)
{
    canvas->left_px = left_px;
    canvas->top_px = top_px;
    canvas->ink = ink;
    font_draw(text, max_width_px, plot, canvas);
}

/* ---- Writing --------------------------------------------------------------------------------- */

static int write_bytes(GifFileType *gif, const GifByteType *bytes, int size)
{
    buf_append(gif->UserData, bytes, (size_t)size);
    return size;
}

static int put_frame(GifFileType *gif, struct canvas *canvas, int transparent_index, int delay_hundredths)
{
    GraphicsControlBlock control = {
        .DisposalMode = DISPOSE_DO_NOT, .DelayTime = delay_hundredths, .TransparentColor = transparent_index};
    GifByteType packed[4];
    EGifGCBToExtension(&control, packed);
    if (EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, sizeof packed, packed) == GIF_ERROR ||
        EGifPutImageDesc(gif, 0, 0, canvas->width_px, canvas->height_px, false, NULL) == GIF_ERROR)
        return -1;
    for (int y = 0; y < canvas->height_px; y++)
        if (EGifPutLine(gif, canvas->px + y * canvas->width_px, canvas->width_px) == GIF_ERROR)
            return -1;
    return 0;
}

static int write_gif(struct canvas *frames, int frame_count, const uint32_t *palette_rgb, int transparent_index,
                     struct buf *ret_gif)
{
    struct buf bytes = {0};
    GifColorType colours[COLOURS];
    int fault = 0, rc = -1;
    for (int i = 0; i < COLOURS; i++)
        colours[i] = (GifColorType){.Red = (GifByteType)(palette_rgb[i] >> 16),
                                    .Green = (GifByteType)(palette_rgb[i] >> 8),
                                    .Blue = (GifByteType)palette_rgb[i]};
    ColorMapObject *map = GifMakeMapObject(COLOURS, colours);
    GifFileType *gif = map ? EGifOpen(&bytes, write_bytes, &fault) : NULL;
    if (!gif)
        goto out;
    EGifSetGifVersion(gif, true);
    rc = EGifPutScreenDesc(gif, frames->width_px, frames->height_px, 2, 0, map) == GIF_ERROR ? -1 : 0;
    if (rc == 0 && frame_count > 1) {
        static const GifByteType forever[] = {1, 0, 0};
        if (EGifPutExtensionLeader(gif, APPLICATION_EXT_FUNC_CODE) == GIF_ERROR ||
            EGifPutExtensionBlock(gif, 11, "NETSCAPE2.0") == GIF_ERROR ||
            EGifPutExtensionBlock(gif, sizeof forever, forever) == GIF_ERROR ||
            EGifPutExtensionTrailer(gif) == GIF_ERROR)
            rc = -1;
    }
    for (int i = 0; i < frame_count && rc == 0; i++)
        rc = put_frame(gif, &frames[i], transparent_index, frame_count > 1 ? TURN_HUNDREDTHS : 0);
    if (EGifCloseFile(gif, &fault) == GIF_ERROR)
        rc = -1;
    if (rc == 0)
        buf_append(ret_gif, bytes.data, bytes.size_bytes);
out:
    GifFreeMapObject(map);
    buf_free(&bytes);
    return rc;
}

/* ---- Drawing --------------------------------------------------------------------------------- */

int badge_draw(const char *text, const struct badge_colours *colours, struct buf *ret_gif)
{
    struct canvas *canvas = calloc(1, sizeof *canvas);
    if (!canvas)
        return -1;
    const uint32_t palette[COLOURS] = {colours->bg_rgb, colours->fg_rgb, colours->fg_rgb, colours->bg_rgb};
    int text_px = font_draw(text, BADGE_MAX_WIDTH_PX - 2 * PADDING_PX, NULL, NULL);
    canvas->width_px = text_px + 2 * PADDING_PX;
    canvas->height_px = BADGE_HEIGHT_PX;
    if (!colours->transparent)
        frame(canvas, INK);
    write_text(canvas, text, PADDING_PX, 1, text_px, INK);
    int rc = write_gif(canvas, 1, palette, colours->transparent ? GROUND : NO_TRANSPARENT_COLOR, ret_gif);
    free(canvas);
    return rc;
}

static const struct {
    const char *name;
    uint32_t palette_rgb[COLOURS]; /* ground, ink, accent, shade */
} styles[BUTTON_STYLE_COUNT] = {
    [BUTTON_BLOCK] = {"block", {0xFFFFFF, 0x1A1825, 0x4A28F0, 0xDFDDEE}},
    [BUTTON_PLAIN] = {"plain", {0xFFFFFF, 0x000000, 0x000000, 0xFFFFFF}},
    [BUTTON_NIGHT] = {"night", {0x211F2E, 0xEAE8F2, 0xFF6B9D, 0x110F1C}},
};

int button_style_by_name(const char *name)
{
    for (int i = 0; i < BUTTON_STYLE_COUNT; i++)
        if (strcmp(name, styles[i].name) == 0)
            return i;
    return -1;
}

/* One basis pattern of the 8×8 DCT, cos(2·(2x+1)π/16)·cos(2·(2y+1)π/16) by its sign. */
static void draw_block(struct canvas *canvas, int left, int top)
{
    static const unsigned char sign[8] = {1, 1, 0, 0, 0, 0, 1, 1};
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            set(canvas, left + x, top + y, sign[x] == sign[y] ? ACCENT : SHADE);
}

static void draw_button(struct canvas *canvas, const char *name, const char *line)
{
    enum { W = BUTTON_WIDTH_PX, H = BUTTON_HEIGHT_PX };
    canvas->width_px = W;
    canvas->height_px = H;
    fill(canvas, 0, 0, W, H, GROUND);
    fill(canvas, 1, 1, W - 2, 14, SHADE);
    draw_block(canvas, 4, 4);
    write_text(canvas, name, 16, 1, W - 16 - 4, INK);
    fill(canvas, 1, 15, W - 2, 1, ACCENT);
    int width = font_draw(line, W - 8, NULL, NULL);
    write_text(canvas, line, (W - width) / 2, 16, W - 8, INK);
    frame(canvas, INK);
}

int button_draw(const char *name, const char *first, const char *second, enum button_style style, struct buf *ret_gif)
{
    int frame_count = second && *second ? 2 : 1;
    struct canvas *frames = calloc(2, sizeof *frames);
    if (!frames)
        return -1;
    draw_button(&frames[0], name, first);
    if (frame_count == 2)
        draw_button(&frames[1], name, second);
    int rc = write_gif(frames, frame_count, styles[style].palette_rgb, NO_TRANSPARENT_COLOR, ret_gif);
    free(frames);
    return rc;
}
