/*
 * Our scaled JPEG decoder against libjpeg: every file, and seeded mutations of every small one, are decoded by both.
 * libjpeg gives its coefficients, which are rebuilt here in double precision: that is exactly what each sample should
 * be before rounding. Where our decoder takes a file, libjpeg must take it too, and no sample may be further than
 * half a step (and 2/1000 for single precision) from the exact value. Damage can make coefficients of millions that
 * nearly cancel each other out; what single precision loses of those is allowed for: 2^-21 of the sum of all terms.
 *
 *     differential_jpeg COUNT SEED FILE|FOLDER...
 *
 * COUNT mutations are spread evenly over the files of up to 100 kB; 0 compares the files as they are. Prints TAP. A
 * mismatch is written to the file named by PICLOG_MISMATCH, if it is set.
 */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crush/jpeg/plan.h"
#include "crush/jpeg/reader.h"
#include "crush/jpeg/reconstruct.h"
#include "crush/jpeg/scaled.h"

/* libjpeg-turbo's fast Huffman decoder, which gives a block up when it meets a marker and leaves there what it has made
 * of the bytes behind, wants at least 512 bytes ahead. With less, it does what the standard says. */
enum { PIECE_BYTES = 500 };

enum { SMALL_BYTES = 100000, MUTATION_PIXELS_MAX = 4000000, NEVER_GUESSED = 14 };

static const double tolerance = 0.502, tolerance_of_terms = 1.0 / (1 << 21);

struct bytes {
    uint8_t *data;
    size_t size;
    char name[512];
};

struct sources {
    struct bytes *files;
    size_t count;
};

struct tally {
    unsigned long lane_mcus, taken, left, refused, damaged, rejected_by_both, compared_samples, damage_differs;
};

/* ---- Randomness that is the same everywhere ---- */

static uint64_t random_state;

static uint64_t random_next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static size_t random_below(size_t bound)
{
    return bound ? (size_t)(random_next() >> 11) % bound : 0;
}

/* ---- Ours ---- */

struct planes {
    uint8_t *samples[JPEG_COMPONENTS];
    struct jpeg_scaled_plane shape[JPEG_COMPONENTS];
    uint32_t rows[JPEG_COMPONENTS];
};

static void take_rows(void *context, int component, const uint8_t *rows, size_t stride, uint32_t count)
{
    struct planes *p = context;
    const struct jpeg_scaled_plane *shape = &p->shape[component];
    for (uint32_t i = 0; i < count && p->rows[component] < shape->rows; i++, p->rows[component]++)
        memcpy(p->samples[component] + (size_t)p->rows[component] * shape->columns, rows + i * stride, shape->columns);
}

/* ---- The oracle ---- */

struct oracle {
    const struct jpeg_outline *outline;
    const struct jpeg_plan *plan;
    const int *eighths;
    const struct planes *ours;
    int one_scan; /* what follows the first scan is not looked at */
    double worst; /* beyond what is allowed for large terms */
    int worst_component;
    uint32_t worst_x, worst_y;
    unsigned long samples;
    int shape_differs;
};

static const uint8_t zigzag_of[64] = {
    0,  1,  5,  6,  14, 15, 27, 28, 2,  4,  7,  13, 16, 26, 29, 42, 3,  8,  12, 17, 25, 30,
    41, 43, 9,  11, 18, 24, 31, 40, 44, 53, 10, 19, 23, 32, 39, 45, 52, 54, 20, 22, 33, 38,
    46, 51, 55, 60, 21, 34, 37, 47, 50, 56, 59, 61, 35, 36, 48, 49, 57, 58, 62, 63,
};

/* basis[size][frequency][position] */
static double basis[RECONSTRUCT_SIZE_MAX + 1][RECONSTRUCT_SIZE_MAX][RECONSTRUCT_SIZE_MAX];

static void basis_make(void)
{
    for (int size = 1; size <= RECONSTRUCT_SIZE_MAX; size++)
        for (int u = 0; u < size; u++)
            for (int x = 0; x < size; x++)
                basis[size][u][x] = (u ? 0.5 : sqrt(0.125)) * cos((2 * x + 1) * u * M_PI / (2 * size));
}

