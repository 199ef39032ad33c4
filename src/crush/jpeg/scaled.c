/*
 * Leads a file through its scans: open checks every header that will be needed, so that run cannot meet a surprise.
 * A picture in one scan needs memory for one row of MCUs; of one in many scans the low-frequency coefficients are
 * kept until the last. It refuses all that is not plainly in order. Before: jpeg/plan.c. Next: jpeg/scan.c,
 * jpeg/progressive.c, jpeg/reconstruct.c.
 */
#include "crush/jpeg/scaled.h"

#include <math.h>
#include <string.h>

#include "crush/pixels/check.h"
#include "crush/jpeg/lanes.h"
#include "crush/jpeg/plan.h"
#include "crush/jpeg/reconstruct.h"
#include "crush/jpeg/scan.h"
#include "crush/pixels/scratch.h"

enum { SIDE_MAX_PX = 65500 /* libjpeg's */, COEFFICIENT_STEP_MAX = 32767, LOW_MAX = 13 };

struct jpeg_scaled {
    const uint8_t *data;
    size_t size_bytes;
    const struct jpeg_outline *outline;
    int streams; /* one scan: rows go out as they come in */
    int wanted[JPEG_COMPONENTS];
    uint32_t h_max, v_max, mcus_across, mcus_down;
    uint64_t block_visits, lane_mcus;
    uint8_t *use_scan; /* for each scan of the outline; NULL where the picture streams */
    struct jpeg_tables tables;
    struct jpeg_quant_spec quant[JPEG_COMPONENTS];
    struct jpeg_component_store stores[JPEG_COMPONENTS];
    struct jpeg_reconstruct reconstruct[JPEG_COMPONENTS];
    struct huffman_table dc[JPEG_TABLES], ac[JPEG_TABLES];
    struct huffman_skip skip[JPEG_TABLES];
    struct jpeg_scan_pass pass;
};

static uint32_t divide_up(uint64_t a, uint32_t b)
{
    return (uint32_t)((a + b - 1) / b);
}

/* ---- Opening ---- */

/* Geometry of the frame; 0 where it is unusual. */
static int frame_read(struct jpeg_scaled *s, const int eighths[])
{
    const struct jpeg_outline *o = s->outline;
    if (o->sof < 0 || o->sof > 2 || o->precision != 8 || (o->component_count != 1 && o->component_count != 3) ||
        !o->width_px || !o->height_px || o->width_px > SIDE_MAX_PX || o->height_px > SIDE_MAX_PX)
        return 0;
    s->h_max = s->v_max = 1;
    for (int c = 0; c < o->component_count; c++) {
        const struct jpeg_component *in = &o->components[c];
        struct jpeg_component_store *store = &s->stores[c];
        if (in->h < 1 || in->h > 4 || in->v < 1 || in->v > 4 || in->quant >= JPEG_TABLES ||
            (eighths[c] && !jpeg_reconstruct_has(eighths[c])))
            return 0;
        for (int other = 0; other < c; other++)
            if (o->components[other].id == in->id)
                return 0;
        s->wanted[c] = eighths[c] > 0;
        store->size = eighths[c] ? eighths[c] : 1;
        store->h = o->component_count == 1 ? 1 : in->h;
        store->v = o->component_count == 1 ? 1 : in->v;
        s->h_max = store->h > s->h_max ? store->h : s->h_max;
        s->v_max = store->v > s->v_max ? store->v : s->v_max;
    }
    s->mcus_across = divide_up(o->width_px, 8 * s->h_max);
    s->mcus_down = divide_up(o->height_px, 8 * s->v_max);
    for (int c = 0; c < o->component_count; c++) {
        struct jpeg_component_store *store = &s->stores[c];
        const int size = store->size;
        store->across = divide_up((uint64_t)o->width_px * store->h, 8 * s->h_max);
        store->down = divide_up((uint64_t)o->height_px * store->v, 8 * s->v_max);
        store->stride = s->mcus_across * store->h;
        store->rows = (s->streams ? 1 : s->mcus_down) * store->v;
        for (int k = 0; k < JPEG_BLOCK; k++) {
            const int v = jpeg_natural_order_of[k] / 8, u = jpeg_natural_order_of[k] % 8;
            if (!jpeg_reconstruct_keeps(size, u, v))
                continue;
            store->slot[k] = (uint32_t)(v * size + u) * store->stride;
            store->kept |= 1ull << 63 >> k;
            store->last = k;
        }
        for (int k = JPEG_BLOCK; k < SCAN_INDEX_NONE; k++)
            store->slot[k] = store->slot[JPEG_BLOCK - 1];
    }
    return 1;
}

