/*
 * The gallery, streamed: each picture is written as it comes, in the order of the inputs, so that ten thousand take
 * no more memory than one. Totals are known only at the end but belong at the top: blank space is left for them
 * there. Pictures stand in the page itself (data: addresses) and open large by :target, without a script. The
 * page's head and style are in gallery.html.
 * It refuses to trust a name: all of them are escaped.
 */
#include "base/lang.h"
#include "gallery.h"
#include "output.h"
#include "text.h"

#include "gallery_html.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TOTALS_BYTES = 2400 };

struct gallery {
    struct target target;
    struct output output;
    FILE *out; /* the same file as output.fd */
    off_t head_bytes;
    char *folder; /* the gallery's own, resolved: links are relative to it */
    bool replace;
    uint64_t shown; /* pictures so far; picture n has the ids pN and nN */
    bool item_open; /* the last picture's element waits for its "next" link */
};

/* gallery.html with its words, which stand in braces, in the language of the thread. */
static void gallery_print_head(FILE *out)
{
    const struct lang *lang = lang_get(lang_used());
    const char *const words[][2] = {
        {"lang", lang->code},
        {"dir", lang->dir},
        {N_("Crushed"), tr("Crushed")},
        {N_("Big pictures in, small JPEGs out. No mercy."), tr("Big pictures in, small JPEGs out. No mercy.")}};
    for (size_t at = 0; at < sizeof gallery_html; at++) {
        const char *said = NULL;
        for (size_t i = 0; gallery_html[at] == '{' && i < sizeof words / sizeof words[0]; i++) {
            const size_t length = strlen(words[i][0]);
            if (length + 1 < sizeof gallery_html - at && memcmp(gallery_html + at + 1, words[i][0], length) == 0 &&
                gallery_html[at + 1 + length] == '}') {
                said = words[i][1];
                at += length + 1;
                break;
            }
        }
        if (said)
            fputs(said, out);
        else
            putc(gallery_html[at], out);
    }
}

/* Is the file at path an earlier gallery? Those are replaced without --force: they hold nothing of their own. */
static bool gallery_is_ours(const char *path)
{
    static const char mark[] = "<meta name=\"generator\" content=\"piclog-crush\">";
    char start[256] = "";
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    size_t got = fread(start, 1, sizeof start - 1, file);
    fclose(file);
    start[got] = 0;
    return strstr(start, mark) != NULL;
}

int gallery_open(const struct options *options, struct gallery **ret_gallery)
{
    struct stat st;
    int fault = 0, copy = -1;
    if (!options->gallery || options->dry_run) {
        *ret_gallery = NULL;
        return 0;
    }
    struct gallery *gallery = calloc(1, sizeof *gallery);
    if (!gallery)
        return ENOMEM;
    const char *slash = strrchr(options->gallery, '/');
    gallery->target.path = strdup(options->gallery);
    gallery->target.trusted_bytes = slash ? (size_t)(slash - options->gallery) + 1 : 0;
    gallery->replace = options->force;
    if (!gallery->target.path) {
        fault = ENOMEM;
        goto fail;
    }
    fault = output_look(&gallery->target, &st);
    if (fault == 0 && S_ISDIR(st.st_mode)) {
        fault = EISDIR;
        goto fail;
    }
    if (fault == 0 && !S_ISREG(st.st_mode)) {
        fault = ENOTSUP; /* nor is it written into: the totals at its top come last, a pipe cannot go back */
        goto fail;
    }
    if (fault == 0 && !options->force) {
        if (!gallery_is_ours(options->gallery)) {
            fault = EEXIST;
            goto fail;
        }
        gallery->replace = true;
    }
    fault = output_begin(&gallery->target, &gallery->output);
    if (fault)
        goto fail;
    if (slash) {
        gallery->target.path[slash - options->gallery + 1] = 0;
        gallery->folder = realpath(gallery->target.path, NULL);
        gallery->target.path[slash - options->gallery + 1] = slash[1];
    } else {
        gallery->folder = realpath(".", NULL);
    }
    copy = dup(gallery->output.fd);
    gallery->out = copy >= 0 ? fdopen(copy, "wb") : NULL;
    if (!gallery->out || !gallery->folder) {
        fault = errno;
        if (gallery->out)
            fclose(gallery->out);
        else if (copy >= 0)
            close(copy);
        output_discard(&gallery->output);
        goto fail;
    }
    gallery_print_head(gallery->out);
    gallery->head_bytes = ftello(gallery->out);
    fprintf(gallery->out, "%*s\n<ol class=\"pics\">\n", TOTALS_BYTES, "");
    *ret_gallery = gallery;
    return 0;
fail:
    free(gallery->folder);
    free(gallery->target.path);
    free(gallery);
    return fault;
}

