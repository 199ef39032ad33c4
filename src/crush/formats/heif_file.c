/*
 * Reads the boxes of HEIC and AVIF: see heif_file.h. It refuses files whose header is larger than META_MAX_BYTES, more
 * than TILES_MAX tiles, and pictures made of others in ways that are not grids. Gain maps, thumbnails, depth and EXIF
 * are items that nothing here points to, so they are never read. Next: heif_codec.c, decode_heif.c.
 */
#include "crush/formats/heif_file.h"

#include <stdlib.h>
#include <string.h>

enum {
    META_MAX_BYTES = 16 << 20, /* profiles included; phones write some 10 kB */
    ITEMS_MAX = 20000,
    TILES_MAX = 2048,
    PROPERTIES_MAX = 2048,
    PIECES_MAX = 1024,
    BRANDS_MAX_BYTES = 256,
    TRACK_SAMPLE = 0 /* no item has this number */
};

/* ---- Bytes and boxes ------------------------------------------------------------------------------ */

#define TYPE(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

/* Takes a number of 0 to 8 bytes from the front; past the end everything is 0 and the span stays empty. */
static uint64_t take(struct heif_span *from, unsigned bytes)
{
    uint64_t value = 0;
    if (bytes > from->size) {
        from->size = 0;
        return 0;
    }
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | from->data[i];
    from->data += bytes;
    from->size -= bytes;
    return value;
}

static void skip(struct heif_span *from, size_t bytes)
{
    bytes = bytes < from->size ? bytes : from->size;
    if (!bytes)
        return; /* an empty span may have no address */
    from->data += bytes;
    from->size -= bytes;
}

/* The next box; one that is longer than its parent ends with it. 0 at the end. */
static int box_take(struct heif_span *from, uint32_t *ret_type, struct heif_span *ret_body)
{
    const size_t whole = from->size;
    if (whole < 8)
        return 0;
    uint64_t size = take(from, 4);
    *ret_type = (uint32_t)take(from, 4);
    if (size == 1)
        size = take(from, 8);
    else if (size == 0)
        size = whole;
    const size_t head = whole - from->size;
    if (size < head)
        return 0;
    *ret_body = *from;
    if (size - head < ret_body->size)
        ret_body->size = (size_t)(size - head);
    skip(from, ret_body->size);
    return 1;
}

/* The first box of a type within a body; 0 and an empty span where there is none. */
static int box_find(struct heif_span in, uint32_t type, struct heif_span *ret_body)
{
    uint32_t found;
    struct heif_span body;
    while (box_take(&in, &found, &body))
        if (found == type) {
            *ret_body = body;
            return 1;
        }
    *ret_body = (struct heif_span){0};
    return 0;
}

/* A full box begins with a version and 24 flags. */
static unsigned take_version(struct heif_span *from, uint32_t *ret_flags)
{
    const uint32_t word = (uint32_t)take(from, 4);
    if (ret_flags)
        *ret_flags = word & 0xFFFFFF;
    return word >> 24;
}

int heif_brands_read(const uint8_t *data, size_t size_bytes, crush_format *ret_format)
{
    struct heif_span brands, in = {data, size_bytes < BRANDS_MAX_BYTES ? size_bytes : BRANDS_MAX_BYTES};
    uint32_t type;
    if (!box_take(&in, &type, &brands) || type != TYPE('f', 't', 'y', 'p'))
        return 0;
    int is_heif = 0;
    for (int i = 0; brands.size >= 4; i++) {
        const uint32_t brand = (uint32_t)take(&brands, 4);
        if (i == 1)
            continue; /* the minor version */
        switch (brand) {
        case TYPE('a', 'v', 'i', 'f'):
        case TYPE('a', 'v', 'i', 's'): *ret_format = CRUSH_FORMAT_AVIF; return 1;
        case TYPE('h', 'e', 'i', 'c'):
        case TYPE('h', 'e', 'i', 'x'):
        case TYPE('h', 'e', 'i', 'm'):
        case TYPE('h', 'e', 'i', 's'):
        case TYPE('h', 'e', 'v', 'c'):
        case TYPE('h', 'e', 'v', 'x'):
        case TYPE('h', 'e', 'v', 'm'):
        case TYPE('h', 'e', 'v', 's'):
        case TYPE('m', 'i', 'f', '1'):
        case TYPE('m', 'i', 'f', '2'):
        case TYPE('m', 's', 'f', '1'): is_heif = 1; break;
        default: break;
        }
    }
    *ret_format = CRUSH_FORMAT_HEIC;
    return is_heif;
}