/* What kind of scan a header announces; 0 where libjpeg would refuse or warn. */
static int scan_kind(const struct jpeg_scaled *s, const struct jpeg_scan_header *h, enum jpeg_scan_kind *ret_kind)
{
    if (s->outline->sof != 2) {
        *ret_kind = SCAN_SEQUENTIAL;
        return h->first == 0 && h->last == JPEG_BLOCK - 1 && h->high == 0 && h->low == 0;
    }
    if (h->low > LOW_MAX || (h->high && h->high != h->low + 1))
        return 0;
    if (h->first == 0) {
        *ret_kind = h->high ? SCAN_DC_REFINE : SCAN_DC_FIRST;
        return h->last == 0;
    }
    *ret_kind = h->high ? SCAN_AC_REFINE : SCAN_AC_FIRST;
    return h->first <= h->last && h->last < JPEG_BLOCK && h->component_count == 1;
}

/* Which component of the frame a component of a scan is; -1 for none. */
static int component_of(const struct jpeg_scaled *s, uint8_t id)
{
    for (int c = 0; c < s->outline->component_count; c++)
        if (s->outline->components[c].id == id)
            return c;
    return -1;
}

static int scan_is_valid(struct jpeg_scaled *s, const struct jpeg_scan_header *h)
{
    enum jpeg_scan_kind kind;
    uint32_t blocks = 0, seen = 0;
    if (!scan_kind(s, h, &kind))
        return 0;
    for (int i = 0; i < h->component_count; i++) {
        const struct jpeg_scan_component *part = &h->components[i];
        const int c = component_of(s, part->id);
        if (c < 0 || seen & 1u << c)
            return 0;
        seen |= 1u << c;
        blocks += s->stores[c].h * s->stores[c].v;
        const struct jpeg_quant_spec *quant = &s->tables.quant[s->outline->components[c].quant];
        if (!quant->present)
            return 0;
        if (!s->quant[c].present)
            s->quant[c] = *quant;
        if ((kind == SCAN_SEQUENTIAL || kind == SCAN_DC_FIRST) &&
            !huffman_spec_is_valid(&s->tables.dc[part->dc], HUFFMAN_DC))
            return 0;
        if ((kind == SCAN_SEQUENTIAL || kind == SCAN_AC_FIRST || kind == SCAN_AC_REFINE) &&
            !huffman_spec_is_valid(&s->tables.ac[part->ac], HUFFMAN_AC))
            return 0;
        s->stores[c].refined |= kind == SCAN_AC_REFINE;
    }
    return blocks <= BITS_BLOCKS_MAX || h->component_count == 1;
}

/* Goes through the headers as run will; remembers which scans are used and the quantisation of each component. */
static crush_status scans_check(struct jpeg_scaled *s, const int eighths[], struct jpeg_plan *plan)
{
    const struct jpeg_outline *o = s->outline;
    struct jpeg_scan_header header;
    jpeg_plan_begin(plan);
    if (s->streams) {
        memset(plan->missing_bits, 0, sizeof plan->missing_bits);
        for (int c = 0; c < o->component_count; c++)
            s->block_visits += (uint64_t)s->stores[c].stride * s->mcus_down * s->stores[c].v;
        return jpeg_tables_read(s->data, 2, o->first_scan, &s->tables) && s->tables.frames == 1 &&
                       jpeg_scan_header_read(s->data, s->size_bytes, o->first_scan, &header) &&
                       header.component_count == o->component_count && scan_is_valid(s, &header)
                   ? CRUSH_OK
                   : CRUSH_EUNSUPPORTED;
    }
    s->use_scan = scratch_alloc_zeroed(o->scan_count);
    if (!s->use_scan)
        return CRUSH_ENOMEM;
    size_t from = 2;
    for (size_t i = 0; i < o->scan_count; i++) {
        const struct jpeg_scan *scan = &o->scans[i];
        if (!jpeg_tables_read(s->data, from, scan->begin, &s->tables) || s->tables.frames != 1)
            return CRUSH_EUNSUPPORTED;
        from = scan->end;
        if (!jpeg_plan_wants(plan, scan, eighths))
            continue;
        if (!jpeg_scan_header_read(s->data, s->size_bytes, scan->begin, &header) || !scan_is_valid(s, &header))
            return CRUSH_EUNSUPPORTED;
        s->use_scan[i] = 1;
        s->block_visits += jpeg_outline_scan_blocks(o, scan);
    }
    return CRUSH_OK;
}