/* The samples of a block. Returns the tolerance. */
static double oracle_block(struct oracle *o, int c, const JCOEF *block, const UINT16 *quant,
                           double ret[RECONSTRUCT_SLOTS])
{
    const int size = o->eighths[c];
    double terms = 0;
    for (int i = 0; i < size * size; i++)
        ret[i] = 128;
    for (int v = 0; v < size; v++)
        for (int u = 0; u < size; u++) {
            const int k = zigzag_of[v * 8 + u], missing = o->plan->missing_bits[c][k];
            const int step = quant[v * 8 + u] < 32767 ? quant[v * 8 + u] : 32767;
            const int guess = k && missing < NEVER_GUESSED ? step * ((1 << missing) - 1) / 2 : 0;
            double value = (double)block[v * 8 + u] * step;
            value += value > 0 ? guess : value < 0 ? -guess : 0;
            terms += jpeg_reconstruct_keeps(size, u, v) ? fabs(value) / 4 : 0;
            for (int i = 0; i < size * size && block[v * 8 + u] && jpeg_reconstruct_keeps(size, u, v); i++)
                ret[i] += value * basis[size][v][i / size] * basis[size][u][i % size];
        }
    for (int i = 0; i < size * size; i++)
        ret[i] = ret[i] < 0 ? 0 : ret[i] > 255 ? 255 : ret[i];
    return tolerance + terms * tolerance_of_terms;
}

static void oracle_body(struct jpeg_reader *reader, void *context)
{
    struct oracle *o = context;
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    jpeg_read_header(cinfo, TRUE);
    cinfo->buffered_image = TRUE;
    cinfo->raw_data_out = TRUE; /* no upsampling, which libjpeg cannot do by fractions */
    jpeg_start_decompress(cinfo);
    for (int got = JPEG_SUSPENDED; got != JPEG_REACHED_EOI && !(got == JPEG_SCAN_COMPLETED && o->one_scan);)
        got = jpeg_consume_input(cinfo);
    jvirt_barray_ptr *arrays = jpeg_read_coefficients(cinfo);
    if (cinfo->num_components != o->outline->component_count || cinfo->image_width != o->outline->width_px ||
        cinfo->image_height != o->outline->height_px) {
        o->shape_differs = 1;
        return;
    }
    for (int c = 0; c < cinfo->num_components; c++) {
        const jpeg_component_info *comp = &cinfo->comp_info[c];
        const struct jpeg_scaled_plane *shape = &o->ours->shape[c];
        const uint32_t size = (uint32_t)o->eighths[c];
        if (!size)
            continue;
        if (o->ours->rows[c] != shape->rows || shape->columns > comp->width_in_blocks * size ||
            shape->rows > comp->height_in_blocks * size)
            o->shape_differs = 1;
        for (JDIMENSION by = 0; by < comp->height_in_blocks && !o->shape_differs; by++) {
            JBLOCKARRAY row = cinfo->mem->access_virt_barray((j_common_ptr)cinfo, arrays[c], by, 1, FALSE);
            for (JDIMENSION bx = 0; bx < comp->width_in_blocks; bx++) {
                double exact[RECONSTRUCT_SLOTS];
                const double allowed = oracle_block(o, c, row[0][bx], comp->quant_table->quantval, exact);
                for (uint32_t y = 0; y < size && by * size + y < shape->rows; y++)
                    for (uint32_t x = 0; x < size && bx * size + x < shape->columns; x++) {
                        const uint32_t at_x = bx * size + x, at_y = by * size + y;
                        const double off =
                            fabs(o->ours->samples[c][(size_t)at_y * shape->columns + at_x] - exact[y * size + x]) -
                            (allowed - tolerance);
                        o->samples++;
                        if (off > o->worst) {
                            o->worst = off;
                            o->worst_component = c;
                            o->worst_x = at_x;
                            o->worst_y = at_y;
                        }
                    }
            }
        }
    }
}