/* ---- Items ---------------------------------------------------------------------------------------- */

/* The type of an item; 0: there is none of this number. */
static uint32_t item_type(const struct heif_file *file, uint32_t id)
{
    struct heif_span in = file->iinf, entry;
    const unsigned version = take_version(&in, NULL);
    uint32_t type;
    take(&in, version == 0 ? 2 : 4);
    for (int i = 0; i < ITEMS_MAX && box_take(&in, &type, &entry); i++) {
        if (type != TYPE('i', 'n', 'f', 'e'))
            continue;
        const unsigned entry_version = take_version(&entry, NULL);
        if (entry_version < 2 || take(&entry, entry_version == 2 ? 2 : 4) != id)
            continue;
        take(&entry, 2);
        return (uint32_t)take(&entry, 4);
    }
    return 0;
}

/* The references of one type from an item, as numbers of *ret_bytes each; empty where there are none. */
static struct heif_span references_from(const struct heif_file *file, uint32_t id, uint32_t type, unsigned *ret_bytes)
{
    struct heif_span in = file->iref, entry;
    const unsigned bytes = take_version(&in, NULL) == 0 ? 2 : 4;
    uint32_t found;
    *ret_bytes = bytes;
    for (int i = 0; i < ITEMS_MAX && box_take(&in, &found, &entry); i++) {
        if (found != type || take(&entry, bytes) != id)
            continue;
        const size_t count = (size_t)take(&entry, 2);
        if (count * bytes < entry.size)
            entry.size = count * bytes;
        return entry;
    }
    return (struct heif_span){0};
}

/* Calls on_property for every property of an item in order, until it answers nonzero. */
static void properties_walk(const struct heif_file *file, uint32_t id,
                            int (*on_property)(void *context, uint32_t type, struct heif_span body), void *context)
{
    struct heif_span in = file->ipma;
    uint32_t flags;
    const unsigned version = take_version(&in, &flags);
    const unsigned bytes = flags & 1 ? 2 : 1;
    uint64_t items = take(&in, 4);
    for (; items && in.size; items--) {
        const uint64_t item = take(&in, version < 1 ? 2 : 4);
        unsigned count = (unsigned)take(&in, 1);
        if (item != id) {
            skip(&in, (size_t)count * bytes);
            continue;
        }
        for (; count && in.size >= bytes; count--) {
            unsigned index = (unsigned)take(&in, bytes) & (bytes == 2 ? 0x7FFF : 0x7F);
            struct heif_span boxes = file->ipco, body = {0};
            uint32_t type = 0;
            if (index > PROPERTIES_MAX)
                continue;
            while (index && box_take(&boxes, &type, &body))
                index--;
            if (!index && type && on_property(context, type, body))
                return;
        }
        return;
    }
}

struct wanted {
    uint32_t type;
    struct heif_span body;
    int found;
};

static int on_wanted(void *context, uint32_t type, struct heif_span body)
{
    struct wanted *wanted = context;
    if (type != wanted->type)
        return 0;
    wanted->body = body;
    return wanted->found = 1;
}

static int property_find(const struct heif_file *file, uint32_t id, uint32_t type, struct heif_span *ret_body)
{
    struct wanted wanted = {.type = type};
    properties_walk(file, id, on_wanted, &wanted);
    *ret_body = wanted.body;
    return wanted.found;
}

static void item_size(const struct heif_file *file, uint32_t id, uint32_t *ret_width_px, uint32_t *ret_height_px)
{
    struct heif_span ispe;
    property_find(file, id, TYPE('i', 's', 'p', 'e'), &ispe);
    take_version(&ispe, NULL);
    *ret_width_px = (uint32_t)take(&ispe, 4);
    *ret_height_px = (uint32_t)take(&ispe, 4);
}

