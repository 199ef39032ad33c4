/*
 * Languages and their tables: see lang.h. Refuses gettext's own functions, which read files at run time and know one
 * language for a whole process. Read next: tools/po/catalogue.py, which makes the tables, templates/po/README.md.
 */
#include "base/lang.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { RANGES_MAX = 32, LANGS = 2 };

static const struct lang langs[LANGS] = {
    {"en", "English", "ltr", ".", "", " ", "1"},
    /* U+202F is a narrow space that does not break, U+00A0 one as wide as any */
    {"fr", "Français", "ltr", ",", "\xe2\x80\xaf", "\xc2\xa0", "1er"},
};

static const struct lang_catalogue *messages_of[LANGS], *moods_of[LANGS];
static _Thread_local int used, faults;

int lang_count(void)
{
    return LANGS;
}

const struct lang *lang_get(int lang)
{
    return &langs[lang >= 0 && lang < LANGS ? lang : LANG_ENGLISH];
}

/* The first subtag decides; what follows it is a region, a script, an encoding. */
static int find(const char *tag, size_t length)
{
    size_t primary = 0;
    while (primary < length && tag[primary] != '-' && tag[primary] != '_' && tag[primary] != '.' && tag[primary] != '@')
        primary++;
    for (int i = 0; i < LANGS; i++)
        if (strlen(langs[i].code) == primary && strncasecmp(tag, langs[i].code, primary) == 0)
            return i;
    return -1;
}

int lang_find(const char *tag)
{
    const char *encoding = strchr(tag, '.');
    if (encoding && strncasecmp(encoding + 1, "utf-8", 5) != 0 && strncasecmp(encoding + 1, "utf8", 4) != 0)
        return -1;
    return find(tag, strlen(tag));
}

/* "; q=0.5" as thousandths; 1000 when there is none, -1 when it is malformed. */
static int read_quality(const char *text, size_t length)
{
    char digits[5] = {0};
    size_t at = 0;
    while (at < length && (text[at] == ' ' || text[at] == '\t' || text[at] == ';'))
        at++;
    if (at == length)
        return 1000;
    if (length - at < 3 || (text[at] | 0x20) != 'q' || text[at + 1] != '=')
        return -1;
    at += 2;
    while (length > at && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    if ((text[at] != '0' && text[at] != '1') || length - at > 5 || (length - at > 1 && text[at + 1] != '.'))
        return -1;
    memset(digits, '0', 4);
    digits[0] = text[at];
    for (size_t i = at + 2, place = 1; i < length && place < 4; i++, place++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        digits[place] = text[i];
    }
    const int thousandths = (int)strtol(digits, NULL, 10);
    return thousandths > 1000 ? -1 : thousandths;
}

int lang_choose(const char *accept_language, int fallback)
{
    int best = fallback, best_quality = 0;
    const char *at = accept_language ? accept_language : "";
    for (int i = 0; i < RANGES_MAX && *at; i++) {
        at += strspn(at, " \t,");
        size_t length = strcspn(at, ","), range = 0;
        while (range < length && at[range] != ';' && at[range] != ' ' && at[range] != '\t')
            range++;
        const int quality = read_quality(at + range, length - range);
        const int lang = range == 1 && *at == '*' ? fallback : range ? find(at, range) : -1;
        if (lang >= 0 && quality > best_quality) {
            best = lang;
            best_quality = quality;
        }
        at += length;
    }
    return best;
}

int lang_of_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) {
            const int lang = lang_find(value);
            return lang < 0 ? LANG_ENGLISH : lang;
        }
    }
    return LANG_ENGLISH;
}

/* ---- Messages ------------------------------------------------------------------------------------ */

static void sort_in(const struct lang_catalogue *catalogues, const struct lang_catalogue **ret_of)
{
    for (; catalogues && catalogues->code; catalogues++) {
        const int lang = lang_find(catalogues->code);
        if (lang > 0)
            ret_of[lang] = catalogues;
    }
}

void lang_load(const struct lang_catalogue *messages, const struct lang_catalogue *moods)
{
    sort_in(messages, messages_of);
    sort_in(moods, moods_of);
}

void lang_use(int lang)
{
    used = faults = lang > 0 && lang < LANGS ? lang : LANG_ENGLISH;
}

void lang_use_data(int lang)
{
    lang_use(lang);
    used = LANG_ENGLISH;
}

int lang_used(void)
{
    return used;
}

int lang_faults(void)
{
    return faults;
}

static int compare(const void *key, const void *message)
{
    return strcmp(key, ((const struct lang_message *)message)->key);
}

static const struct lang_message *look_up(const struct lang_catalogue *catalogue, const char *key)
{
    return catalogue && catalogue->message_count
               ? bsearch(key, catalogue->messages, catalogue->message_count, sizeof *catalogue->messages, compare)
               : NULL;
}

const char *tr(const char *message)
{
    const struct lang_message *found = used ? look_up(messages_of[used], message) : NULL;
    return found ? found->said[0] : message;
}

const char *tr_fault(const char *message)
{
    const struct lang_message *found = faults ? look_up(messages_of[faults], message) : NULL;
    return found ? found->said[0] : message;
}

int lang_form(int64_t number)
{
    const struct lang_catalogue *catalogue = messages_of[used];
    const uint64_t n = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    if (!catalogue || !catalogue->form)
        return n != 1;
    const int form = catalogue->form((unsigned long)n);
    return form < 0 || form >= LANG_FORMS_MAX ? 0 : form;
}

const char *trn(const char *one, const char *many, int64_t number)
{
    const struct lang_message *found = used ? look_up(messages_of[used], one) : NULL;
    if (!found)
        return number == 1 ? one : many;
    const char *said = found->said[lang_form(number)];
    return said ? said : found->said[0];
}

const char *lang_mood(const char *mood)
{
    const struct lang_message *found = used ? look_up(moods_of[used], mood) : NULL;
    return found ? found->said[0] : mood;
}

const char *lang_mood_key(const char *called)
{
    const struct lang_catalogue *catalogue = moods_of[used];
    for (size_t i = 0; catalogue && i < catalogue->message_count; i++)
        if (strcasecmp(catalogue->messages[i].said[0], called) == 0)
            return catalogue->messages[i].key;
    return called;
}