/* The file without the scans that are not wanted. */
static size_t pieces_make(const struct bytes *file, const struct jpeg_outline *outline, const int eighths[],
                          struct jpeg_plan *plan, struct jpeg_piece *pieces)
{
    static const uint8_t end[2] = {0xFF, 0xD9};
    size_t count = 0, from = 0, last_end = 0;
    jpeg_plan_begin(plan);
    if (outline->first_scan_is_all) {
        memset(plan->missing_bits, 0, sizeof plan->missing_bits);
        pieces[0] = (struct jpeg_piece){file->data, file->size};
        pieces[1] = (struct jpeg_piece){end, sizeof end};
        return 2;
    }
    for (size_t i = 0; i < outline->scan_count; i++) {
        const struct jpeg_scan *scan = &outline->scans[i];
        if (jpeg_plan_wants(plan, scan, eighths)) {
            last_end = scan->end;
            continue;
        }
        pieces[count++] = (struct jpeg_piece){file->data + from, scan->begin - from};
        from = scan->end;
    }
    if (last_end > from)
        pieces[count++] = (struct jpeg_piece){file->data + from, last_end - from};
    pieces[count++] = (struct jpeg_piece){end, sizeof end};
    return count;
}

/* The same bytes in pieces of at most PIECE_BYTES; the caller frees them. */
static struct jpeg_piece *pieces_cut(const struct jpeg_piece *pieces, size_t count, size_t *ret_count)
{
    size_t cut = 0;
    for (size_t i = 0; i < count; i++)
        cut += pieces[i].size / PIECE_BYTES + 1;
    struct jpeg_piece *to = calloc(cut, sizeof *to);
    if (!to)
        abort();
    cut = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at < pieces[i].size; at += PIECE_BYTES) {
            const size_t left = pieces[i].size - at;
            to[cut++] = (struct jpeg_piece){pieces[i].data + at, left < PIECE_BYTES ? left : PIECE_BYTES};
        }
    *ret_count = cut;
    return to;
}

/* ---- One comparison ---- */

static int compare(const struct bytes *file, const int eighths[], uint64_t pixels_max, struct tally *tally)
{
    struct jpeg_outline outline;
    struct jpeg_scaled *scaled = NULL;
    struct planes planes = {0};
    crush_limits limits = {.max_scans = 100};
    crush_error error;
    int same = 1;
    jpeg_outline_read(file->data, file->size, &outline);
    if (!outline.first_scan || (uint64_t)outline.width_px * outline.height_px > pixels_max ||
        (!outline.first_scan_is_all &&
         jpeg_outline_walk_scans(file->data, file->size, &limits, &outline, &error) != CRUSH_OK) ||
        jpeg_scaled_open(file->data, file->size, &outline, eighths, &scaled) != CRUSH_OK) {
        tally->left++;
        jpeg_outline_clear(&outline);
        return 1;
    }
    tally->taken++;
    for (int c = 0; c < outline.component_count; c++) {
        planes.shape[c] = jpeg_scaled_plane(scaled, c);
        planes.samples[c] = calloc(planes.shape[c].columns, planes.shape[c].rows);
        if (!planes.samples[c])
            abort();
    }
    int damaged = 0;
    const crush_status ours = jpeg_scaled_run(scaled, &limits, take_rows, &planes, &damaged, &error);
    if (ours == CRUSH_ECORRUPT) { /* not one row of MCUs came */
        tally->refused++;
        for (int c = 0; c < outline.component_count; c++)
            free(planes.samples[c]);
        jpeg_scaled_close(scaled);
        jpeg_outline_clear(&outline);
        return 1;
    }
    if (ours != CRUSH_OK)
        abort();
    tally->damaged += damaged != 0;
    tally->lane_mcus += jpeg_scaled_lane_mcus(scaled);

    struct jpeg_plan plan;
    struct jpeg_piece *pieces = calloc(outline.scan_count + 2, sizeof *pieces);
    if (!pieces)
        abort();
    size_t count = pieces_make(file, &outline, eighths, &plan, pieces);
    struct jpeg_piece *cut = pieces_cut(pieces, count, &count);
    struct oracle oracle = {
        .outline = &outline, .plan = &plan, .eighths = eighths, .ours = &planes, .one_scan = outline.first_scan_is_all};
    struct jpeg_reader reader;
    const crush_status status = jpeg_reader_run(&reader, cut, count, &limits, &error, oracle_body, &oracle);
    if (status != CRUSH_OK) {
        printf("# %s: taken here, libjpeg says: %s\n", file->name, error.message);
        same = 0;
    } else if (oracle.shape_differs || oracle.worst > tolerance) {
        printf("# %s at %d,%d,%d/8: %s, off by %.3f in component %d at %u, %u\n", file->name, eighths[0], eighths[1],
               eighths[2], oracle.shape_differs ? "other size" : "same size", oracle.worst, oracle.worst_component,
               oracle.worst_x, oracle.worst_y);
        same = 0;
    }
    tally->compared_samples += oracle.samples;
    if (status == CRUSH_OK && reader.damaged && !damaged) { /* we may be stricter, never blind */
        printf("# %s: libjpeg saw damage that was not seen here\n", file->name);
        same = 0;
    }
    tally->damage_differs += status == CRUSH_OK && reader.damaged != damaged;
    for (int c = 0; c < outline.component_count; c++)
        free(planes.samples[c]);
    free(pieces);
    free(cut);
    jpeg_scaled_close(scaled);
    jpeg_outline_clear(&outline);
    return same;
}