static void reconstruct_plan(struct jpeg_scaled *s, const struct jpeg_plan *plan)
{
    for (int c = 0; c < s->outline->component_count; c++) {
        const int size = s->stores[c].size;
        s->reconstruct[c].size = size;
        for (int k = 0; k <= s->stores[c].last; k++) {
            const int v = jpeg_natural_order_of[k] / 8, u = jpeg_natural_order_of[k] % 8,
                      missing = plan->missing_bits[c][k];
            if (!jpeg_reconstruct_keeps(size, u, v))
                continue;
            const int step = s->quant[c].steps[k] < COEFFICIENT_STEP_MAX ? s->quant[c].steps[k] : COEFFICIENT_STEP_MAX;
            s->reconstruct[c].step[v * size + u] = (float)step;
            s->reconstruct[c].missing[v * size + u] =
                k && missing && missing <= LOW_MAX ? (float)(step * ((1 << missing) - 1) / 2) : 0;
        }
    }
}

crush_status jpeg_scaled_open(const uint8_t *data, size_t size_bytes, const struct jpeg_outline *outline,
                              const int eighths[JPEG_COMPONENTS], struct jpeg_scaled **ret_scaled)
{
    struct jpeg_plan plan;
    struct jpeg_scaled *s = scratch_alloc_zeroed(sizeof *s);
    if (!s)
        return CRUSH_ENOMEM;
    s->data = data;
    s->size_bytes = size_bytes;
    s->outline = outline;
    s->streams = outline->first_scan_is_all;
    crush_status status = CRUSH_EUNSUPPORTED;
    if (size_bytes > 2 && data[0] == 0xFF && data[1] == 0xD8 && frame_read(s, eighths))
        status = scans_check(s, eighths, &plan);
    for (int c = 0; c < outline->component_count && status == CRUSH_OK; c++)
        if (!s->quant[c].present && (s->wanted[c] || c == 0)) /* no scan has it */
            status = CRUSH_EUNSUPPORTED;
    if (status != CRUSH_OK) {
        jpeg_scaled_close(s);
        return status;
    }
    reconstruct_plan(s, &plan);
    memset(&s->tables, 0, sizeof s->tables);
    *ret_scaled = s;
    return CRUSH_OK;
}

void jpeg_scaled_close(struct jpeg_scaled *scaled)
{
    if (!scaled)
        return;
    for (int c = 0; c < JPEG_COMPONENTS; c++) {
        scratch_free(scaled->stores[c].coefficients);
        scratch_free(scaled->stores[c].nonzero);
    }
    scratch_free(scaled->use_scan);
    scratch_free(scaled);
}

struct jpeg_scaled_plane jpeg_scaled_plane(const struct jpeg_scaled *scaled, int c)
{
    const struct jpeg_component_store *store = &scaled->stores[c];
    const double columns = (double)scaled->outline->width_px * store->h * store->size / (8.0 * scaled->h_max),
                 rows = (double)scaled->outline->height_px * store->v * store->size / (8.0 * scaled->v_max);
    return (struct jpeg_scaled_plane){(uint32_t)ceil(columns), (uint32_t)ceil(rows), columns, rows};
}

static size_t store_bytes(const struct jpeg_component_store *store)
{
    return (size_t)store->rows * (size_t)(store->size * store->size) * store->stride * sizeof(int16_t);
}

static size_t nonzero_bytes(const struct jpeg_component_store *store)
{
    return store->refined ? (size_t)store->rows * store->stride * sizeof *store->nonzero : 0;
}

/* Output rows of one row of MCUs of the widest component. */
static size_t output_bytes(const struct jpeg_scaled *s)
{
    size_t bytes = 0;
    for (int c = 0; c < s->outline->component_count; c++) {
        const struct jpeg_component_store *store = &s->stores[c];
        const size_t needed = (size_t)store->v * store->stride * (size_t)(store->size * store->size);
        bytes = needed > bytes ? needed : bytes;
    }
    return bytes;
}

uint64_t jpeg_scaled_memory_bytes(const struct jpeg_scaled *scaled)
{
    uint64_t bytes = sizeof *scaled + output_bytes(scaled) + (scaled->streams ? jpeg_lanes_bytes() : 0);
    for (int c = 0; c < scaled->outline->component_count; c++)
        bytes += store_bytes(&scaled->stores[c]) + nonzero_bytes(&scaled->stores[c]);
    return bytes;
}

uint64_t jpeg_scaled_lane_mcus(const struct jpeg_scaled *scaled)
{
    return scaled->lane_mcus;
}

uint64_t jpeg_scaled_block_visits(const struct jpeg_scaled *scaled)
{
    return scaled->block_visits;
}

/* ---- Running ---- */

