/*
 * libde265 and dav1d: see heif_codec.h. libde265 trusts the size that a stream declares, so its parameter sets are read
 * here first, and only the slices of one picture are handed to it. dav1d asks for the memory of its pictures, which is
 * counted. No thread is started: a cage would end the process. Sources: ITU-T H.265 (7.3), ISO/IEC 14496-15 (hvcC).
 * Next: decode_heif.c.
 */
#include "crush/formats/heif_codec.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <dav1d/dav1d.h>
#include <libde265/de265.h>

#include "crush/pixels/check.h"

enum {
    AV1_PICTURES_MAX = 16, /* layers and pictures that are never shown */
    HEVC_STEPS_MAX = 10000,
    NAL_VPS = 32,
    NAL_SPS = 33,
    NAL_PPS = 34
};

/* ---- The libraries --------------------------------------------------------------------------------- */

#define DE265_FUNCTIONS(F)                                                                                             \
    F(de265_init)                                                                                                      \
    F(de265_new_decoder)                                                                                               \
    F(de265_free_decoder)                                                                                              \
    F(de265_push_NAL)                                                                                                  \
    F(de265_flush_data)                                                                                                \
    F(de265_decode)                                                                                                    \
    F(de265_get_next_picture)                                                                                          \
    F(de265_get_warning)                                                                                               \
    F(de265_get_image_width)                                                                                           \
    F(de265_get_image_height)                                                                                          \
    F(de265_get_chroma_format)                                                                                         \
    F(de265_get_bits_per_pixel)                                                                                        \
    F(de265_get_image_plane)                                                                                           \
    F(de265_get_image_full_range_flag)                                                                                 \
    F(de265_get_image_colour_primaries)                                                                                \
    F(de265_get_image_transfer_characteristics)                                                                        \
    F(de265_get_image_matrix_coefficients)

#define DAV1D_FUNCTIONS(F)                                                                                             \
    F(dav1d_default_settings)                                                                                          \
    F(dav1d_open)                                                                                                      \
    F(dav1d_close)                                                                                                     \
    F(dav1d_data_wrap)                                                                                                 \
    F(dav1d_data_unref)                                                                                                \
    F(dav1d_send_data)                                                                                                 \
    F(dav1d_get_picture)                                                                                               \
    F(dav1d_picture_unref)

#define MEMBER(name) __typeof__(&(name)) name;
static struct {
    int has_de265, has_dav1d;
    DE265_FUNCTIONS(MEMBER)
    DAV1D_FUNCTIONS(MEMBER)
} library;
#undef MEMBER

static void *find(void *handle, const char *name, int *has)
{
    void *function = handle ? dlsym(handle, name) : NULL;
    *has = *has && function;
    return function;
}

static void library_open(void)
{
#define TEXT(x)    #x
#define VALUE(x)   TEXT(x)
#define FIND(name) *(void **)&library.name = find(handle, #name, has);
    /* of dav1d the binary interface that the header is of; libde265 has never had another */
    void *handle = dlopen("libdav1d.so." VALUE(DAV1D_API_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);
    int *has = &library.has_dav1d;
    *has = 1;
    DAV1D_FUNCTIONS(FIND)
    handle = dlopen("libde265.so.0", RTLD_NOW | RTLD_LOCAL);
    has = &library.has_de265;
    *has = 1;
    DE265_FUNCTIONS(FIND)
    *has = *has && library.de265_init() == DE265_OK; /* its tables */
#undef FIND
#undef VALUE
#undef TEXT
}

void heif_codec_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, library_open);
}

uint64_t heif_codec_memory_bytes(enum heif_codec codec, uint64_t width_px, uint64_t height_px, int bytes_per_sample)
{
    /* libde265 holds the picture twice, before and after its last filter, and what it knows of every 4 × 4 pixels */
    const uint64_t samples = width_px * height_px * 3 / 2 * (uint64_t)bytes_per_sample;
    return codec == HEIF_HEVC ? 2 * samples + width_px * height_px : samples + width_px * height_px / 2;
}