/* One piece of an item, as far as the file has it. */
static struct heif_span piece_of(struct heif_span in, uint64_t offset, uint64_t length, int *truncated)
{
    struct heif_span piece = {0};
    if (offset < in.size) {
        piece.data = in.data + offset;
        piece.size = in.size - (size_t)offset;
        if (length && length < piece.size)
            piece.size = (size_t)length;
    }
    *truncated |= length > piece.size;
    return piece;
}

/* Puts the pieces of an item together; `at` stands at its first one. */
static crush_status pieces_join(struct heif_span at, uint64_t count, unsigned index_bytes, unsigned offset_bytes,
                                unsigned length_bytes, uint64_t base, struct heif_span in, struct heif_item *ret_item,
                                crush_error *ret_error)
{
    size_t total = 0;
    for (int copying = 0; copying < 2; copying++) {
        struct heif_span rest = at;
        size_t done = 0;
        for (uint64_t i = 0; i < count; i++) {
            take(&rest, index_bytes);
            const uint64_t offset = base + take(&rest, offset_bytes);
            const struct heif_span piece = piece_of(in, offset, take(&rest, length_bytes), &ret_item->truncated);
            if (piece.size > in.size - done)
                return crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: the pieces of a picture are more than the file");
            if (count == 1)
                ret_item->data = piece;
            else if (copying && piece.size)
                memcpy(ret_item->pieces + done, piece.data, piece.size);
            done += piece.size;
        }
        if (count == 1)
            return CRUSH_OK;
        total = done;
        if (!copying && !(ret_item->pieces = malloc(total ? total : 1)))
            return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    }
    ret_item->data = (struct heif_span){ret_item->pieces, total};
    return CRUSH_OK;
}

/* Finds the bytes of an item. */
static crush_status item_data(const struct heif_file *file, uint32_t id, struct heif_item *ret_item,
                              crush_error *ret_error)
{
    struct heif_span in = file->iloc;
    const unsigned version = take_version(&in, NULL), sizes = (unsigned)take(&in, 2);
    const unsigned offset_bytes = sizes >> 12, length_bytes = sizes >> 8 & 15, base_bytes = sizes >> 4 & 15;
    const unsigned index_bytes = version == 1 || version == 2 ? sizes & 15 : 0;
    uint64_t items = take(&in, version < 2 ? 2 : 4);
    if (version > 2 || offset_bytes > 8 || length_bytes > 8 || base_bytes > 8 || index_bytes > 8)
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "HEIF: an unknown table of places");
    for (; items && in.size; items--) {
        const uint64_t item = take(&in, version < 2 ? 2 : 4);
        const unsigned method = version ? (unsigned)take(&in, 2) & 15 : 0;
        take(&in, 2);
        const uint64_t base = take(&in, base_bytes), count = take(&in, 2);
        if (item != id) {
            skip(&in, (size_t)count * (index_bytes + offset_bytes + length_bytes));
            continue;
        }
        if (method > 1 || count > PIECES_MAX)
            return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "HEIF: a picture whose bytes stand in another one");
        if (count)
            return pieces_join(in, count, index_bytes, offset_bytes, length_bytes, base,
                               method ? file->idat : file->whole, ret_item, ret_error);
    }
    return crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: the file does not say where its picture is");
}

crush_status heif_item_find(const struct heif_file *file, const struct heif_image *image, uint32_t index,
                            struct heif_item *ret_item, crush_error *ret_error)
{
    struct heif_item item = {0};
    uint32_t id = image->item;
    if (image->tiles.size) {
        const unsigned bytes = (unsigned)(image->tiles.size / ((size_t)image->columns * image->rows));
        struct heif_span at = image->tiles;
        skip(&at, (size_t)index * bytes);
        id = (uint32_t)take(&at, bytes);
    }
    if (id == TRACK_SAMPLE && file->track_sample.data.data) {
        *ret_item = file->track_sample;
        return CRUSH_OK;
    }
    switch (item_type(file, id)) {
    case TYPE('h', 'v', 'c', '1'):
        item.codec = HEIF_HEVC;
        property_find(file, id, TYPE('h', 'v', 'c', 'C'), &item.config);
        break;
    case TYPE('a', 'v', '0', '1'): {
        struct heif_span operating_point;
        item.codec = HEIF_AV1;
        property_find(file, id, TYPE('a', 'v', '1', 'C'), &item.config);
        property_find(file, id, TYPE('a', '1', 'o', 'p'), &operating_point);
        item.operating_point = (int)take(&operating_point, 1) & 31;
        break;
    }
    default: return crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: a tile is missing or is no HEVC or AV1 picture");
    }
    const crush_status status = item_data(file, id, &item, ret_error);
    if (status != CRUSH_OK) {
        heif_item_free(&item);
        return status;
    }
    *ret_item = item;
    return CRUSH_OK;
}

