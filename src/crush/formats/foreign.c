/*
 * Names formats that are not read here, so that people learn more than "no". It looks at the first bytes and decides
 * nothing else. Sources: the signatures in the formats' own specifications. Before: open.c, probe.c.
 */
#include "crush/formats/foreign.h"

#include <string.h>

enum { LOOK_BYTES = 4096, TEXT_BYTES = 1024 };

static const char *const formats_all[] = {N_("JPEG, PNG, WebP and GIF"), N_("JPEG, PNG, WebP, GIF, HEIC and AVIF")};
static const char *const formats_any[] = {N_("JPEG, PNG, WebP or GIF"), N_("JPEG, PNG, WebP, GIF, HEIC or AVIF")};

static const char save_it[] = N_("save it as JPEG or PNG first");
static const char screenshot[] = N_("take a screenshot of the page you want, or save it as JPEG or PNG first");
static const char frame[] = N_("films are not taken; save one picture of it as JPEG or PNG first");
static const char develop[] = N_("develop it and save it as JPEG first");

/* Bytes at a place near the beginning. Of two that fit the first counts. */
static const struct signature {
    unsigned at, size;
    const char *bytes, *name, *advice;
} signatures[] = {
    {0, 2, "\xFF\x0A", N_("a JPEG XL"), save_it},
    {0, 12, "\0\0\0\x0CJXL \r\n\x87\n", N_("a JPEG XL"), save_it},
    {0, 12, "\0\0\0\x0CjP  \r\n\x87\n", N_("a JPEG 2000"), save_it},
    {0, 4, "\xFFO\xFFQ", N_("a JPEG 2000"), save_it},
    {0, 15, "FUJIFILMCCD-RAW", N_("a camera's raw file"), develop},
    {0, 4, "IIRO", N_("a camera's raw file"), develop},
    {0, 4, "IIRS", N_("a camera's raw file"), develop},
    {0, 4, "MMOR", N_("a camera's raw file"), develop},
    {0, 4, "IIU\0", N_("a camera's raw file"), develop},
    {8, 2, "CR", N_("a camera's raw file"), develop}, /* Canon's, within what is a TIFF: see foreign_find */
    {4, 8, "ftypcrx ", N_("a camera's raw file"), develop},
    {4, 6, "ftypqt", N_("a QuickTime film"), frame},
    {4, 5, "ftyp3", N_("a 3GP film"), frame}, /* 3gp4, 3g2a, … */
    {4, 4, "ftyp", N_("an MP4"), frame},
    {4, 4, "moov", N_("a QuickTime film"), frame},
    {4, 4, "mdat", N_("a QuickTime film"), frame},
    {4, 4, "wide", N_("a QuickTime film"), frame},
    {0, 4, "\x1A\x45\xDF\xA3", N_("a WebM or Matroska film"), frame},
    {8, 4, "AVI ", N_("an AVI film"), frame},
    {0, 4, "II*\0", N_("a TIFF"), save_it},
    {0, 4, "MM\0*", N_("a TIFF"), save_it},
    {0, 4, "II+\0", N_("a TIFF"), save_it},
    {0, 4, "MM\0+", N_("a TIFF"), save_it},
    {0, 5, "%PDF-", N_("a PDF"), screenshot},
    {0, 4, "%!PS", N_("a PostScript file"), screenshot},
    {0, 4, "8BPS", N_("a Photoshop file"), save_it},
    {0, 9, "gimp xcf ", N_("a GIMP file"), save_it},
    {0, 4, "\0\0\1\0", N_("an icon (ICO)"), save_it},
    {0, 4, "\0\0\2\0", N_("a cursor (CUR)"), save_it},
    {0, 4, "\x76\x2F\x31\x01", N_("an OpenEXR"), save_it},
    {0, 10, "#?RADIANCE", N_("a Radiance HDR"), save_it},
    {0, 4, "qoif", N_("a QOI"), save_it},
    {0, 4, "DDS ", N_("a DDS texture"), save_it},
    {0, 4, "PK\3\4", N_("a ZIP archive"), N_("unpack it first")},
};

const char *crush_formats_text(void)
{
    return formats_all[!!CRUSH_WITH_HEIF];
}

int crush_reads(crush_format format)
{
    const int last = CRUSH_WITH_HEIF ? CRUSH_FORMAT_AVIF : CRUSH_FORMAT_GIF;
    return format > CRUSH_FORMAT_UNKNOWN && (int)format <= last;
}