/* ---- Mutations ---- */

static void mutate(const struct bytes *source, const struct bytes *other, struct bytes *ret)
{
    const size_t room = source->size + 4096;
    uint8_t *data = malloc(room);
    size_t size = source->size;
    if (!data)
        abort();
    memcpy(data, source->data, size);
    for (size_t n = 1 + random_below(4); n--;) {
        /* Headers are small and worth half of the attention. */
        const size_t span = random_below(2) ? size : size < 700 ? size : 700;
        const size_t at = random_below(span);
        const size_t length = 1 + random_below(1u << random_below(9));
        if (size < 4)
            break;
        switch (random_below(9)) {
        case 0: data[at] ^= (uint8_t)(1u << random_below(8)); break;
        case 1: data[at] = (uint8_t)random_next(); break;
        case 2: data[at] = (uint8_t)(data[at] + (random_below(2) ? 1 : 255)); break;
        case 3: size = 2 + random_below(size - 2); break;
        case 4: /* a hole */
            if (at + length < size) {
                memmove(data + at, data + at + length, size - at - length);
                size -= length;
            }
            break;
        case 5: /* something twice */
            if (at + length < size && size + length <= room) {
                memmove(data + at + length, data + at, size - at);
                size += length;
            }
            break;
        case 6: /* a marker */
            if (at + 1 < size) {
                data[at] = 0xFF;
                data[at + 1] = (uint8_t)(random_below(2) ? 0xD0 + random_below(8) : random_next());
            }
            break;
        case 7: /* noise */
            for (size_t i = at; i < at + length && i < size; i++)
                data[i] = (uint8_t)random_next();
            break;
        default: /* a piece of another file */
            if (at + length < size && length < other->size)
                memcpy(data + at, other->data + random_below(other->size - length), length);
            break;
        }
    }
    /* The exact length, so that reading past the end is seen. */
    ret->data = malloc(size);
    if (!ret->data)
        abort();
    memcpy(ret->data, data, size);
    ret->size = size;
    free(data);
}

static void keep_mismatch(const struct bytes *file)
{
    const char *path = getenv("PICLOG_MISMATCH");
    FILE *out = path ? fopen(path, "wb") : NULL;
    if (!out)
        return;
    fwrite(file->data, 1, file->size, out);
    fclose(out);
}

/* ---- Files ---- */

