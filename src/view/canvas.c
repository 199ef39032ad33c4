/*
 * Canvas: see canvas.h. Words are drawn by font.h, GIFs are written by giflib. Refuses to draw outside of itself.
 * Read next: badge.c, button.c, card.c.
 */
#include "canvas.h"

#include <stdlib.h>
#include <string.h>

#include <gif_lib.h>
#include <unistr.h>

#include "font.h"

int canvas_init(struct canvas *canvas, int width_px, int height_px)
{
    unsigned char *px = calloc((size_t)width_px, (size_t)height_px);
    if (!px)
        return -1;
    *canvas = (struct canvas){width_px, height_px, px};
    return 0;
}

void canvas_free(struct canvas *canvas)
{
    free(canvas->px);
    canvas->px = NULL;
}

void canvas_set(struct canvas *canvas, int x, int y, unsigned char colour)
{
    if (x >= 0 && x < canvas->width_px && y >= 0 && y < canvas->height_px)
        canvas->px[y * canvas->width_px + x] = colour;
}

void canvas_fill(struct canvas *canvas, int x, int y, int width_px, int height_px, unsigned char colour)
{
    for (int j = y; j < y + height_px; j++)
        for (int i = x; i < x + width_px; i++)
            canvas_set(canvas, i, j, colour);
}

void canvas_bevel(struct canvas *canvas, int x, int y, int width_px, int height_px, unsigned char light,
                  unsigned char dark)
{
    canvas_fill(canvas, x, y, width_px, 1, light);
    canvas_fill(canvas, x, y, 1, height_px, light);
    canvas_fill(canvas, x, y + height_px - 1, width_px, 1, dark);
    canvas_fill(canvas, x + width_px - 1, y, 1, height_px, dark);
}

void canvas_frame(struct canvas *canvas, int x, int y, int width_px, int height_px, unsigned char colour)
{
    canvas_bevel(canvas, x, y, width_px, height_px, colour, colour);
}

/* ---- Words -------------------------------------------------------------------------------------- */

struct pen {
    struct canvas *canvas;
    int x, y, scale;
    unsigned char colour;
};

static void plot(void *context, int x, int y)
{
    struct pen *pen = context;
    canvas_fill(pen->canvas, pen->x + x * pen->scale, pen->y + y * pen->scale, pen->scale, pen->scale, pen->colour);
}

int canvas_text(struct canvas *canvas, const char *text, int x, int y, int max_width_px, int scale,
                unsigned char colour)
{
    struct pen pen = {canvas, x, y, scale, colour};
    return font_draw(text, max_width_px / scale, plot, &pen) * scale;
}

int canvas_text_width(const char *text, int scale)
{
    return font_draw(text, 1 << 20, NULL, NULL) * scale;
}

/* How many bytes of text fit: whole words, or as many characters of a word that is too long by itself. */
static size_t fitting(const char *text, int width_px)
{
    char line[1024];
    size_t best = 0, end = 0, length = strlen(text);
    while (end < length && end < sizeof line - 8) {
        size_t word = end + strcspn(text + end, " \n");
        word = word < sizeof line - 8 ? word : sizeof line - 8;
        memcpy(line, text, word);
        line[word] = '\0';
        if (font_draw(line, 1 << 20, NULL, NULL) > width_px)
            break;
        best = word;
        end = word + strspn(text + word, " \n");
        if (memchr(text + word, '\n', end - word))
            break;
    }
    for (size_t at = 0; !best || at;) { /* one word, too long */
        int step = u8_mblen((const uint8_t *)text + at, length - at);
        step = step < 1 ? 1 : step;
        memcpy(line, text, at + (size_t)step);
        line[at + (size_t)step] = '\0';
        if (at && (font_draw(line, 1 << 20, NULL, NULL) > width_px || at + 8 >= sizeof line))
            return at;
        at += (size_t)step;
        if (at >= length)
            return length;
    }
    return best;
}

