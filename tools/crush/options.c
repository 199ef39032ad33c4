/*
 * Parses the command line. Every value is parsed strictly: a number with anything behind it is a fault, not a
 * guess. A preset is applied first wherever it stands, the other options change it.
 * It touches no file; whether a path is a folder is the business of inputs.c and naming.c.
 */
#include "base/lang.h"
#include "base/reason.h"
#include "options.h"
#include "stop.h"
#include "text.h"

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_JOBS = 256, MAX_SIDE_PX = 16384, MAX_GENERATIONS = 1000, MAX_SHARDS = 1000000 };
static const size_t max_budget_bytes = 64000000;
static const char digits[] = "0123456789";

static const char help[] =
    N_("  -o, --output PATH      folder for many inputs, file for one, '-' standard output\n"
       "                         [next to the input: NAME.crushed.jpg]\n"
       "  -p, --preset NAME      crispy | crunchy | fried | dust [crunchy]\n"
       "  -s, --max-side PX      longest side, never enlarged\n"
       "  -b, --budget BYTES     never more bytes than this (12000, 12k, 3.5k, 12kB)\n"
       "  -q, --quality 1..100   fixed quality, no budget\n"
       "  -g, --generations N    recompress N times\n"
       "      --clip[=FRAMES]    animations become a strip of 4 to 24 frames, a flipbook [as looks best]\n"
       "      --gray             drop the colour\n"
       "      --background RRGGBB  shows through transparency [FFFFFF]\n"
       "      --chroma 420|444|auto  resolution of colour [auto]\n"
       "      --shrink auto|floor|never  may fewer pixels be chosen? [crispy: auto, others: floor]\n"
       "      --decoder auto|library  library: libjpeg-turbo only, to compare [auto]\n"
       "  -r, --recursive        enter folders within folders\n"
       "  -j, --jobs N           pictures at the same time [processors]\n"
       "  -n, --dry-run          crush, say what would come out, write nothing\n"
       "      --files0-from FILE|-  inputs from a list of names that end in a zero byte\n"
       "      --shard I/N        only the I-th of N parts of the inputs, by their names\n"
       "      --resume           go on with a run that was ended: skip what is there and whole\n"
       "  -f, --force            overwrite existing outputs instead of skipping them\n"
       "      --keep-date        outputs get the date of their inputs\n"
       "      --gallery FILE     also write one self-contained HTML gallery of the results\n"
       "      --json             one JSON object per input on standard output\n"
       "      --progress auto|always|never  a bar on standard error [auto: on a terminal]\n"
       "      --quiet            say only what failed or was damaged\n"
       "  -h, --help   -V, --version\n"
       "\n"
       "presets: crispy 800 px, 24 kB; crunchy 640 px, 12 kB; fried 480 px, 6 kB; dust 320 px, 3 kB\n"
       "source:  no result is larger than its source, but for sources below 2 kB and where\n"
       "         pixels, or what can be made out in a drawing, would be lost\n"
       "exit:    0 all crushed, 1 some failed (each named on standard error), 2 usage\n");

enum {
    OPTION_GRAY = 1000,
    OPTION_CLIP,
    OPTION_BACKGROUND,
    OPTION_CHROMA,
    OPTION_SHRINK,
    OPTION_DECODER,
    OPTION_FILES0,
    OPTION_GALLERY,
    OPTION_JSON,
    OPTION_PROGRESS,
    OPTION_QUIET,
    OPTION_KEEP_DATE,
    OPTION_SHARD,
    OPTION_RESUME
};

static const char short_options[] = ":o:p:s:b:q:g:rj:nfhV";
static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"preset", required_argument, NULL, 'p'},
    {"max-side", required_argument, NULL, 's'},
    {"budget", required_argument, NULL, 'b'},
    {"quality", required_argument, NULL, 'q'},
    {"generations", required_argument, NULL, 'g'},
    {"clip", optional_argument, NULL, OPTION_CLIP},
    {"gray", no_argument, NULL, OPTION_GRAY},
    {"background", required_argument, NULL, OPTION_BACKGROUND},
    {"chroma", required_argument, NULL, OPTION_CHROMA},
    {"shrink", required_argument, NULL, OPTION_SHRINK},
    {"decoder", required_argument, NULL, OPTION_DECODER},
    {"recursive", no_argument, NULL, 'r'},
    {"jobs", required_argument, NULL, 'j'},
    {"dry-run", no_argument, NULL, 'n'},
    {"files0-from", required_argument, NULL, OPTION_FILES0},
    {"shard", required_argument, NULL, OPTION_SHARD},
    {"resume", no_argument, NULL, OPTION_RESUME},
    {"force", no_argument, NULL, 'f'},
    {"gallery", required_argument, NULL, OPTION_GALLERY},
    {"json", no_argument, NULL, OPTION_JSON},
    {"progress", required_argument, NULL, OPTION_PROGRESS},
    {"quiet", no_argument, NULL, OPTION_QUIET},
    {"keep-date", no_argument, NULL, OPTION_KEEP_DATE},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