/* ---- HEVC: its parameter sets ---------------------------------------------------------------------- */

/* Bits of a NAL unit, without the bytes that keep start codes out of it. */
struct bits {
    const uint8_t *at, *end;
    int zeros;
    unsigned left;
    uint8_t byte;
};

static unsigned bit(struct bits *b)
{
    if (!b->left) {
        if (b->at < b->end && b->zeros >= 2 && *b->at == 3) {
            b->at++;
            b->zeros = 0;
        }
        b->byte = b->at < b->end ? *b->at++ : 0;
        b->zeros = b->byte ? 0 : b->zeros + 1;
        b->left = 8;
    }
    return b->byte >> --b->left & 1;
}

static uint32_t bits_take(struct bits *b, int count)
{
    uint32_t value = 0;
    while (count--)
        value = value << 1 | bit(b);
    return value;
}

/* An Exp-Golomb number. */
static uint32_t number(struct bits *b)
{
    int zeros = 0;
    while (zeros < 32 && !bit(b))
        zeros++;
    return zeros < 32 ? bits_take(b, zeros) + (1u << zeros) - 1 : UINT32_MAX;
}

/* The size and depth in a sequence parameter set: what libde265 will allocate. */
static crush_status sps_check(struct heif_span nal, const crush_limits *limits, crush_error *ret_error)
{
    struct bits b = {.at = nal.data + 2, .end = nal.data + nal.size};
    int has_profile[8] = {0}, has_level[8] = {0};
    bits_take(&b, 4);
    const int layers = (int)bits_take(&b, 3);
    bits_take(&b, 1 + 8 + 32);
    bits_take(&b, 48);
    bits_take(&b, 8);
    for (int i = 0; i < layers; i++) {
        has_profile[i] = (int)bit(&b);
        has_level[i] = (int)bit(&b);
    }
    for (int i = layers; layers && i < 8; i++)
        bits_take(&b, 2);
    for (int i = 0; i < layers; i++) {
        for (int n = has_profile[i] ? 88 : 0; n; n -= 8)
            bits_take(&b, 8);
        bits_take(&b, has_level[i] ? 8 : 0);
    }
    number(&b);
    const uint32_t chroma = number(&b);
    if (chroma == 3)
        bit(&b);
    const uint32_t width = number(&b), height = number(&b);
    for (int i = bit(&b) ? 4 : 0; i; i--)
        number(&b);
    const uint32_t depth = 8 + number(&b);
    if (chroma > 3 || depth > 16)
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "HEIC: a kind of HEVC that cannot be decoded here");
    const crush_status status = check_size(limits, width, height, ret_error);
    if (status != CRUSH_OK)
        return status;
    return check_memory(limits, heif_codec_memory_bytes(HEIF_HEVC, width, height, depth > 8 ? 2 : 1), ret_error);
}

/* ---- HEVC: one picture ----------------------------------------------------------------------------- */

struct hevc {
    de265_decoder_context *decoder;
    const crush_limits *limits;
    crush_error *ret_error;
    int slices, complete;
};

/* Hands over one NAL unit; parameter sets that break a limit end it, what is no picture data is left out. */
static crush_status nal_push(struct hevc *h, struct heif_span nal)
{
    crush_status status = CRUSH_OK;
    if (nal.size < 3)
        return CRUSH_OK;
    const unsigned type = nal.data[0] >> 1 & 63;
    if (type == NAL_SPS)
        status = sps_check(nal, h->limits, h->ret_error);
    else if (type < 32 && nal.data[2] & 0x80 && h->slices++)
        h->complete = 1; /* this slice begins another picture */
    if (status != CRUSH_OK || h->complete || type > NAL_PPS)
        return status;
    if (library.de265_push_NAL(h->decoder, nal.data, (int)nal.size, 0, NULL) == DE265_ERROR_OUT_OF_MEMORY)
        return crush_fail(h->ret_error, CRUSH_ENOMEM, "out of memory");
    return CRUSH_OK;
}

