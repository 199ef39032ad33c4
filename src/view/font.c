/*
 * The bitmap font: see font.h. A glyph is nine rows of five pixels, written as nine digits in base 32
 * (0–9, a–v; the leftmost pixel counts 16): seven rows above the baseline, two below. Accented letters
 * are composed of a letter and a mark.
 */
#include "font.h"

#include <string.h>

#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

enum { ROWS = 9, COLUMNS = 5, MARK_ROWS = 3, SPACE_PX = 3, MAX_SCALARS = 200 /* more than a status has */ };

/* U+0021 … U+007E */
static const char ascii[][ROWS + 1] = {
    "ggggg0g00", "kk0000000", "aavavaa00", "4fke5u400", "op248j300", "cik8lid00", "gg0000000", "8ggggg800", "g88888g00",
    "04lel4000", "044v44000", "0000088g0", "000s00000", "000000g00", "122488g00", "ehjlphe00", "8o8888s00", "eh1248v00",
    "v2421he00", "26aiv2200", "vgu11he00", "68guhhe00", "v12488800", "ehhehhe00", "ehhf12c00", "00g000g00", "0080088g0",
    "248g84200", "00u0u0000", "g84248g00", "eh1240400", "ehnlmge00", "ehhvhhh00", "uhhuhhu00", "ehggghe00", "sihhhis00",
    "vgguggv00", "vgguggg00", "ehgnhhf00", "hhhvhhh00", "s88888s00", "72222ic00", "hikokih00", "ggggggv00", "hrllhhh00",
    "hhpljhh00", "ehhhhhe00", "uhhuggg00", "ehhhlid00", "uhhukih00", "fgge11u00", "v44444400", "hhhhhhe00", "hhhhha400",
    "hhhllla00", "hha4ahh00", "hhha44400", "v1248gv00", "ogggggo00", "g88422100", "o88888o00", "4ah000000", "0000000v0",
    "g80000000", "00e1fhf00", "ggmphhu00", "00egghe00", "11djhhf00", "00ehvge00", "68s888800", "00fhhhf1e", "ggmphhh00",
    "g0ggggg00", "80888888g", "ggikoki00", "gggggg800", "00qllhh00", "00mphhh00", "00ehhhe00", "00uhhhugg", "00fhhhf11",
    "00moggg00", "00fge1u00", "88s888600", "00hhhjd00", "00hhha400", "00hhlla00", "00ha4ah00", "00hhhhf1e", "00v248v00",
    "488g88400", "ggggggg00", "g88488g00", "008l20000",
};

/* Latin-1 signs and letters that are no letter with a mark. */
static const struct {
    uint16_t scalar;
    char rows[ROWS + 1];
} special[] = {
    {0xA1, "g0ggggg00"}, {0xA2, "04fkkf400"}, {0xA3, "69gug9u00"}, {0xA4, "0heaeh000"}, {0xA5, "hhavav400"},
    {0xA6, "ggg0ggg00"}, {0xA7, "egeheie00"}, {0xA9, "ehnlnhe00"}, {0xAA, "c2ea0e000"}, {0xAB, "005aka500"},
    {0xAC, "00v110000"}, {0xAE, "ehtttqe00"}, {0xAF, "s00000000"}, {0xB0, "8k8000000"}, {0xB1, "44v440v00"},
    {0xB2, "o48s00000"}, {0xB3, "s4c4o0000"}, {0xB5, "00hhhjtgg"}, {0xB6, "fttd55500"}, {0xB7, "000g00000"},
    {0xB9, "8o88s0000"}, {0xBA, "eae0e0000"}, {0xBB, "00ka5ak00"}, {0xBF, "4048ghe00"}, {0xC6, "fkkukkn00"},
    {0xD0, "e99t99e00"}, {0xD7, "00ha4ah00"}, {0xD8, "djllphm00"}, {0xDE, "gguhhug00"}, {0xDF, "chhmhhmg0"},
    {0xE6, "00q5ukf00"}, {0xF0, "aca1fhe00"}, {0xF7, "040v04000"}, {0xF8, "00djlpm00"}, {0xFE, "gguhhhugg"},
};

/* Combining marks: three rows; above a letter, or for the cedilla below it. */
static const struct {
    uint16_t scalar;
    char rows[MARK_ROWS + 1];
} marks[] = {
    {0x300, "084"}, {0x301, "024"}, {0x302, "04a"}, {0x303, "0dm"}, {0x304, "00e"}, {0x306, "0ae"}, {0x307, "004"},
    {0x308, "00a"}, {0x30A, "4a4"}, {0x30B, "05a"}, {0x30C, "0a4"}, {0x326, "44c"}, {0x327, "4c0"}, {0x328, "460"},
};