void heif_item_free(struct heif_item *item)
{
    free(item->pieces);
    *item = (struct heif_item){0};
}

/* ---- What is shown -------------------------------------------------------------------------------- */

static crush_status grid_read(const struct heif_file *file, uint32_t id, struct heif_image *image,
                              crush_error *ret_error)
{
    struct heif_item item = {0};
    unsigned id_bytes;
    crush_status status = item_data(file, id, &item, ret_error);
    if (status != CRUSH_OK)
        return status;
    struct heif_span in = item.data;
    if (item.truncated || in.size < 8) {
        heif_item_free(&item);
        return crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: the file ends before its picture begins");
    }
    const unsigned version = (unsigned)take(&in, 1), bytes = take(&in, 1) & 1 ? 4 : 2;
    image->rows = 1 + (uint32_t)take(&in, 1);
    image->columns = 1 + (uint32_t)take(&in, 1);
    image->width_px = (uint32_t)take(&in, bytes);
    image->height_px = (uint32_t)take(&in, bytes);
    heif_item_free(&item);
    image->tiles = references_from(file, id, TYPE('d', 'i', 'm', 'g'), &id_bytes);
    const size_t count = (size_t)image->columns * image->rows;
    if (version != 0 || image->tiles.size != count * id_bytes)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: a grid of %u x %u tiles does not name as many",
                          image->columns, image->rows);
    if (count > TILES_MAX)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_PIXELS, count, "HEIF: a grid of %zu tiles, more than %d", count,
                                TILES_MAX);
    struct heif_span first = image->tiles;
    item_size(file, (uint32_t)take(&first, id_bytes), &image->tile_width_px, &image->tile_height_px);
    if ((uint64_t)image->tile_width_px * image->columns < image->width_px ||
        (uint64_t)image->tile_height_px * image->rows < image->height_px)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: the tiles of a grid do not cover it");
    return CRUSH_OK;
}

static int on_shown(void *context, uint32_t type, struct heif_span body)
{
    struct heif_file *file = context;
    struct heif_transform transform = {0};
    switch (type) {
    case TYPE('c', 'l', 'a', 'p'): transform = (struct heif_transform){.kind = HEIF_CROP, .clap = body}; break;
    case TYPE('i', 'r', 'o', 't'):
        transform = (struct heif_transform){.kind = HEIF_ROTATE, .quarters = (int)take(&body, 1) & 3};
        break;
    case TYPE('i', 'm', 'i', 'r'):
        transform = (struct heif_transform){.kind = HEIF_MIRROR, .left_right = (int)take(&body, 1) & 1};
        break;
    case TYPE('c', 'o', 'l', 'r'): {
        const uint32_t kind = (uint32_t)take(&body, 4);
        if (kind == TYPE('n', 'c', 'l', 'x') && body.size >= 7) {
            file->cicp.primaries = (int)take(&body, 2);
            file->cicp.transfer = (int)take(&body, 2);
            file->cicp.matrix = (int)take(&body, 2);
            file->cicp.full_range = (int)take(&body, 1) >> 7;
            file->has_cicp = 1;
        } else if (kind == TYPE('p', 'r', 'o', 'f') || kind == TYPE('r', 'I', 'C', 'C')) {
            file->icc = body;
        }
        return 0;
    }
    case TYPE('c', 'l', 'l', 'i'): {
        const double most = (double)take(&body, 2);
        file->peak_cd_m2 = most > 0 ? most : file->peak_cd_m2;
        return 0;
    }
    case TYPE('m', 'd', 'c', 'v'): {
        skip(&body, 16);
        const double most = (double)take(&body, 4) / 10000;
        file->peak_cd_m2 = file->peak_cd_m2 > 0 ? file->peak_cd_m2 : most;
        return 0;
    }
    default: return 0;
    }
    if (file->transform_count < HEIF_TRANSFORMS_MAX)
        file->transforms[file->transform_count++] = transform;
    return 0;
}