static uint32_t take_length(struct heif_span *from, unsigned bytes)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes && i < from->size; i++)
        value = value << 8 | from->data[i];
    bytes = bytes < from->size ? bytes : (unsigned)from->size;
    from->data += bytes;
    from->size -= bytes;
    return value;
}

/* The next NAL unit behind its length; *truncated where it is longer than what is there. */
static int nal_take(struct heif_span *from, unsigned length_bytes, struct heif_span *ret_nal, int *truncated)
{
    if (from->size <= length_bytes)
        return 0;
    uint32_t length = take_length(from, length_bytes);
    if (length > from->size) {
        *truncated = 1;
        length = (uint32_t)from->size;
    }
    *ret_nal = (struct heif_span){from->data, length};
    from->data += length;
    from->size -= length;
    return 1;
}

static crush_status hevc_push(struct hevc *h, const struct heif_item *item, int *truncated)
{
    struct heif_span config = item->config, data = item->data, nal;
    crush_status status = CRUSH_OK;
    if (config.size < 23 || data.size > INT32_MAX)
        return crush_fail(h->ret_error, CRUSH_ECORRUPT, "HEIC: a picture without its parameters");
    const unsigned length_bytes = (config.data[21] & 3) + 1u;
    int ignored = 0;
    config.data += 22;
    config.size -= 22;
    for (uint32_t arrays = take_length(&config, 1); arrays && config.size && status == CRUSH_OK; arrays--) {
        take_length(&config, 1);
        for (uint32_t count = take_length(&config, 2);
             count && status == CRUSH_OK && nal_take(&config, 2, &nal, &ignored); count--)
            status = nal_push(h, nal);
    }
    while (status == CRUSH_OK && !h->complete && nal_take(&data, length_bytes, &nal, truncated))
        status = nal_push(h, nal);
    if (status == CRUSH_OK && library.de265_flush_data(h->decoder) != DE265_OK)
        return crush_fail(h->ret_error, CRUSH_ENOMEM, "out of memory");
    return status;
}

static void hevc_release(void *owner)
{
    library.de265_free_decoder(owner);
}

static crush_status hevc_decode(const struct heif_item *item, const crush_limits *limits, struct heif_frame *frame,
                                crush_error *ret_error)
{
    struct hevc h = {.decoder = library.de265_new_decoder(), .limits = limits, .ret_error = ret_error};
    const struct de265_image *image = NULL;
    if (!h.decoder)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    frame->owner = h.decoder;
    frame->release = hevc_release;
    crush_status status = hevc_push(&h, item, &frame->truncated);
    if (status == CRUSH_OK && frame->truncated)
        status = crush_fail(ret_error, CRUSH_ECORRUPT, "HEIC: the picture is cut off or damaged");
    de265_error error = DE265_OK;
    for (int step = 0, more = 1; status == CRUSH_OK && !image && more && step < HEVC_STEPS_MAX; step++) {
        error = library.de265_decode(h.decoder, &more);
        image = library.de265_get_next_picture(h.decoder);
        status = check_deadline(limits, ret_error);
        if (error != DE265_OK)
            break;
    }
    if (status != CRUSH_OK)
        return status;
    if (!image)
        return crush_fail(ret_error, error == DE265_ERROR_OUT_OF_MEMORY ? CRUSH_ENOMEM : CRUSH_ECORRUPT,
                          "HEIC: no part of the picture can be decoded");
    /* Blocks that it could not decode show what its memory held before, perhaps another picture, and it does not say
       which they are. */
    if (error != DE265_OK || library.de265_get_warning(h.decoder) != DE265_OK)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "HEIC: the picture is cut off or damaged");
    const enum de265_chroma chroma = library.de265_get_chroma_format(image);
    frame->width_px = (uint32_t)library.de265_get_image_width(image, 0);
    frame->height_px = (uint32_t)library.de265_get_image_height(image, 0);
    frame->depth = library.de265_get_bits_per_pixel(image, 0);
    frame->gray = chroma == de265_chroma_mono;
    frame->shift_x = chroma == de265_chroma_420 || chroma == de265_chroma_422;
    frame->shift_y = chroma == de265_chroma_420;
    if (!frame->gray && library.de265_get_bits_per_pixel(image, 1) != frame->depth)
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "HEIC: luma and chroma of different depths");
    for (int p = 0; p < (frame->gray ? 1 : PLANE_COUNT); p++) {
        int stride;
        frame->planes[p] = library.de265_get_image_plane(image, p, &stride);
        frame->strides[p] = stride;
    }
    frame->cicp = (struct heif_cicp){
        library.de265_get_image_colour_primaries(image), library.de265_get_image_transfer_characteristics(image),
        library.de265_get_image_matrix_coefficients(image), library.de265_get_image_full_range_flag(image)};
    return CRUSH_OK;
}