static int row_bits(char digit)
{
    return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

static const char *find_glyph(ucs4_t scalar)
{
    if (scalar > ' ' && scalar < 0x7F)
        return ascii[scalar - '!'];
    for (unsigned i = 0; i < sizeof special / sizeof special[0]; i++)
        if (special[i].scalar == scalar)
            return special[i].rows;
    return NULL;
}

static const char *find_mark(ucs4_t scalar)
{
    for (unsigned i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (marks[i].scalar == scalar)
            return marks[i].rows;
    return NULL;
}

struct pen {
    int x, max_width_px;
    font_plot plot;
    void *context;
};

static int glyph_width(const char *rows)
{
    int all = 0, width = COLUMNS;
    for (int i = 0; i < ROWS; i++)
        all |= row_bits(rows[i]);
    while (width > 1 && !(all >> (COLUMNS - width) & 1))
        width--;
    return width;
}

static void plot_row(const struct pen *pen, int bits, int shift_px, int y)
{
    for (int column = 0; column < COLUMNS; column++)
        if (bits >> (COLUMNS - 1 - column) & 1 && pen->x + column + shift_px >= 0)
            pen->plot(pen->context, pen->x + column + shift_px, y);
}

/* Draws one glyph with its marks; 0 when it no longer fits. */
static int draw_glyph(struct pen *pen, const char *rows, const ucs4_t *following, int mark_count)
{
    int width = glyph_width(rows), gap = pen->x ? 1 : 0;
    if (pen->x + gap + width > pen->max_width_px)
        return 0;
    pen->x += gap;
    if (pen->plot) {
        int lower_case = rows[0] == '0' && rows[1] == '0';
        int dotted = rows[1] == '0' && rows[0] != '0'; /* i and j lose their dot under a mark */
        for (int i = 0; i < ROWS; i++)
            if (!(i == 0 && dotted && mark_count))
                plot_row(pen, row_bits(rows[i]), 0, FONT_ABOVE_PX - 7 + i);
        for (int m = 0; m < mark_count; m++) {
            const char *mark = find_mark(following[m]);
            int below = following[m] >= 0x326 && following[m] <= 0x328;
            int top = below ? FONT_ABOVE_PX : lower_case || dotted ? 1 : -1;
            for (int i = 0; i < MARK_ROWS; i++)
                if (top + i >= 0 && top + i < FONT_HEIGHT_PX)
                    plot_row(pen, row_bits(mark[i]), (width - COLUMNS) / 2, top + i);
        }
    }
    pen->x += width;
    return 1;
}

static int draw_scalar(struct pen *pen, ucs4_t scalar, const ucs4_t *following, int mark_count)
{
    static const char box[] = "ukiiiku00";
    if (scalar == ' ') {
        if (pen->x == 0)
            return 1; /* a space that a left-out emoji leaves behind */
        if (pen->x + SPACE_PX > pen->max_width_px)
            return 0;
        pen->x += SPACE_PX;
        return 1;
    }
    const char *rows = find_glyph(scalar), *letters = rows ? NULL : font_fallback(scalar);
    if (letters) {
        for (; *letters; letters++)
            if (!draw_glyph(pen, find_glyph((ucs4_t)*letters), NULL, 0))
                return 0;
        return 1;
    }
    if (!rows) {
        /* Emoji, joiners, variation selectors and controls leave nothing; other scripts leave a box. */
        if (scalar >= 0x1F000 || (scalar >= 0x2300 && scalar < 0x2C00) || uc_width(scalar, "UTF-8") <= 0)
            return 1;
        rows = box;
    }
    return draw_glyph(pen, rows, following, mark_count);
}

int font_draw(const char *utf8, int max_width_px, font_plot plot, void *context)
{
    struct pen pen = {.max_width_px = max_width_px, .plot = plot, .context = context};
    ucs4_t scalars[MAX_SCALARS];
    size_t count = 0, size = strlen(utf8);
    for (size_t at = 0; at < size && count < MAX_SCALARS;) {
        ucs4_t scalar;
        int used = u8_mbtouc(&scalar, (const uint8_t *)utf8 + at, size - at);
        at += (size_t)used;
        if (scalar != 0xFFFD)
            scalars[count++] = scalar < ' ' ? ' ' : scalar;
    }
    /* Only what has no glyph is decomposed, so that ² stays a small two. */
    for (size_t i = 0; i < count; i++) {
        ucs4_t parts[32], *decomposed = parts;
        size_t parts_count = 32;
        if (find_glyph(scalars[i]) || font_fallback(scalars[i]) || scalars[i] == ' ') {
            parts[0] = scalars[i];
            parts_count = 1;
        } else {
            decomposed = u32_normalize(UNINORM_NFKD, &scalars[i], 1, parts, &parts_count);
        }
        if (decomposed != parts)
            continue; /* no character decomposes into so many */
        for (size_t p = 0; p < parts_count;) {
            size_t following = p + 1;
            while (following < parts_count && find_mark(parts[following]))
                following++;
            size_t own = following;
            if (own == parts_count && i + 1 < count && find_mark(scalars[i + 1]) && parts_count < 32) {
                parts[parts_count++] = scalars[++i]; /* a mark that stands as a character of its own */
                following = parts_count;
            }
            if (!draw_scalar(&pen, parts[p], parts + p + 1, (int)(following - p - 1)))
                return pen.x;
            p = following;
        }
    }
    return pen.x;
}