static void gallery_print_base64(FILE *out, const unsigned char *data, size_t size_bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size_bytes; i += 3) {
        size_t left = size_bytes - i;
        unsigned group =
            (unsigned)data[i] << 16 | (left > 1 ? (unsigned)data[i + 1] << 8 : 0) | (left > 2 ? data[i + 2] : 0);
        putc(digits[group >> 18], out);
        putc(digits[group >> 12 & 63], out);
        putc(left > 1 ? digits[group >> 6 & 63] : '=', out);
        putc(left > 2 ? digits[group & 63] : '=', out);
    }
}

/* A link to an output, relative, so that gallery and outputs can move together. */
static void gallery_print_link(const struct gallery *gallery, const char *path)
{
    char *real = strcmp(path, "-") == 0 ? NULL : realpath(path, NULL);
    if (!real)
        return;
    fputs("<a href=\"", gallery->out);
    const char *from = gallery->folder, *to = real;
    size_t common = 0; /* up to and with the last slash that both have in common */
    for (size_t i = 0;; i++) {
        bool from_ends = from[i] == 0 || from[i] == '/', to_ends = to[i] == '/';
        if (from_ends && to_ends)
            common = i + 1;
        if (from[i] == 0 || from[i] != to[i])
            break;
    }
    size_t length = strlen(from);
    if (length == 1) /* the gallery lies in the root folder */
        common = 1;
    for (size_t i = common; i < length; i++)
        if (i == common || from[i] == '/')
            fputs("../", gallery->out);
    if (common >= length)
        fputs("./", gallery->out); /* a name with a colon must not look like a scheme */
    text_print_url(gallery->out, to + common);
    fprintf(gallery->out, "\">%s</a>", tr("the file"));
    free(real);
}

/* Names only, no folders: a gallery is made to be shown, and paths tell more than their owner thinks of. */
static const char *gallery_name(const struct outcome *outcome)
{
    const char *slash = strrchr(outcome->input, '/');
    return strcmp(outcome->input, "-") == 0 ? tr("standard input") : slash && slash[1] ? slash + 1 : outcome->input;
}

static void gallery_close_item(struct gallery *gallery, bool next)
{
    if (!gallery->item_open)
        return;
    if (next)
        fprintf(gallery->out, "<a class=\"step next\" href=\"#p%" PRIu64 "\">%s</a>\n", gallery->shown + 1,
                tr("next →"));
    fputs("</li>\n", gallery->out);
    gallery->item_open = false;
}

static void gallery_print_size(FILE *out, const struct outcome *outcome)
{
    const struct strip_shape *s = &outcome->shape;
    if (s->frames)
        fprintf(out, s->flashes ? tr("%u frames of %u × %u, still because they flash") : tr("%u frames of %u × %u"),
                s->frames, s->frame_width_px, s->frame_height_px);
    else
        fprintf(out, "%" PRIu32 " × %" PRIu32, outcome->width_px, outcome->height_px);
    putc(' ', out);
}

static void gallery_add_words(struct gallery *gallery, const struct outcome *outcome)
{
    FILE *out = gallery->out;
    char before[TEXT_SIZE], after[TEXT_SIZE], change[TEXT_SIZE];
    text_size(before, outcome->source_bytes);
    text_size(after, outcome->bytes);
    text_change(change, outcome->source_bytes, outcome->bytes);
    fputs("<div class=\"words\">\n<p class=\"caption\">", out);
    text_print_html(out, gallery_name(outcome));
    fputs("</p>\n", out);
    if (outcome->has_picture)
        fprintf(out, "<p class=\"bytes\">%s → <b>%s</b></p>\n", before, after);
    fputs("<p class=\"by\">", out);
    if (outcome->kind == OUTCOME_FAILED)
        text_print_html(out, outcome->error);
    else if (!outcome->has_picture)
        fputs(tr("crushed in an earlier run"), out);
    else if (outcome->bytes * 21 >= outcome->source_bytes * 20)
        fputs(tr("had nothing left to lose"), out);
    else
        fputs(change, out);
    if (outcome->truncated)
        fputs(tr(", the end was missing already"), out);
    fputs("</p>\n", out);
    if (outcome->output || outcome->has_picture) {
        fputs("<p class=\"by\">", out);
        if (outcome->has_picture)
            gallery_print_size(out, outcome);
        if (outcome->output)
            gallery_print_link(gallery, outcome->output);
        fputs("</p>\n", out);
    }
    fputs("</div>\n", out);
}