/* Fills *image from an item that is a coded picture or a grid. */
static crush_status image_read(const struct heif_file *file, uint32_t id, struct heif_image *image,
                               crush_error *ret_error)
{
    const uint32_t type = item_type(file, id);
    const char name[5] = {(char)(type >> 24), (char)(type >> 16), (char)(type >> 8), (char)type, 0};
    switch (type) {
    case TYPE('g', 'r', 'i', 'd'): return grid_read(file, id, image, ret_error);
    case TYPE('h', 'v', 'c', '1'):
    case TYPE('a', 'v', '0', '1'):
        *image = (struct heif_image){.columns = 1, .rows = 1, .item = id};
        item_size(file, id, &image->width_px, &image->height_px);
        image->tile_width_px = image->width_px;
        image->tile_height_px = image->height_px;
        return CRUSH_OK;
    case 0: return crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: the file does not hold the picture that it names");
    case TYPE('j', 'p', 'e', 'g'):
    case TYPE('a', 'v', 'c', '1'):
    case TYPE('j', '2', 'k', '1'):
    case TYPE('v', 'v', 'c', '1'):
    case TYPE('e', 'v', 'c', '1'):
    case TYPE('u', 'n', 'c', 'i'):
    case TYPE('i', 'o', 'v', 'l'):
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED,
                          "HEIF: a picture of type %s; only HEVC (HEIC) and AV1 (AVIF) are read, and grids of them",
                          name);
    default: return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "HEIF: a picture of an unknown type");
    }
}

/* The item that is the opacity of another: an auxiliary picture that says so. 0: none. */
static uint32_t alpha_find(const struct heif_file *file, uint32_t id)
{
    static const char *const kinds[] = {"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", "urn:mpeg:hevc:2015:auxid:1",
                                        "urn:mpeg:avc:2015:auxid:1"};
    struct heif_span in = file->iref, entry, kind;
    const unsigned bytes = take_version(&in, NULL) == 0 ? 2 : 4;
    uint32_t type;
    for (int i = 0; i < ITEMS_MAX && box_take(&in, &type, &entry); i++) {
        if (type != TYPE('a', 'u', 'x', 'l'))
            continue;
        const uint32_t from = (uint32_t)take(&entry, bytes);
        if (take(&entry, 2) < 1 || take(&entry, bytes) != id ||
            !property_find(file, from, TYPE('a', 'u', 'x', 'C'), &kind) || kind.size < 4)
            continue;
        skip(&kind, 4);
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
            if (kind.size > strlen(kinds[k]) && memcmp(kind.data, kinds[k], strlen(kinds[k]) + 1) == 0)
                return from;
    }
    return 0;
}

static crush_status items_read(struct heif_file *file, struct heif_span meta, crush_error *ret_error)
{
    struct heif_span pitm, iprp, ids;
    unsigned id_bytes;
    box_find(meta, TYPE('p', 'i', 't', 'm'), &pitm);
    box_find(meta, TYPE('i', 'i', 'n', 'f'), &file->iinf);
    box_find(meta, TYPE('i', 'l', 'o', 'c'), &file->iloc);
    box_find(meta, TYPE('i', 'r', 'e', 'f'), &file->iref);
    box_find(meta, TYPE('i', 'd', 'a', 't'), &file->idat);
    box_find(meta, TYPE('i', 'p', 'r', 'p'), &iprp);
    box_find(iprp, TYPE('i', 'p', 'c', 'o'), &file->ipco);
    box_find(iprp, TYPE('i', 'p', 'm', 'a'), &file->ipma);
    uint32_t id = (uint32_t)take(&pitm, take_version(&pitm, NULL) == 0 ? 2 : 4), shown = id;
    /* an item may stand for another one and turn it */
    if (item_type(file, id) == TYPE('i', 'd', 'e', 'n')) {
        ids = references_from(file, id, TYPE('d', 'i', 'm', 'g'), &id_bytes);
        id = (uint32_t)take(&ids, id_bytes);
    }
    crush_status status = image_read(file, id, &file->colour, ret_error);
    if (status != CRUSH_OK)
        return status;
    properties_walk(file, id, on_shown, file);
    if (shown != id)
        properties_walk(file, shown, on_shown, file);
    const uint32_t alpha = alpha_find(file, id);
    if (alpha && image_read(file, alpha, &file->alpha, NULL) == CRUSH_OK &&
        file->alpha.width_px == file->colour.width_px && file->alpha.height_px == file->colour.height_px) {
        file->has_alpha = 1;
        ids = references_from(file, id, TYPE('p', 'r', 'e', 'm'), &id_bytes);
        file->premultiplied = ids.size && take(&ids, id_bytes) == alpha;
    }
    return CRUSH_OK;
}