/* ---- AV1 ------------------------------------------------------------------------------------------- */

struct av1 {
    Dav1dContext *decoder;
    Dav1dPicture picture;
    const crush_limits *limits;
    uint64_t bytes;
    int pictures, over_limit;
};

/* One block for the three planes. */
static int av1_allocate(Dav1dPicture *picture, void *cookie)
{
    struct av1 *a = cookie;
    const int wide = picture->p.bpc > 8, gray = picture->p.layout == DAV1D_PIXEL_LAYOUT_I400;
    const int shift_x = picture->p.layout != DAV1D_PIXEL_LAYOUT_I444,
              shift_y = picture->p.layout == DAV1D_PIXEL_LAYOUT_I420;
    const size_t w = ((size_t)picture->p.w + 127) & ~(size_t)127, h = ((size_t)picture->p.h + 127) & ~(size_t)127;
    /* strides that are powers of two would make rows share the lines of a cache */
    const size_t luma = (w << wide) + DAV1D_PICTURE_ALIGNMENT;
    const size_t chroma = gray ? 0 : (w >> shift_x << wide) + DAV1D_PICTURE_ALIGNMENT;
    const size_t chroma_bytes = chroma * (h >> shift_y), bytes = luma * h + 2 * chroma_bytes + DAV1D_PICTURE_ALIGNMENT;
    a->over_limit = ++a->pictures > AV1_PICTURES_MAX || check_memory(a->limits, a->bytes + bytes, NULL) != CRUSH_OK;
    uint8_t *block = a->over_limit ? NULL : aligned_alloc(DAV1D_PICTURE_ALIGNMENT, bytes);
    if (!block)
        return DAV1D_ERR(ENOMEM);
    a->bytes += bytes;
    picture->allocator_data = block;
    picture->data[0] = block;
    picture->data[1] = gray ? NULL : block + luma * h;
    picture->data[2] = gray ? NULL : block + luma * h + chroma_bytes;
    picture->stride[0] = (ptrdiff_t)luma;
    picture->stride[1] = (ptrdiff_t)chroma;
    return 0;
}

static void av1_free(Dav1dPicture *picture, void *cookie)
{
    (void)cookie; /* bytes stay counted: a picture frees few before it is complete */
    free(picture->allocator_data);
}

static void av1_data_free(const uint8_t *data, void *cookie)
{
    (void)data;
    (void)cookie; /* the bytes are the item's */
}

static void av1_release(void *owner)
{
    struct av1 *a = owner;
    if (a->picture.data[0])
        library.dav1d_picture_unref(&a->picture);
    if (a->decoder)
        library.dav1d_close(&a->decoder);
    free(a);
}