/* What was given, before the preset underneath is known; 0 and NULL: not given. */
struct given {
    const char *preset;
    unsigned long max_side_px, budget_bytes, quality, generations;
    const char *shrink;
    bool progress;
};

__attribute__((format(printf, 1, 2))) static enum options_answer options_fault(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("piclog-crush: ", stderr);
    vfprintf(stderr, tr(format), arguments);
    va_end(arguments);
    fputs(tr("\nTry 'piclog-crush --help'.\n"), stderr);
    return OPTIONS_USAGE;
}

/* A fault in the value of an option; the value is a stranger's and shown escaped. */
static enum options_answer options_bad_value(const char *option, const char *value, const char *wanted)
{
    fprintf(stderr, "piclog-crush: %s '", option);
    text_print_name(stderr, value);
    fprintf(stderr, tr("': must be %s\nTry 'piclog-crush --help'.\n"), tr(wanted));
    return OPTIONS_USAGE;
}

/* Digits only, low..high. */
static bool options_number(const char *text, unsigned long low, unsigned long high, unsigned long *ret_value)
{
    errno = 0;
    unsigned long value = strtoul(text, NULL, 10);
    if (!*text || text[strspn(text, digits)] || errno || value < low || value > high)
        return false;
    *ret_value = value;
    return true;
}

/* 1..high bytes: 12000, 12k, 3.5k, 0.1M, each with or without a B behind, or an o as the French count them; rounded
   down, as it is a promise. A comma is a point, but before three digits, where it may part thousands. */
static bool options_size(const char *text, unsigned long high, unsigned long *ret_bytes)
{
    size_t whole = strspn(text, digits);
    const bool has_comma = text[whole] == ',';
    size_t parts = text[whole] == '.' || has_comma ? strspn(text + whole + 1, digits) : 0;
    const char *fraction = text + whole + 1, *rest = text + whole + (parts ? 1 + parts : 0);
    unsigned long unit = *rest == 'k' || *rest == 'K' ? 1000 : *rest == 'M' ? 1000000 : 1;
    rest += unit > 1;
    rest += *rest == 'B' || *rest == 'o';
    errno = 0;
    unsigned long bytes = strtoul(text, NULL, 10);
    if (whole == 0 || *rest || errno || (parts && unit == 1) || (has_comma && parts == 3) || bytes > high / unit)
        return false;
    bytes *= unit;
    for (size_t i = 0; i < parts; i++) { /* behind the last byte: nothing */
        unit /= 10;
        bytes += unit * (unsigned long)(fraction[i] - '0');
    }
    if (bytes < 1 || bytes > high)
        return false;
    *ret_bytes = bytes;
    return true;
}

/* "3/8": the third of eight. */
static bool options_shard(const char *text, struct options *o)
{
    char first[16];
    unsigned long shard, shards;
    const size_t length = strspn(text, digits);
    if (length >= sizeof first || text[length] != '/' || !options_number(text + length + 1, 1, MAX_SHARDS, &shards))
        return false;
    memcpy(first, text, length);
    first[length] = 0;
    if (!options_number(first, 1, shards, &shard))
        return false;
    o->shard = (uint32_t)shard;
    o->shards = (uint32_t)shards;
    return true;
}

static bool options_colour(const char *text, uint32_t *ret_rgb)
{
    if (*text == '#')
        text++;
    if (strlen(text) != 6 || strspn(text, "0123456789abcdefABCDEF") != 6)
        return false;
    *ret_rgb = (uint32_t)strtoul(text, NULL, 16);
    return true;
}

/* The place of text among the names, which end with NULL; -1: none of them. */
static int options_choice(const char *text, const char *const *names)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(text, names[i]) == 0)
            return i;
    return -1;
}

static int options_processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > MAX_JOBS ? MAX_JOBS : count;
}