/* ---- Sequences ------------------------------------------------------------------------------------ */

/* The first picture of the first track with pictures. */
static crush_status track_read(struct heif_file *file, struct heif_span trak)
{
    struct heif_span mdia, hdlr, minf, stbl, stsd, entry, stsz, stco;
    uint32_t type;
    if (!box_find(trak, TYPE('m', 'd', 'i', 'a'), &mdia) || !box_find(mdia, TYPE('h', 'd', 'l', 'r'), &hdlr) ||
        !box_find(mdia, TYPE('m', 'i', 'n', 'f'), &minf) || !box_find(minf, TYPE('s', 't', 'b', 'l'), &stbl) ||
        !box_find(stbl, TYPE('s', 't', 's', 'd'), &stsd) || !box_find(stbl, TYPE('s', 't', 's', 'z'), &stsz))
        return CRUSH_ECORRUPT;
    skip(&hdlr, 8);
    const uint32_t handler = (uint32_t)take(&hdlr, 4);
    if (handler != TYPE('p', 'i', 'c', 't') && handler != TYPE('v', 'i', 'd', 'e'))
        return CRUSH_ECORRUPT;
    skip(&stsd, 8);
    if (!box_take(&stsd, &type, &entry) || entry.size < 78)
        return CRUSH_ECORRUPT;
    struct heif_item *sample = &file->track_sample;
    if (type == TYPE('a', 'v', '0', '1'))
        sample->codec = HEIF_AV1;
    else if (type == TYPE('h', 'v', 'c', '1') || type == TYPE('h', 'e', 'v', '1'))
        sample->codec = HEIF_HEVC;
    else
        return CRUSH_EUNSUPPORTED;
    struct heif_span size = {entry.data + 24, 4};
    file->colour = (struct heif_image){.columns = 1, .rows = 1, .item = TRACK_SAMPLE};
    file->colour.width_px = file->colour.tile_width_px = (uint32_t)take(&size, 2);
    file->colour.height_px = file->colour.tile_height_px = (uint32_t)take(&size, 2);
    skip(&entry, 78);
    box_find(entry, sample->codec == HEIF_AV1 ? TYPE('a', 'v', '1', 'C') : TYPE('h', 'v', 'c', 'C'), &sample->config);
    for (struct heif_span body; box_take(&entry, &type, &body);)
        on_shown(file, type, body);
    skip(&stsz, 4);
    uint64_t length = take(&stsz, 4);
    skip(&stsz, 4);
    if (!length)
        length = take(&stsz, 4);
    const int wide =
        !box_find(stbl, TYPE('s', 't', 'c', 'o'), &stco) && box_find(stbl, TYPE('c', 'o', '6', '4'), &stco);
    skip(&stco, 8);
    const uint64_t offset = take(&stco, wide ? 8 : 4);
    if (!length || !offset)
        return CRUSH_ECORRUPT;
    sample->data = piece_of(file->whole, offset, length, &sample->truncated);
    return sample->data.size ? CRUSH_OK : CRUSH_ECORRUPT;
}