static void add_path(struct sources *sources, const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return;
    if (S_ISDIR(info.st_mode)) {
        struct dirent **entries = NULL;
        const int count = scandir(path, &entries, NULL, alphasort);
        for (int i = 0; i < count; i++) {
            char inside[512];
            if (entries[i]->d_name[0] != '.' &&
                snprintf(inside, sizeof inside, "%s/%s", path, entries[i]->d_name) < (int)sizeof inside)
                add_path(sources, inside);
            free(entries[i]);
        }
        free(entries);
        return;
    }
    FILE *in = fopen(path, "rb");
    struct bytes file = {.data = malloc(info.st_size ? (size_t)info.st_size : 1)};
    if (in && file.data)
        file.size = fread(file.data, 1, (size_t)info.st_size, in);
    if (in)
        fclose(in);
    snprintf(file.name, sizeof file.name, "%s", path);
    struct bytes *more = file.size > 2 && file.data[0] == 0xFF && file.data[1] == 0xD8
                             ? realloc(sources->files, (sources->count + 1) * sizeof *more)
                             : NULL;
    if (!more) {
        free(file.data);
        return;
    }
    sources->files = more;
    sources->files[sources->count++] = file;
}

enum { GENERATED_WIDTH = 960, GENERATED_HEIGHT = 640, GENERATED_MCUS = GENERATED_WIDTH * GENERATED_HEIGHT / (16 * 16) };

/* Scans as libjpeg's usual ones, and three stranger scripts: bands that are cut differently in each pass, bits that
 * come one by one, and values that are never refined. 0 ends a script. */
static const jpeg_scan_info scripts[][13] = {
    {{3, {0, 1, 2}, 0, 0, 0, 1},
     {1, {0}, 1, 5, 0, 2},
     {1, {2}, 1, 63, 0, 1},
     {1, {1}, 1, 63, 0, 1},
     {1, {0}, 6, 63, 0, 2},
     {1, {0}, 1, 63, 2, 1},
     {3, {0, 1, 2}, 0, 0, 1, 0},
     {1, {2}, 1, 63, 1, 0},
     {1, {1}, 1, 63, 1, 0},
     {1, {0}, 1, 63, 1, 0}},
    {{3, {0, 1, 2}, 0, 0, 0, 0},
     {1, {0}, 1, 63, 0, 3},
     {1, {0}, 1, 9, 3, 2},
     {1, {0}, 10, 63, 3, 2},
     {1, {0}, 1, 40, 2, 1},
     {1, {0}, 41, 63, 2, 1},
     {1, {0}, 1, 63, 1, 0},
     {1, {1}, 1, 63, 0, 0},
     {1, {2}, 1, 63, 0, 0}},
    {{1, {0}, 0, 0, 0, 3},
     {2, {1, 2}, 0, 0, 0, 0},
     {1, {0}, 0, 0, 3, 2},
     {1, {0}, 0, 0, 2, 1},
     {1, {0}, 1, 1, 0, 1},
     {1, {0}, 2, 63, 0, 1},
     {1, {0}, 1, 1, 1, 0},
     {1, {0}, 2, 2, 1, 0},
     {1, {0}, 3, 63, 1, 0},
     {1, {0}, 0, 0, 1, 0}},
    {{3, {0, 1, 2}, 0, 0, 0, 0},
     {1, {0}, 1, 63, 0, 1},
     {1, {1}, 1, 30, 0, 2},
     {1, {1}, 31, 63, 0, 1},
     {1, {2}, 1, 63, 0, 0},
     {1, {1}, 1, 30, 2, 1}},
};

enum { SCRIPTS = sizeof scripts / sizeof *scripts, BASELINE = -1 };

/*
 * A picture of its own, rough enough that it is decoded at several places at once: 0 or so many MCUs between
 * restart markers, baseline or in scans of a script.
 */
static void add_generated(struct sources *sources, unsigned restart_mcus, int script)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *data = NULL;
    unsigned long size = 0;
    JSAMPLE row[3 * GENERATED_WIDTH], *rows[1] = {row};
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &data, &size);
    cinfo.image_width = GENERATED_WIDTH;
    cinfo.image_height = GENERATED_HEIGHT;
    cinfo.input_components = 3;
    cinfo.in_color_space = JCS_RGB;
    jpeg_set_defaults(&cinfo);
    jpeg_set_quality(&cinfo, 40, TRUE);
    cinfo.restart_interval = restart_mcus;
    if (script != BASELINE) {
        cinfo.scan_info = scripts[script];
        while (cinfo.num_scans < 13 && scripts[script][cinfo.num_scans].comps_in_scan)
            cinfo.num_scans++;
    }
    jpeg_start_compress(&cinfo, TRUE);
    for (size_t y = 0; y < GENERATED_HEIGHT; y++) {
        for (size_t x = 0; x < sizeof row; x++)
            row[x] = (JSAMPLE)((x / 12 + y / 4) % 160 + random_below(1 + 90 * (y / 64 % 2)));
        jpeg_write_scanlines(&cinfo, rows, 1);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    sources->files = realloc(sources->files, (sources->count + 1) * sizeof *sources->files);
    struct bytes *file = &sources->files[sources->count++];
    *file = (struct bytes){data, size, ""};
    snprintf(file->name, sizeof file->name, "generated, %u MCUs between restarts, script %d", restart_mcus, script);
}