static enum options_answer options_take(int option, const char *value, struct options *o, struct given *given)
{
    static const char *const presets[] = {"crispy", "crunchy", "fried", "dust", NULL};
    static const char *const chromas[] = {"auto", "420", "444", NULL};
    static const char *const shrinks[] = {"floor", "auto", "never", NULL};
    static const char *const decoders[] = {"auto", "library", NULL};
    static const char *const progresses[] = {"auto", "always", "never", NULL};
    unsigned long number = 0;
    int choice;
    switch (option) {
    case 'o':
        if (!*value)
            return options_bad_value("--output", value, "a path");
        o->output = value;
        break;
    case 'p':
        if (options_choice(value, presets) < 0)
            return options_bad_value("--preset", value, "crispy, crunchy, fried or dust");
        given->preset = value;
        break;
    case 's':
        if (!options_number(value, 1, MAX_SIDE_PX, &given->max_side_px))
            return options_bad_value("--max-side", value, "1 to 16384 pixels");
        break;
    case 'b':
        if (!options_size(value, max_budget_bytes, &given->budget_bytes))
            return options_bad_value("--budget", value, "1 to 64000000 bytes, written like 12000, 12k, 3.5k or 12kB");
        break;
    case 'q':
        if (!options_number(value, 1, 100, &given->quality))
            return options_bad_value("--quality", value, "1 to 100");
        break;
    case 'g':
        if (!options_number(value, 1, MAX_GENERATIONS, &given->generations))
            return options_bad_value("--generations", value, "1 to 1000");
        break;
    case 'j':
        if (!options_number(value, 1, MAX_JOBS, &number))
            return options_bad_value("--jobs", value, "1 to 256");
        o->jobs = (int)number;
        break;
    case OPTION_BACKGROUND:
        if (!options_colour(value, &o->open.background_rgb))
            return options_bad_value("--background", value, "six hexadecimal digits, RRGGBB");
        break;
    case OPTION_CHROMA:
        choice = options_choice(value, chromas);
        if (choice < 0)
            return options_bad_value("--chroma", value, "420, 444 or auto");
        o->open.chroma = (crush_chroma)choice;
        break;
    case OPTION_SHRINK:
        choice = options_choice(value, shrinks);
        if (choice < 0)
            return options_bad_value("--shrink", value, "auto, floor or never");
        o->encode.shrink = (crush_shrink)choice;
        given->shrink = value;
        break;
    case OPTION_DECODER:
        choice = options_choice(value, decoders);
        if (choice < 0)
            return options_bad_value("--decoder", value, "auto or library");
        o->open.decoder = (crush_decoder)choice;
        break;
    case OPTION_PROGRESS:
        choice = options_choice(value, progresses);
        if (choice < 0)
            return options_bad_value("--progress", value, "auto, always or never");
        o->progress = (enum progress_when)choice;
        given->progress = true;
        break;
    case OPTION_FILES0: o->files0 = value; break;
    case OPTION_GALLERY:
        if (!*value || strcmp(value, "-") == 0)
            return options_bad_value("--gallery", value, "a file (not standard output)");
        o->gallery = value;
        break;
    case OPTION_CLIP:
        if (value && !options_number(value, CRUSH_CLIP_LEAST_FRAMES, CRUSH_CLIP_MOST_FRAMES, &number))
            return options_bad_value("--clip", value, "4 to 24 frames");
        o->clip = true;
        o->clip_frames = (uint32_t)number;
        break;
    case OPTION_SHARD:
        if (!options_shard(value, o))
            return options_bad_value("--shard", value, "I/N, such as 3/8 for the third of eight (at most 1000000)");
        break;
    case OPTION_RESUME: o->resume = true; break;
    case OPTION_GRAY: o->open.gray = 1; break;
    case OPTION_JSON: o->json = true; break;
    case OPTION_QUIET: o->quiet = true; break;
    case OPTION_KEEP_DATE: o->keep_date = true; break;
    case 'r': o->recursive = true; break;
    case 'n': o->dry_run = true; break;
    case 'f': o->force = true; break;
    }
    return OPTIONS_RUN;
}