crush_status heif_file_read(const uint8_t *data, size_t size_bytes, struct heif_file *ret_file, crush_error *ret_error)
{
    struct heif_file file = {.whole = {data, size_bytes}};
    struct heif_span in = file.whole, body, meta, pitm, trak;
    uint32_t type;
    crush_status status = crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: the file holds no picture");
    if (box_find(in, TYPE('m', 'e', 't', 'a'), &meta) && meta.size > META_MAX_BYTES)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_MEMORY, meta.size, "HEIF: a header of %zu bytes, more than %d",
                                meta.size, META_MAX_BYTES);
    skip(&meta, 4);
    if (box_find(meta, TYPE('p', 'i', 't', 'm'), &pitm)) {
        status = items_read(&file, meta, ret_error);
    } else if (box_find(in, TYPE('m', 'o', 'o', 'v'), &body)) {
        while (status != CRUSH_OK && box_take(&body, &type, &trak))
            if (type == TYPE('t', 'r', 'a', 'k'))
                status = track_read(&file, trak);
        if (status != CRUSH_OK)
            return crush_fail(ret_error, status, "HEIF: a sequence without HEVC or AV1 pictures");
    }
    if (status == CRUSH_OK)
        *ret_file = file;
    return status;
}

/* ---- Crops and turns ------------------------------------------------------------------------------ */

/* A signed fraction of a clap box, rounded; 0 where it makes no sense. */
static int64_t fraction(struct heif_span *from)
{
    const int64_t n = (int32_t)take(from, 4), d = (int32_t)take(from, 4);
    return d > 0 ? n / d : 0;
}

/* Which part of width × height a clap box shows; 0 where it makes no sense. The offset is that of the centre. */
static int clap_read(struct heif_span clap, uint32_t width, uint32_t height, struct heif_crop *ret_crop)
{
    struct heif_span offsets = clap;
    const int64_t w = fraction(&clap), h = fraction(&clap);
    skip(&offsets, 16);
    const int64_t xn = (int32_t)take(&offsets, 4), xd = (int32_t)take(&offsets, 4);
    const int64_t yn = (int32_t)take(&offsets, 4), yd = (int32_t)take(&offsets, 4);
    if (w <= 0 || h <= 0 || w > width || h > height || xd <= 0 || yd <= 0)
        return 0;
    /* half of what is cut off, plus the offset: in halves of pixels, as the centre may lie between two */
    const int64_t left = (int64_t)width - w + 2 * xn / xd, top = (int64_t)height - h + 2 * yn / yd;
    if (left < 0 || top < 0 || left / 2 + w > width || top / 2 + h > height)
        return 0;
    *ret_crop = (struct heif_crop){(uint32_t)(left / 2), (uint32_t)(top / 2), (uint32_t)w, (uint32_t)h};
    return 1;
}

void heif_file_place(const struct heif_file *file, uint32_t width_px, uint32_t height_px, struct heif_crop *ret_crop,
                     int *ret_orientation)
{
    static const int orientations[2][2][2] = {{{1, 4}, {2, 3}}, {{5, 8}, {6, 7}}};
    /* from the stored picture to the shown one: first exchange x and y, then mirror x, mirror y */
    int swap = 0, mirror_x = 0, mirror_y = 0;
    struct heif_crop crop = {0, 0, width_px, height_px}, part;
    for (int i = 0; i < file->transform_count; i++) {
        const struct heif_transform *t = &file->transforms[i];
        if (t->kind == HEIF_MIRROR) {
            mirror_x ^= t->left_right;
            mirror_y ^= !t->left_right;
        }
        for (int q = 0; t->kind == HEIF_ROTATE && q < t->quarters; q++) {
            const int was = mirror_x;
            swap ^= 1;
            mirror_x = mirror_y;
            mirror_y = !was;
        }
        const uint32_t w = swap ? crop.height_px : crop.width_px, h = swap ? crop.width_px : crop.height_px;
        if (t->kind != HEIF_CROP || !clap_read(t->clap, w, h, &part))
            continue;
        if (mirror_x)
            part.left_px = w - part.left_px - part.width_px;
        if (mirror_y)
            part.top_px = h - part.top_px - part.height_px;
        crop.left_px += swap ? part.top_px : part.left_px;
        crop.top_px += swap ? part.left_px : part.top_px;
        crop.width_px = swap ? part.height_px : part.width_px;
        crop.height_px = swap ? part.width_px : part.height_px;
    }
    *ret_crop = crop;
    *ret_orientation = orientations[swap][mirror_x][mirror_y];
}