int main(int argc, char **argv)
{
    static const unsigned restarts[] = {0, 7, 40, 60, 700};
    struct sources sources = {0};
    struct tally plain = {0}, mutated = {0};
    unsigned long mismatches = 0, made = 0, small = 0, asleep = 0;
    if (argc < 4) {
        fprintf(stderr, "usage: differential_jpeg COUNT SEED FILE|FOLDER...\n");
        return 2;
    }
    const unsigned long wanted = strtoul(argv[1], NULL, 10);
    random_state = strtoul(argv[2], NULL, 10) * 0x9E3779B97F4A7C15u + 1;
    basis_make();
    for (int i = 3; i < argc; i++)
        add_path(&sources, argv[i]);
    for (int script = 0; script < SCRIPTS; script++)
        for (size_t i = 0; i < 2; i++)
            add_generated(&sources, restarts[i], script);
    const size_t progressive = sources.count;
    for (size_t i = 0; i < sizeof restarts / sizeof *restarts; i++)
        add_generated(&sources, restarts[i], BASELINE);
    for (size_t i = 0; i < sources.count; i++) {
        plain.lane_mcus = 0;
        for (int size = 1; size <= RECONSTRUCT_SIZE_MAX; size++)
            mismatches +=
                jpeg_reconstruct_has(size) &&
                !compare(&sources.files[i], (int[JPEG_COMPONENTS]){size, size, size, size}, UINT64_MAX, &plain);
        if (i >= progressive && plain.lane_mcus < 4 * GENERATED_MCUS / 8) {
            printf("# %s: of 4 x %d MCUs lanes decoded only %lu\n", sources.files[i].name, GENERATED_MCUS,
                   plain.lane_mcus);
            asleep++;
        }
        small += sources.files[i].size <= SMALL_BYTES;
    }
    while (made < wanted && small)
        for (size_t i = 0; i < sources.count && made < wanted; i++) {
            const struct bytes *source = &sources.files[i];
            struct bytes file;
            int eighths[JPEG_COMPONENTS];
            static const int sizes[] = {0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 8, 8, 8};
            if (source->size > SMALL_BYTES)
                continue;
            mutate(source, &sources.files[random_below(sources.count)], &file);
            snprintf(file.name, sizeof file.name, "mutation %lu of %.400s", made, source->name);
            for (int c = 0; c < JPEG_COMPONENTS; c++)
                eighths[c] = sizes[random_below(sizeof sizes / sizeof *sizes)];
            if (!compare(&file, eighths, MUTATION_PIXELS_MAX, &mutated) && !mismatches++)
                keep_mismatch(&file);
            free(file.data);
            made++;
        }
    printf("# %zu files at 7 scales: %lu taken, %lu left to the library, %lu samples\n", sources.count, plain.taken,
           plain.left, plain.compared_samples);
    printf("# %lu mutations: %lu taken (%lu refused, %lu damaged; stricter than the library in %lu), %lu left, %lu "
           "samples\n",
           made, mutated.taken, mutated.refused, mutated.damaged, mutated.damage_differs, mutated.left,
           mutated.compared_samples);
    printf("1..1\n%s 1 - our scaled decoder agrees with libjpeg (%lu mismatches)\n",
           mismatches || asleep || !plain.taken ? "not ok" : "ok", mismatches);
    for (size_t i = 0; i < sources.count; i++)
        free(sources.files[i].data);
    free(sources.files);
    return mismatches || asleep || !plain.taken;
}