static void gallery_print_still(FILE *out, const struct outcome *outcome)
{
    fprintf(out, "<img width=\"%" PRIu32 "\" height=\"%" PRIu32 "\" loading=\"lazy\" alt=\"", outcome->width_px,
            outcome->height_px);
    text_print_html(out, gallery_name(outcome));
    fputs("\" src=\"data:image/jpeg;base64,", out);
    gallery_print_base64(out, outcome->embed, outcome->embed_bytes);
    fputs("\">", out);
}

/*
 * A window of one frame, behind which the style moves the strip; what flashes is left still. Half a pixel is cut off
 * all around, since what is enlarged is blended with its neighbours, which are other frames.
 */
static void gallery_print_film(FILE *out, const struct outcome *outcome)
{
    const struct strip_shape *s = &outcome->embed_shape;
    const uint32_t width_px = s->frames * s->cell_width_px;
    const bool cut = s->frame_width_px > 2 && s->frame_height_px > 2;
    fprintf(out, "<svg class=\"film%s\" viewBox=\"%s %" PRIu32 " %" PRIu32 "\" role=\"img\" aria-label=\"",
            s->flashes ? " still" : "", cut ? ".5 .5" : "0 0", s->frame_width_px - cut, s->frame_height_px - cut);
    text_print_html(out, gallery_name(outcome));
    fprintf(out,
            "\"><image style=\"--n:%" PRIu32 ";--t:%" PRIu32 "ms;--x:-%" PRIu32 "px\" width=\"%" PRIu32
            "\" height=\"%" PRIu32 "\" href=\"data:image/jpeg;base64,",
            s->frames, s->frames * s->frame_ms, width_px, width_px, s->cell_height_px);
    gallery_print_base64(out, outcome->embed, outcome->embed_bytes);
    fputs("\"/></svg>", out);
}

void gallery_add(struct gallery *gallery, const struct outcome *outcome)
{
    if (!gallery)
        return;
    FILE *out = gallery->out;
    if (!outcome->embed) {
        gallery_close_item(gallery, false);
        fputs("<li class=\"pic sorry\">\n<div class=\"mat\"></div>\n", out);
        gallery_add_words(gallery, outcome);
        fputs("</li>\n", out);
        return;
    }
    assert(outcome->has_picture && outcome->embed_bytes <= JOB_EMBED_BYTES);
    gallery_close_item(gallery, true);
    uint64_t n = ++gallery->shown;
    fprintf(out,
            "<li class=\"pic\" id=\"p%" PRIu64 "\">\n<div class=\"mat\" id=\"n%" PRIu64
            "\"><a class=\"shot\" href=\"#p%" PRIu64 "\">",
            n, n, n);
    if (outcome->embed_shape.frames)
        gallery_print_film(out, outcome);
    else
        gallery_print_still(out, outcome);
    fputs("</a></div>\n", out);
    gallery_add_words(gallery, outcome);
    fprintf(out, "<a class=\"shut\" href=\"#n%" PRIu64 "\">%s</a>\n", n, tr("close"));
    if (n > 1)
        fprintf(out, "<a class=\"step\" href=\"#p%" PRIu64 "\">%s</a>\n", n - 1, tr("← previous"));
    gallery->item_open = true;
}

/* A sentence as a paragraph of a class. */
__attribute__((format(printf, 3, 4))) static void gallery_print_line(FILE *out, const char *look, const char *format,
                                                                     ...)
{
    va_list arguments;
    fprintf(out, "<p class=\"%s\">", look);
    va_start(arguments, format);
    vfprintf(out, format, arguments);
    va_end(arguments);
    fputs("</p>\n", out);
}

/* One block per "times smaller", one of them pink. */
static void gallery_print_waffle(FILE *out, uint64_t times)
{
    if (times < 2 || times > 9600)
        return;
    /* 36 blocks fit a phone; many rows of them would be a tower. */
    uint64_t wanted = times <= 432 ? 36 : 96;
    uint64_t columns = times < wanted ? times : wanted, rows = times / columns, rest = times % columns;
    uint64_t height = (rows + (rest > 0)) * 8;
    fprintf(out,
            "<svg class=\"waffle\" viewBox=\"0 0 %" PRIu64 " %" PRIu64 "\" width=\"%" PRIu64 "\" height=\"%" PRIu64
            "\" aria-hidden=\"true\"><defs><pattern id=\"b\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
            "<rect class=\"was\" width=\"7\" height=\"7\"/></pattern></defs><rect fill=\"url(#b)\" width=\"%" PRIu64
            "\" height=\"%" PRIu64 "\"/>",
            columns * 8, height, columns * 8, height, columns * 8, rows * 8);
    if (rest)
        fprintf(out, "<rect fill=\"url(#b)\" y=\"%" PRIu64 "\" width=\"%" PRIu64 "\" height=\"8\"/>", rows * 8,
                rest * 8);
    fputs("<rect class=\"now\" width=\"7\" height=\"7\"/></svg>\n", out);
    gallery_print_line(out, "hint", tr("All %llu blocks are what went in. The pink one is what came out."),
                       (unsigned long long)times);
}