/* The line, cut so that three dots fit behind it. */
static char *with_dots(const char *line, int width_px)
{
    size_t length = strlen(line);
    char *cut = malloc(length + 4);
    if (!cut)
        return NULL;
    memcpy(cut, line, length + 1);
    for (;;) {
        while (length && (cut[length - 1] == ' ' || ((unsigned char)cut[length] & 0xC0) == 0x80))
            length--;
        memcpy(cut + length, "...", 4);
        if (!length || font_draw(cut, 1 << 20, NULL, NULL) <= width_px)
            return cut;
        length--;
    }
}

int canvas_wrap(const char *text, int width_px, char **ret_lines, int most)
{
    int count = 0;
    text += strspn(text, " \n");
    while (*text && count < most) {
        size_t length = fitting(text, width_px), next = length + strspn(text + length, " \n");
        char *line = strndup(text, length);
        if (line && count + 1 == most && text[next]) {
            char *cut = with_dots(line, width_px);
            free(line);
            line = cut;
        }
        if (!line)
            break;
        ret_lines[count++] = line;
        text += next;
    }
    return count;
}

/* ---- Writing ------------------------------------------------------------------------------------ */

static int write_bytes(GifFileType *gif, const GifByteType *bytes, int size)
{
    buf_append(gif->UserData, bytes, (size_t)size);
    return size;
}

static int put_frame(GifFileType *gif, const struct canvas *canvas, int transparent, int hundredths)
{
    GraphicsControlBlock control = {
        .DisposalMode = DISPOSE_DO_NOT, .DelayTime = hundredths, .TransparentColor = transparent};
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

static int put_loop(GifFileType *gif)
{
    static const GifByteType forever[] = {1, 0, 0};
    return EGifPutExtensionLeader(gif, APPLICATION_EXT_FUNC_CODE) == GIF_ERROR ||
                   EGifPutExtensionBlock(gif, 11, "NETSCAPE2.0") == GIF_ERROR ||
                   EGifPutExtensionBlock(gif, sizeof forever, forever) == GIF_ERROR ||
                   EGifPutExtensionTrailer(gif) == GIF_ERROR
               ? -1
               : 0;
}

int canvas_write_gif(const struct canvas *frames, const int *hundredths, int frame_count,
                     const uint32_t palette_rgb[CANVAS_COLOURS], int transparent, struct buf *ret_gif)
{
    struct buf bytes = {0};
    GifColorType colours[CANVAS_COLOURS];
    int fault = 0, rc = -1;
    for (int i = 0; i < CANVAS_COLOURS; i++)
        colours[i] = (GifColorType){.Red = (GifByteType)(palette_rgb[i] >> 16),
                                    .Green = (GifByteType)(palette_rgb[i] >> 8),
                                    .Blue = (GifByteType)palette_rgb[i]};
    ColorMapObject *map = GifMakeMapObject(CANVAS_COLOURS, colours);
    GifFileType *gif = map ? EGifOpen(&bytes, write_bytes, &fault) : NULL;
    if (!gif)
        goto out;
    EGifSetGifVersion(gif, true);
    rc = EGifPutScreenDesc(gif, frames->width_px, frames->height_px, 3, 0, map) == GIF_ERROR ? -1 : 0;
    if (rc == 0 && frame_count > 1)
        rc = put_loop(gif);
    for (int i = 0; i < frame_count && rc == 0; i++)
        rc = put_frame(gif, &frames[i], transparent < 0 ? NO_TRANSPARENT_COLOR : transparent,
                       frame_count > 1 ? hundredths[i] : 0);
    if (EGifCloseFile(gif, &fault) == GIF_ERROR)
        rc = -1;
    if (rc == 0)
        buf_append(ret_gif, bytes.data, bytes.size_bytes);
out:
    GifFreeMapObject(map);
    buf_free(&bytes);
    return rc;
}