static crush_status av1_decode(const struct heif_item *item, const crush_limits *limits, struct heif_frame *frame,
                               crush_error *ret_error)
{
    struct av1 *a = calloc(1, sizeof *a);
    Dav1dSettings settings;
    Dav1dData data = {0};
    if (!a)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    a->limits = limits;
    frame->owner = a;
    frame->release = av1_release;
    library.dav1d_default_settings(&settings);
    settings.n_threads = 1;
    settings.max_frame_delay = 1;
    settings.all_layers = 0;
    settings.operating_point = item->operating_point;
    settings.frame_size_limit =
        limits->max_pixels && limits->max_pixels < UINT32_MAX ? (unsigned)limits->max_pixels : UINT32_MAX;
    settings.allocator = (Dav1dPicAllocator){a, av1_allocate, av1_free};
    settings.logger.callback = NULL;
    if (!item->data.size)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "AVIF: no part of the picture can be decoded");
    if (library.dav1d_open(&a->decoder, &settings) != 0 ||
        library.dav1d_data_wrap(&data, item->data.data, item->data.size, av1_data_free, NULL) != 0)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    int result = DAV1D_ERR(EAGAIN);
    while (result == DAV1D_ERR(EAGAIN) && data.sz && check_deadline(limits, NULL) == CRUSH_OK) {
        result = library.dav1d_send_data(a->decoder, &data);
        if (result == 0 || result == DAV1D_ERR(EAGAIN))
            result = library.dav1d_get_picture(a->decoder, &a->picture);
    }
    if (result == DAV1D_ERR(EAGAIN))
        result = library.dav1d_get_picture(a->decoder, &a->picture);
    if (data.sz)
        library.dav1d_data_unref(&data);
    const crush_status status = check_deadline(limits, ret_error);
    if (status != CRUSH_OK)
        return status;
    if (a->over_limit)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_MEMORY, a->bytes,
                                "AVIF: the coded picture takes more memory than its header says and the limit allows");
    if (result != 0 || !a->picture.data[0])
        return crush_fail(ret_error, result == DAV1D_ERR(ENOMEM) ? CRUSH_ENOMEM : CRUSH_ECORRUPT,
                          "AVIF: no part of the picture can be decoded");
    const Dav1dPicture *p = &a->picture;
    frame->width_px = (uint32_t)p->p.w;
    frame->height_px = (uint32_t)p->p.h;
    frame->depth = p->p.bpc;
    frame->gray = p->p.layout == DAV1D_PIXEL_LAYOUT_I400;
    frame->shift_x = p->p.layout == DAV1D_PIXEL_LAYOUT_I420 || p->p.layout == DAV1D_PIXEL_LAYOUT_I422;
    frame->shift_y = p->p.layout == DAV1D_PIXEL_LAYOUT_I420;
    for (int i = 0; i < (frame->gray ? 1 : PLANE_COUNT); i++) {
        frame->planes[i] = p->data[i];
        frame->strides[i] = p->stride[i > 0];
    }
    frame->cicp = (struct heif_cicp){(int)p->seq_hdr->pri, (int)p->seq_hdr->trc, (int)p->seq_hdr->mtrx,
                                     p->seq_hdr->color_range != 0};
    return CRUSH_OK;
}

crush_status heif_codec_decode(const struct heif_item *item, const crush_limits *limits, struct heif_frame *ret_frame,
                               crush_error *ret_error)
{
    struct heif_frame frame = {0};
    heif_codec_load();
    if (item->codec == HEIF_HEVC ? !library.has_de265 : !library.has_dav1d)
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "%s: lib%s is not installed here",
                          item->codec == HEIF_HEVC ? "HEIC" : "AVIF", item->codec == HEIF_HEVC ? "de265" : "dav1d");
    crush_status status = item->codec == HEIF_HEVC ? hevc_decode(item, limits, &frame, ret_error)
                                                   : av1_decode(item, limits, &frame, ret_error);
    if (status == CRUSH_OK && (!frame.width_px || !frame.height_px || frame.depth < 8 || frame.depth > 16))
        status = crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: no part of the picture can be decoded");
    if (status != CRUSH_OK) {
        heif_frame_free(&frame);
        return status;
    }
    frame.truncated |= item->truncated;
    *ret_frame = frame;
    return CRUSH_OK;
}

void heif_frame_free(struct heif_frame *frame)
{
    if (frame->release)
        frame->release(frame->owner);
    *frame = (struct heif_frame){0};
}