/* Lays the options given over the preset. */
static void options_apply(struct options *o, const struct given *given)
{
    crush_preset preset = CRUSH_PRESET_CRUNCHY;
    if (given->preset && crush_preset_by_name(given->preset, &preset) != 0)
        preset = CRUSH_PRESET_CRUNCHY; /* cannot be: the name was checked */
    crush_shrink shrink = o->encode.shrink;
    o->open.max_side_px = crush_encode_options_preset(&o->encode, preset);
    if (given->shrink)
        o->encode.shrink = shrink;
    if (given->shrink || given->budget_bytes)
        o->encode.auto_least_px = 0; /* which goes with the preset's own budget */
    if (given->max_side_px)
        o->open.max_side_px = o->encode.max_side_px = (uint32_t)given->max_side_px;
    if (given->budget_bytes)
        o->encode.budget_bytes = given->budget_bytes;
    if (given->quality) {
        /* A fixed quality is meant: neither the source's size nor its coefficients stand in for it. */
        o->encode.quality = (int)given->quality;
        o->encode.budget_bytes = 0;
        o->encode.cap_at_source = 0;
        o->encode.allow_rewrite = 0;
    }
    if (given->generations) {
        o->encode.generations = (int)given->generations;
        o->encode.allow_rewrite = 0;
    }
    if (!o->encode.allow_rewrite)
        o->open.max_rewrite_bytes = 0;
    else if (o->encode.budget_bytes > o->open.max_rewrite_bytes)
        o->open.max_rewrite_bytes = o->encode.budget_bytes;
    else if (CRUSH_REWRITE_BUDGETS * o->encode.budget_bytes < o->open.max_rewrite_bytes)
        o->open.max_rewrite_bytes = CRUSH_REWRITE_BUDGETS * o->encode.budget_bytes;
    if (o->quiet && !given->progress)
        o->progress = PROGRESS_NEVER;
    /* One's own files, so wide: phones make 200 megapixels, and a panorama has the 65535 pixels of a JPEG. */
    o->open.limits.max_side_px = 65535;
    o->open.limits.max_pixels = 1000000000;
    o->open.limits.max_frames = 100000;
    o->open.limits.max_input_bytes = 1000000000;
    o->open.limits.max_memory_bytes = 1000000000;
    o->open.limits.should_stop = stop_callback;
    o->encode.should_stop = stop_callback;
}

/* Faults that lie in the combination. */
static enum options_answer options_check(const struct options *o, const struct given *given)
{
    size_t standard_inputs = 0;
    for (size_t i = 0; i < o->operand_count; i++)
        standard_inputs += strcmp(o->operands[i], "-") == 0;
    bool to_stdout = o->output ? strcmp(o->output, "-") == 0 : standard_inputs > 0;
    if (o->operand_count == 0 && !o->files0)
        return options_fault("no input: name a picture, a folder, or '-' for standard input");
    if (given->quality && given->budget_bytes)
        return options_fault("--quality and --budget exclude each other: one fixes the look, the other the size");
    if (standard_inputs + (o->files0 && strcmp(o->files0, "-") == 0) > 1)
        return options_fault("standard input can be read only once");
    if (o->resume && o->force)
        return options_fault("--resume and --force exclude each other: one keeps what is there, the other replaces it");
    if (o->shards && standard_inputs)
        return options_fault("--shard shares out files, and standard input is none: leave out '-'");
    if (to_stdout && o->output && (o->operand_count != 1 || o->files0))
        return options_fault("standard output holds one picture: name one input, or a folder with --output");
    if (to_stdout && o->json && !o->dry_run)
        return options_fault("--json and the picture both want standard output: name a file with --output");
    if (to_stdout && !o->dry_run && isatty(STDOUT_FILENO))
        return options_fault("will not write a picture to a terminal: redirect it, or name a file with --output");
    return OPTIONS_RUN;
}

enum options_answer options_parse(int argc, char **argv, struct options *ret_options)
{
    struct options o = {.jobs = options_processors()};
    struct given given = {0};
    crush_open_options_init(&o.open);
    crush_encode_options_init(&o.encode);
    opterr = 0;
    int option;
    while ((option = getopt_long(argc, argv, short_options, long_options, NULL)) != -1) {
        switch (option) {
        case 'h': {
            char formats[REASON_MAX];
            printf(tr("usage: piclog-crush [OPTION]... FILE|DIR|- ...\n"
                      "Turns pictures (%s) into extremely compressed JPEGs.\n\n"),
                   reason_say(crush_formats_text(), formats));
            fputs(tr(help), stdout);
            return OPTIONS_DONE;
        }
        case 'V': printf("piclog-crush %s\n", crush_version()); return OPTIONS_DONE;
        case ':':
        case '?':
            if (optopt && optopt < OPTION_GRAY && option == '?')
                return options_fault("unknown option '-%c'", optopt > 0x20 && optopt < 0x7f ? optopt : '?');
            fputs("piclog-crush: ", stderr);
            text_print_name(stderr, argv[optind - 1]);
            fprintf(stderr, tr(": %s\nTry 'piclog-crush --help'.\n"),
                    option == ':' ? tr("needs a value")
                    : optopt      ? tr("takes no value")
                                  : tr("unknown or ambiguous option"));
            return OPTIONS_USAGE;
        default:
            if (options_take(option, optarg, &o, &given) != OPTIONS_RUN)
                return OPTIONS_USAGE;
        }
    }
    o.operands = argv + optind;
    o.operand_count = (size_t)(argc - optind);
    options_apply(&o, &given);
    if (options_check(&o, &given) != OPTIONS_RUN)
        return OPTIONS_USAGE;
    *ret_options = o;
    return OPTIONS_RUN;
}