/* Of a picture whose data end before its first row does nothing can be shown. */
static crush_status fail_if_nothing_came(const struct jpeg_scan_pass *pass, crush_error *ret_error)
{
    if (pass->mcus_down > 1 && bits_window_ended(&pass->window))
        return crush_fail(ret_error, CRUSH_ECORRUPT, "JPEG: the file ends before the picture begins");
    return CRUSH_OK;
}

/* Makes the tables of a scan and points the pass at its data. The header has been checked by open. */
static void pass_begin(struct jpeg_scaled *s, const struct jpeg_scan_header *h, size_t end)
{
    struct jpeg_scan_pass *pass = &s->pass;
    enum jpeg_scan_kind kind = SCAN_SEQUENTIAL;
    uint32_t dc_made = 0, ac_made = 0, skip_made = 0;
    if (!scan_kind(s, h, &kind))
        return;
    pass->kind = kind;
    pass->part_count = h->component_count;
    pass->restart_interval = pass->restart_left = s->tables.restart_interval;
    pass->first = h->first;
    pass->last = h->last;
    pass->low = h->low;
    pass->blocks_at_end = 0;
    for (int i = 0; i < h->component_count; i++) {
        const struct jpeg_scan_component *in = &h->components[i];
        const int c = component_of(s, in->id);
        pass->parts[i] = (struct jpeg_scan_part){&s->stores[c], &s->dc[in->dc], &s->ac[in->ac], &s->skip[in->ac], 0};
        if ((kind == SCAN_SEQUENTIAL || kind == SCAN_DC_FIRST) && !(dc_made & 1u << in->dc)) {
            huffman_table_make(&s->tables.dc[in->dc], HUFFMAN_DC, &s->dc[in->dc]);
            dc_made |= 1u << in->dc;
        }
        if (kind != SCAN_DC_FIRST && kind != SCAN_DC_REFINE && !(ac_made & 1u << in->ac)) {
            huffman_table_make(&s->tables.ac[in->ac], kind == SCAN_SEQUENTIAL ? HUFFMAN_AC : HUFFMAN_PROGRESSIVE_AC,
                               &s->ac[in->ac]);
            ac_made |= 1u << in->ac;
        }
        if (ac_made & ~skip_made & 1u << in->ac && s->stores[c].last < JPEG_BLOCK - 1) {
            huffman_skip_make(&s->tables.ac[in->ac], &s->skip[in->ac]);
            skip_made |= 1u << in->ac;
        }
    }
    const int alone = h->component_count == 1;
    pass->mcus_across = alone ? pass->parts[0].store->across : s->mcus_across;
    pass->mcus_down = alone ? pass->parts[0].store->down : s->mcus_down;
    bits_begin(&pass->window, s->data + h->data, s->data + end, s->streams ? BITS_WINDOW : BITS_WINDOW_SMALL);
}

/* Rebuilds one row of MCUs, which the stores have at `row`, and hands it on. */
static void row_emit(struct jpeg_scaled *s, uint32_t row, uint8_t *pixels, jpeg_scaled_sink *sink, void *context)
{
    for (int c = 0; c < s->outline->component_count; c++) {
        const struct jpeg_component_store *store = &s->stores[c];
        const size_t stride = (size_t)store->stride * (size_t)store->size;
        if (!s->wanted[c])
            continue;
        for (uint32_t y = 0; y < store->v; y++)
            jpeg_reconstruct_row(&s->reconstruct[c], jpeg_scan_block_at(store, row * store->v + y, 0), store->stride,
                                 store->across, pixels + y * (size_t)store->size * stride, stride);
        sink(context, c, pixels, stride, store->v * (uint32_t)store->size);
    }
}

/* Where the one row of MCUs that is kept goes when it is full. */
struct row_sink {
    uint8_t *pixels;
    jpeg_scaled_sink *sink;
    void *context;
    uint32_t row, column; /* of the next MCU */
};

static void row_finish(struct jpeg_scaled *s, struct row_sink *to)
{
    row_emit(s, 0, to->pixels, to->sink, to->context);
    for (int c = 0; c < s->outline->component_count; c++)
        memset(s->stores[c].coefficients, 0, store_bytes(&s->stores[c]));
    to->row++;
    to->column = 0;
}

static void run_take(struct jpeg_scaled *s, const struct jpeg_lanes *lanes, struct jpeg_lane_run *run,
                     struct row_sink *to)
{
    while (run->mcus) {
        const uint32_t room = s->pass.mcus_across - to->column, mcus = run->mcus < room ? run->mcus : room;
        jpeg_lanes_place(lanes, &s->pass, run, mcus, to->column);
        to->column += mcus;
        if (to->column == s->pass.mcus_across)
            row_finish(s, to);
    }
}

