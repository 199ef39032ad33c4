/*
 * Names made safe for wherever they are shown, and numbers in words. Knows nothing of files.
 * It refuses to trust a byte: a name may hold newlines, escape sequences and broken UTF-8.
 */
#include "text.h"

#include "base/lang.h"

#include <langinfo.h>
#include <string.h>

bool text_is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

size_t text_utf8_next(const char *text, uint32_t *ret_point)
{
    const unsigned char *b = (const unsigned char *)text;
    if (b[0] == 0)
        return 0;
    if (b[0] < 0x80) {
        *ret_point = b[0];
        return 1;
    }
    size_t length = b[0] >= 0xc2 && b[0] <= 0xdf ? 2 : (b[0] & 0xf0) == 0xe0 ? 3 : b[0] >= 0xf0 && b[0] <= 0xf4 ? 4 : 0;
    if (length == 0)
        return 0;
    uint32_t point = b[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0; /* the terminating 0 ends here, too */
        point = point << 6 | (b[i] & 0x3f);
    }
    /* Too long for what it says, a surrogate, or beyond Unicode. */
    if ((length == 3 && point < 0x800) || (length == 4 && point < 0x10000) || (point >= 0xd800 && point <= 0xdfff) ||
        point > 0x10ffff)
        return 0;
    *ret_point = point;
    return length;
}

void text_print_name(FILE *out, const char *name)
{
    while (*name) {
        uint32_t point = 0;
        size_t length = text_utf8_next(name, &point);
        unsigned char byte = (unsigned char)*name;
        if (byte == '\n')
            fputs("\\n", out);
        else if (byte == '\t')
            fputs("\\t", out);
        else if (byte == '\\')
            fputs("\\\\", out);
        else if (length == 0 || point < 0x20 || point == 0x7f)
            fprintf(out, "\\x%02x", byte);
        else if (point >= 0x80 && point < 0xa0) /* terminals obey these as escape sequences */
            fprintf(out, "\\x%02x\\x%02x", byte, (unsigned char)name[1]);
        else
            fwrite(name, 1, length, out);
        name += length ? length : 1;
    }
}

void text_print_json(FILE *out, const char *text)
{
    if (!text) {
        fputs("null", out);
        return;
    }
    putc('"', out);
    while (*text) {
        uint32_t point = 0;
        size_t length = text_utf8_next(text, &point);
        if (length == 0)
            fputs("\\ufffd", out);
        else if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if (*text == '\n')
            fputs("\\n", out);
        else if (*text == '\t')
            fputs("\\t", out);
        else if (point < 0x20 || (point >= 0x7f && point < 0xa0)) /* the latter for terminals' sake */
            fprintf(out, "\\u%04x", (unsigned)point);
        else
            fwrite(text, 1, length, out);
        text += length ? length : 1;
    }
    putc('"', out);
}

void text_print_html(FILE *out, const char *text)
{
    while (*text) {
        uint32_t point = 0;
        size_t length = text_utf8_next(text, &point);
        if (length == 0 || (point >= 0x80 && point < 0xa0) || (point & 0xfffe) == 0xfffe ||
            (point >= 0xfdd0 && point <= 0xfdef)) /* control and non-characters may not stand in HTML */
            fputs("\xef\xbf\xbd", out);
        else if (point < 0x20)
            fprintf(out, "\xe2\x90%c", (int)(0x80 + point));
        else if (point == 0x7f)
            fputs("\xe2\x90\xa1", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '>')
            fputs("&gt;", out);
        else if (*text == '"')
            fputs("&quot;", out);
        else
            fwrite(text, 1, length, out);
        text += length ? length : 1;
    }
}

void text_print_url(FILE *out, const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    for (; *path; path++) {
        if (strchr(plain, *path))
            putc(*path, out);
        else
            fprintf(out, "%%%02X", (unsigned char)*path);
    }
}

/* "3.5" or "35", with the decimal mark of the language. */
static const char *text_decimal(char ret_text[TEXT_SIZE], double value, bool tenths)
{
    char digits[TEXT_SIZE / 2];
    snprintf(digits, sizeof digits, "%.1f", value);
    char *point = strpbrk(digits, ".,"); /* as the locale has it */
    if (!tenths || !point) {
        snprintf(ret_text, TEXT_SIZE, "%.0f", value);
        return ret_text;
    }
    *point = '\0';
    snprintf(ret_text, TEXT_SIZE, "%s%s%s", digits, lang_get(lang_used())->decimal, point + 1);
    return ret_text;
}

void text_size(char ret_text[TEXT_SIZE], uint64_t bytes)
{
    static const char *const units[] = {N_("kB"), N_("MB"), N_("GB"), N_("TB"), N_("PB")};
    char number[TEXT_SIZE];
    if (bytes < 1000) {
        snprintf(ret_text, TEXT_SIZE, trn("%u byte", "%u bytes", (int64_t)bytes), (unsigned)bytes);
        return;
    }
    double value = (double)bytes / 1000;
    size_t unit = 0;
    /* 999.95 would print as 1000.0 */
    while (value >= 999.95 && unit + 1 < sizeof units / sizeof units[0]) {
        value /= 1000;
        unit++;
    }
    snprintf(ret_text, TEXT_SIZE, "%.16s%s%.8s", text_decimal(number, value, true), lang_get(lang_used())->unit,
             tr(units[unit]));
}

void text_change(char ret_text[TEXT_SIZE], uint64_t before_bytes, uint64_t after_bytes)
{
    double times = before_bytes && after_bytes ? (double)before_bytes / (double)after_bytes : 1;
    const bool grew = times < 1;
    char number[TEXT_SIZE];
    if (times < 1)
        times = 1 / times;
    if (times < 1.05)
        snprintf(ret_text, TEXT_SIZE, tr("as large as before"));
    else
        snprintf(ret_text, TEXT_SIZE, grew ? tr("%s times larger") : tr("%s times smaller"),
                 text_decimal(number, times, times < 9.95));
}

void text_duration(char ret_text[TEXT_SIZE], uint64_t seconds)
{
    unsigned long long hours = seconds / 3600;
    unsigned minutes = (unsigned)(seconds / 60 % 60), rest = (unsigned)(seconds % 60);
    if (hours)
        snprintf(ret_text, TEXT_SIZE, "%llu:%02u:%02u", hours, minutes, rest);
    else
        snprintf(ret_text, TEXT_SIZE, "%u:%02u", minutes, rest);
}