/* The sentences at the top. They are measured: no more than TOTALS_BYTES. */
static void gallery_print_totals(FILE *out, const struct totals *totals)
{
    static const uint64_t floppy_bytes = 1474560, modem_bytes_per_s = 5600;
    char before[TEXT_SIZE], after[TEXT_SIZE], change[TEXT_SIZE], slow[TEXT_SIZE], quick[TEXT_SIZE];
    text_size(before, totals->source_bytes);
    text_size(after, totals->bytes);
    text_change(change, totals->source_bytes, totals->bytes);
    if (totals->crushed == 0) {
        gallery_print_line(out, "lead", tr("Nothing was crushed this time."));
    } else {
        gallery_print_line(out, "lead",
                           trn("%llu picture: %s went in, <b>%s</b> came out, %s.",
                               "%llu pictures: %s went in, <b>%s</b> came out, %s.", (int64_t)totals->crushed),
                           (unsigned long long)totals->crushed, before, after, change);
        gallery_print_waffle(out, totals->bytes ? (totals->source_bytes + totals->bytes / 2) / totals->bytes : 0);
    }
    if (totals->crushed > 1 && totals->bytes < totals->largest_source_bytes)
        gallery_print_line(out, "hint", tr("All of them together weigh less than the largest one did alone."));
    if (totals->bytes > 0) {
        uint64_t floppies_before = (totals->source_bytes + floppy_bytes - 1) / floppy_bytes;
        uint64_t floppies_after = (totals->bytes + floppy_bytes - 1) / floppy_bytes;
        text_duration(slow, totals->source_bytes / modem_bytes_per_s);
        text_duration(quick, totals->bytes / modem_bytes_per_s);
        if (floppies_before > floppies_after)
            gallery_print_line(out, "hint",
                               tr("That was %llu floppy disks, now it is %llu. By 56k modem: %s then, %s now, unless "
                                  "somebody picks up the phone."),
                               (unsigned long long)floppies_before, (unsigned long long)floppies_after, slow, quick);
    }
    if (totals->skipped)
        gallery_print_line(out, "hint",
                           trn("%llu more had been crushed before and were left in peace.",
                               "%llu more had been crushed before and were left in peace.", (int64_t)totals->skipped),
                           (unsigned long long)totals->skipped);
    if (totals->failed)
        gallery_print_line(out, "hint",
                           trn("%llu would not be crushed. The reasons stand where they would hang.",
                               "%llu would not be crushed. The reasons stand where they would hang.",
                               (int64_t)totals->failed),
                           (unsigned long long)totals->failed);
}

int gallery_finish(struct gallery *gallery, const struct totals *totals)
{
    if (!gallery)
        return 0;
    int fault = 0;
    char *text = NULL;
    size_t size = 0;
    gallery_close_item(gallery, false);
    fprintf(gallery->out,
            "</ol>\n</section>\n</main>\n<footer class=\"foot\">\n<p>%s piclog-crush %s.</p>\n</footer>\n</body>\n"
            "</html>\n",
            tr("No script, no cookie, no server: this page is one file, pictures included. Made by"), crush_version());
    FILE *top = open_memstream(&text, &size);
    if (top) {
        gallery_print_totals(top, totals);
        if (fclose(top) != 0)
            size = 0;
    }
    if (size > 0 && size <= TOTALS_BYTES && fseeko(gallery->out, gallery->head_bytes, SEEK_SET) == 0)
        fwrite(text, 1, size, gallery->out);
    free(text);
    if (ferror(gallery->out))
        fault = errno ? errno : EIO;
    if (fclose(gallery->out) != 0 && !fault)
        fault = errno;
    if (fault)
        output_discard(&gallery->output);
    else
        fault = output_commit(&gallery->output, gallery->replace);
    free(gallery->folder);
    free(gallery->target.path);
    free(gallery);
    return fault;
}

void gallery_discard(struct gallery *gallery)
{
    if (!gallery)
        return;
    fclose(gallery->out);
    output_discard(&gallery->output);
    free(gallery->folder);
    free(gallery->target.path);
    free(gallery);
}