static crush_status run_streaming(struct jpeg_scaled *s, const crush_limits *limits, uint8_t *pixels,
                                  jpeg_scaled_sink *sink, void *context, crush_error *ret_error)
{
    struct jpeg_scan_header header;
    if (!jpeg_tables_read(s->data, 2, s->outline->first_scan, &s->tables) ||
        !jpeg_scan_header_read(s->data, s->size_bytes, s->outline->first_scan, &header))
        return CRUSH_EUNSUPPORTED;
    pass_begin(s, &header, s->size_bytes);
    struct jpeg_lanes *lanes = jpeg_lanes_suit(&s->pass) ? jpeg_lanes_create(&s->pass) : NULL;
    struct row_sink to = {pixels, sink, context, 0, 0};
    crush_status status = CRUSH_OK;
    while (to.row < s->mcus_down && (status = check_deadline(limits, ret_error)) == CRUSH_OK) {
        struct jpeg_lane_run runs[LANE_COUNT];
        const uint32_t left = (s->mcus_down - to.row) * s->pass.mcus_across - to.column;
        const int count = lanes ? jpeg_lanes_decode(lanes, &s->pass, left, runs) : 0;
        for (int i = 0; i < count; i++) {
            s->lane_mcus += runs[i].mcus;
            run_take(s, lanes, &runs[i], &to);
        }
        if (count)
            continue;
        jpeg_scan_row(&s->pass, 0, to.column);
        if (!to.row && (status = fail_if_nothing_came(&s->pass, ret_error)) != CRUSH_OK)
            break;
        row_finish(s, &to);
    }
    scratch_free(lanes);
    bits_end(&s->pass.window);
    return status;
}

static crush_status run_scans(struct jpeg_scaled *s, const crush_limits *limits, uint8_t *pixels,
                              jpeg_scaled_sink *sink, void *context, crush_error *ret_error)
{
    crush_status status = CRUSH_OK;
    size_t from = 2;
    for (size_t i = 0; i < s->outline->scan_count; i++) {
        const struct jpeg_scan *scan = &s->outline->scans[i];
        struct jpeg_scan_header header;
        if (!jpeg_tables_read(s->data, from, scan->begin, &s->tables))
            return CRUSH_EUNSUPPORTED;
        from = scan->end;
        if (!s->use_scan[i])
            continue;
        if (!jpeg_scan_header_read(s->data, s->size_bytes, scan->begin, &header))
            return CRUSH_EUNSUPPORTED;
        pass_begin(s, &header, scan->end);
        for (uint32_t row = 0; row < s->pass.mcus_down; row++) {
            if ((status = check_deadline(limits, ret_error)) != CRUSH_OK)
                return status;
            if (s->pass.kind == SCAN_SEQUENTIAL)
                jpeg_scan_row(&s->pass, row, 0);
            else
                jpeg_progressive_row(&s->pass, row);
            if (i == 0 && row == 0 && (status = fail_if_nothing_came(&s->pass, ret_error)) != CRUSH_OK)
                return status;
        }
        bits_end(&s->pass.window);
    }
    for (uint32_t row = 0; row < s->mcus_down; row++) {
        if ((status = check_deadline(limits, ret_error)) != CRUSH_OK)
            return status;
        row_emit(s, row, pixels, sink, context);
    }
    return CRUSH_OK;
}

crush_status jpeg_scaled_run(struct jpeg_scaled *scaled, const crush_limits *limits, jpeg_scaled_sink *sink,
                             void *context, int *ret_damaged, crush_error *ret_error)
{
    struct jpeg_scaled *s = scaled;
    crush_status status = CRUSH_OK;
    uint8_t *pixels = scratch_alloc(output_bytes(s));
    for (int c = 0; c < s->outline->component_count; c++) {
        struct jpeg_component_store *store = &s->stores[c];
        store->coefficients = scratch_alloc_zeroed(store_bytes(store));
        store->nonzero = store->refined ? scratch_alloc_zeroed(nonzero_bytes(store)) : NULL;
        if (!store->coefficients || (store->refined && !store->nonzero))
            status = CRUSH_ENOMEM;
    }
    if (!pixels || status != CRUSH_OK)
        status = crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    else if (s->streams)
        status = run_streaming(s, limits, pixels, sink, context, ret_error);
    else
        status = run_scans(s, limits, pixels, sink, context, ret_error);
    scratch_free(pixels);
    if (status == CRUSH_OK)
        *ret_damaged = s->pass.window.damaged;
    return status;
}