static int has(const uint8_t *data, size_t size, unsigned at, const char *bytes, unsigned count)
{
    return size >= at + count && memcmp(data + at, bytes, count) == 0;
}

static uint32_t number_at(const uint8_t *data, size_t at, int bytes, int big_endian)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint32_t)data[at + (size_t)i] << 8 * (big_endian ? bytes - 1 - i : i);
    return value;
}

/* Camera raw files are TIFFs too. They say so: a DNG by its version, the others by a maker and pictures below the
 * first. */
static int tiff_is_raw(const uint8_t *data, size_t size)
{
    const int big = data[0] == 'M';
    const size_t at = size >= 10 ? number_at(data, 4, 4, big) : size;
    int maker = 0, below = 0;
    if (at > size - 2 || at > LOOK_BYTES)
        return 0;
    uint32_t count = number_at(data, at, 2, big);
    for (size_t entry = at + 2; count && entry + 12 <= size; entry += 12, count--) {
        const uint32_t tag = number_at(data, entry, 2, big);
        if (tag == 50706)
            return 1;
        maker |= tag == 271;
        below |= tag == 330;
    }
    return maker && below;
}

static int text_holds(const uint8_t *data, size_t size, const char *word)
{
    const size_t length = strlen(word);
    for (size_t i = 0; i + length <= size && i < TEXT_BYTES; i++) {
        size_t n = 0;
        while (n < length && (data[i + n] | (data[i + n] >= 'A' && data[i + n] <= 'Z' ? 32 : 0)) == (uint8_t)word[n])
            n++;
        if (n == length)
            return 1;
    }
    return 0;
}

/* The name of a text format; leading blanks and a byte order mark are allowed. */
static const char *text_name(const uint8_t *data, size_t size)
{
    size_t at = has(data, size, 0, "\xEF\xBB\xBF", 3) ? 3 : 0;
    while (at < size && (data[at] == ' ' || (data[at] >= '\t' && data[at] <= '\r')))
        at++;
    if (at == size || data[at] != '<')
        return NULL;
    if (text_holds(data + at, size - at, "<!doctype html") || text_holds(data + at, size - at, "<html"))
        return N_("a web page");
    return text_holds(data + at, size - at, "<svg") ? N_("an SVG") : NULL;
}

/* 0 where nothing is known. */
static int foreign_find(const uint8_t *data, size_t size, const char **ret_name, const char **ret_advice)
{
    const int tiff = has(data, size, 0, "II*\0", 4) || has(data, size, 0, "MM\0*", 4);
    if (tiff && tiff_is_raw(data, size)) {
        *ret_name = N_("a camera's raw file");
        *ret_advice = develop;
        return 1;
    }
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        const struct signature *s = &signatures[i];
        if (!has(data, size, s->at, s->bytes, s->size) || (s->at == 8 && s->size == 2 && !tiff) ||
            (s->at == 8 && s->size == 4 && !has(data, size, 0, "RIFF", 4)))
            continue;
        *ret_name = s->name;
        *ret_advice = s->advice;
        return 1;
    }
    /* two letters are little: the size that follows, or its reserved zeros, must fit as well */
    if (has(data, size, 0, "BM", 2) && has(data, size, 6, "\0\0\0\0", 4)) {
        *ret_name = N_("a BMP");
        *ret_advice = save_it;
        return 1;
    }
    if (size > 3 && data[0] == 'P' && data[1] >= '1' && data[1] <= '7' && (data[2] == '\n' || data[2] == ' ')) {
        *ret_name = N_("a PNM");
        *ret_advice = save_it;
        return 1;
    }
    *ret_name = text_name(data, size);
    *ret_advice = save_it;
    return *ret_name != NULL;
}

crush_status foreign_refuse(const void *data, size_t size_bytes, crush_format format, crush_error *ret_error)
{
    const char *name, *advice;
    if (format == CRUSH_FORMAT_HEIC || format == CRUSH_FORMAT_AVIF)
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED,
                          "this is %s, which was left out when this program was built; %s",
                          format == CRUSH_FORMAT_HEIC ? N_("a HEIC") : N_("an AVIF"), save_it);
    if (size_bytes && foreign_find(data, size_bytes < LOOK_BYTES ? size_bytes : LOOK_BYTES, &name, &advice))
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "this is %s; %s", name, advice);
    if (!size_bytes)
        return crush_fail(ret_error, CRUSH_EFORMAT, "the file is empty");
    return crush_fail(ret_error, CRUSH_EFORMAT, "not a %s by its first bytes", formats_any[!!CRUSH_WITH_HEIF]);
}
