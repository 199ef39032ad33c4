/*
 * libcrush: turns pictures into extremely compressed JPEGs.
 *
 *     crush_open()    sniff, probe, decode shrunk on load, upright, sRGB, downscale   (once)
 *     crush_encode()  quantise for a quality or a byte budget, write a JPEG           (many times)
 *
 * Conventions
 * - Every function that can fail returns a crush_status; 0 (CRUSH_OK) is success.
 * - Outputs come last, are named ret_*, and are untouched on failure, except ret_error, which is
 *   written on failure only and may be NULL.
 * - Options are filled by their *_init function first, then changed field by field.
 * - Units are in the names: _px, _bytes. Sizes are after EXIF orientation ("upright") unless said otherwise.
 * - The library keeps no global state (but see crush_arena_use), writes no log, touches no file (but see crush_load).
 *   Different pictures may be used from different threads at the same time; one crush_picture may be encoded from
 *   several threads at the same time as long as nobody closes it.
 * - No metadata of the source survives into a result.
 *
 * The header alone compiles as C99 and as C++98.
 */
#ifndef CRUSH_H
#define CRUSH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CRUSH_API      __attribute__((visibility("default")))
#define CRUSH_MUST_USE __attribute__((warn_unused_result))
#else
#define CRUSH_API
#define CRUSH_MUST_USE
#endif

#define CRUSH_VERSION "0.1.0"

/* ---- Status and errors ------------------------------------------------------------------- */

typedef enum crush_status {
    CRUSH_OK = 0,
    CRUSH_EINVAL,       /* an option is out of its range */
    CRUSH_ENOMEM,       /* the system has no memory left */
    CRUSH_EFORMAT,      /* no format that is known here, by its first bytes */
    CRUSH_EUNSUPPORTED, /* a known format that is not read, or in a variant that cannot be decoded here */
    CRUSH_ECORRUPT,     /* damaged beyond use: not even a part of the picture could be decoded */
    CRUSH_ELIMIT,       /* a limit of crush_limits was met; crush_error.limit says which */
    CRUSH_EBUDGET       /* no JPEG of this picture fits the budget; crush_error.value is the smallest size in bytes */
} crush_status;

typedef enum crush_limit {
    CRUSH_LIMIT_NONE = 0,
    CRUSH_LIMIT_PIXELS,
    CRUSH_LIMIT_SIDE,
    CRUSH_LIMIT_INPUT,
    CRUSH_LIMIT_SCANS,
    CRUSH_LIMIT_MEMORY,
    CRUSH_LIMIT_DEADLINE,
    CRUSH_LIMIT_FRAMES
} crush_limit;

typedef struct crush_error {
    crush_status status;
    crush_limit limit; /* for CRUSH_ELIMIT, else CRUSH_LIMIT_NONE */
    uint64_t value; /* CRUSH_ELIMIT: what the picture asked for (0 unknown); CRUSH_EBUDGET: smallest bytes reachable */
    char message[192]; /* one English sentence without full stop, printable ASCII, for people; never empty */
} crush_error;

/* A short constant English name of a status, e.g. "over a limit". Never NULL. Thread-safe, free. */
CRUSH_API const char *crush_status_text(crush_status status);

/* "pixels", "side", "input", "scans", "memory", "deadline", "frames", or "none". Never NULL. */
CRUSH_API const char *crush_limit_text(crush_limit limit);

/* The version of the library at run time, e.g. "0.1.0"; compare with CRUSH_VERSION. */
CRUSH_API const char *crush_version(void);

/* ---- Limits ------------------------------------------------------------------------------ */

/* All limits hold at the same time; 0 means "no limit" and is for trusted input only. */
typedef struct crush_limits {
    uint64_t max_pixels;     /* width × height as declared; default 100 000 000 */
    uint32_t max_side_px;    /* default 50 000 */
    size_t max_input_bytes;  /* default 64 000 000 */
    uint32_t max_scans;      /* of a progressive JPEG; default 100 */
    uint32_t max_frames;     /* of an animation; default 5 000 */
    size_t max_memory_bytes; /* working memory besides the input; default 256 000 000 */
    int (*should_stop)(
        void *context); /* called often; a nonzero answer ends the work with CRUSH_LIMIT_DEADLINE; NULL: never */
    void *should_stop_context;
} crush_limits;

/* ---- Arenas ------------------------------------------------------------------------------- */

/*
 * Working memory that goes from picture to picture. Without one, each crush_open and crush_encode gives its memory
 * back to the system, which has to clear it anew: for a picture of 600 px that takes longer than encoding it. An arena
 * also helps with a single picture, as what the decoder is done with becomes the encoder's.
 *
 *     crush_arena_open(NULL, 0, &arena, NULL);
 *     crush_arena_use(arena);
 *     ... crush_open, crush_encode, crush_close, as often as wanted
 *     crush_arena_close(arena);
 */
typedef struct crush_arena crush_arena;

/*
 * Makes an arena of size_bytes in memory, which stays the caller's and is not cleared, until crush_arena_close and the
 * crush_close of every picture opened with it. memory NULL: the arena takes addresses from the system; real memory only
 * as it is used, and keeps it. size_bytes 0, with NULL only: 16 MiB, enough for most pictures of a few megapixels.
 * What finds no room in it comes from malloc, as do results, and what libjpeg-turbo, libpng and the other decoders take
 * for themselves; so no size is too small for a picture, and the limits are the same. On success *ret_arena belongs to
 * the caller: crush_arena_close(). Errors: CRUSH_EINVAL (memory of fewer than some 200 bytes), CRUSH_ENOMEM.
 */
CRUSH_API CRUSH_MUST_USE crush_status crush_arena_open(void *memory, size_t size_bytes, crush_arena **ret_arena,
                                                       crush_error *ret_error);

/*
 * From now on the calling thread's crush_open, crush_encode, crush_clip and crush_strip_frame take their memory from
 * arena; NULL: from malloc again, as at a thread's start. Results do not change by a byte. Several threads may use one
 * arena, but wait for each other then: better one for each. Costs nothing.
 */
CRUSH_API void crush_arena_use(crush_arena *arena);

/*
 * Frees an arena; NULL is allowed. No thread but the calling one may still use it. Pictures opened with it stay valid,
 * and keep its memory until the last of them is closed, in whatever thread.
 */
CRUSH_API void crush_arena_close(crush_arena *arena);

/* ---- Probing ------------------------------------------------------------------------------ */

typedef enum crush_format {
    CRUSH_FORMAT_UNKNOWN = 0,
    CRUSH_FORMAT_JPEG,
    CRUSH_FORMAT_PNG,
    CRUSH_FORMAT_WEBP,
    CRUSH_FORMAT_GIF,
    CRUSH_FORMAT_HEIC, /* and other HEIF: pictures coded as HEVC */
    CRUSH_FORMAT_AVIF  /* HEIF with pictures coded as AV1 */
} crush_format;

typedef struct crush_info {
    crush_format format;
    size_t source_bytes;
    uint32_t source_width_px; /* upright */
    uint32_t source_height_px;
    uint32_t width_px; /* working size, upright; after crush_probe the same as the source's */
    uint32_t height_px;
    int orientation; /* EXIF 1..8 as found, for HEIC and AVIF what their own turns come to; 1 when absent or invalid */
    int truncated;   /* 1: the file ended early or was damaged, the rest of the picture is filled; known only after
                        crush_open */
    int has_alpha;
    int has_profile; /* an ICC profile was found (usable or not) */
    uint32_t frames; /* of an animation (GIF, WebP or PNG), at most max_frames are counted; 1 of anything else */
} crush_info;

/* "jpeg", "png", "webp", "gif", "heic", "avif" or "unknown". Never NULL. */
CRUSH_API const char *crush_format_text(crush_format format);

/* What this build reads, in words: "JPEG, PNG, WebP, GIF, HEIC and AVIF", or without the last two. Never NULL. */
CRUSH_API const char *crush_formats_text(void);

/* 1 where this build reads a format. */
CRUSH_API int crush_reads(crush_format format);

/*
 * Tells the format by the first bytes, never by a name. Reads at most 256 bytes; any size is allowed, 0 too.
 */
CRUSH_API crush_format crush_sniff(const void *data, size_t size_bytes);

/*
 * Reads the headers only: format, dimensions, orientation; checks the limits. Decodes no pixel and
 * allocates little, whatever the header claims. limits may be NULL for the defaults.
 */
CRUSH_API CRUSH_MUST_USE crush_status crush_probe(const void *data, size_t size_bytes, const crush_limits *limits,
                                                  crush_info *ret_info, crush_error *ret_error);

/* ---- Opening ------------------------------------------------------------------------------ */

typedef enum crush_chroma {
    CRUSH_CHROMA_AUTO = 0, /* 4:4:4 for drawings from PNG, WebP or GIF where bytes allow, else 4:2:0 */
    CRUSH_CHROMA_420,
    CRUSH_CHROMA_444
} crush_chroma;

typedef enum crush_decoder {
    CRUSH_DECODER_AUTO = 0, /* the fastest that handles the file */
    CRUSH_DECODER_LIBRARY   /* libjpeg-turbo and libpng only, for comparison */
} crush_decoder;

typedef struct crush_open_options {
    crush_limits limits;
    uint32_t max_side_px;     /* longest side of the working picture, 1..16384; never enlarged; default 640 */
    uint32_t background_rgb;  /* 0xRRGGBB, shows through transparency; default 0xFFFFFF */
    crush_chroma chroma;      /* default auto */
    int gray;                 /* 1: drop colour; default 0 */
    crush_decoder decoder;    /* default auto */
    size_t max_rewrite_bytes; /* a JPEG that already fits max_side_px keeps its coefficients for a lossless rewrite
                                 when its compressed image data is at most this long; 0: never; default 65536 */
} crush_open_options;

/* Image data of more times a budget hardly ever fit it by a rewrite, which takes longer than to encode. */
enum { CRUSH_REWRITE_BUDGETS = 2 };

typedef struct crush_picture crush_picture;

/*
 * Loads libde265 and dav1d, which decode HEIC and AVIF; without it the first such picture does. For processes that are
 * about to lose their files, and for measuring. Once a process, and they stay. Thread-safe; some milliseconds.
 */
CRUSH_API void crush_load(void);

/* Fills in the defaults named above. */
CRUSH_API void crush_open_options_init(crush_open_options *options);

/*
 * Decodes data once to a working picture: upright, sRGB, composed over the background, longest side
 * at most max_side_px. options may be NULL for the defaults. data is not needed afterwards.
 * On success *ret_picture belongs to the caller: crush_close(). A truncated file is a success with
 * info.truncated set unless nothing usable came. A broken profile or EXIF block never costs the picture.
 * Cost: one decode shrunk on load; peak memory about (working size + one band of rows), for
 * progressive JPEG its coefficients, for interlaced PNG and for WebP the picture as the limits allow, for
 * HEIC and AVIF one row of tiles, where there are none the picture.
 * Errors: all but CRUSH_EBUDGET.
 */
CRUSH_API CRUSH_MUST_USE crush_status crush_open(const void *data, size_t size_bytes, const crush_open_options *options,
                                                 crush_picture **ret_picture, crush_error *ret_error);

/* What is known of an open picture; valid until crush_close. */
CRUSH_API const crush_info *crush_picture_info(const crush_picture *picture);

/*
 * 64 bits that barely change when a picture is scaled or recompressed: compare two by the number of bits that
 * differ (0 the same, about 32 unrelated). For finding re-uploads; not a secure hash. Cost: below a millisecond.
 * Thread-safe. Source: C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010.
 */
CRUSH_API uint64_t crush_picture_fingerprint(const crush_picture *picture);

/*
 * What it looks like from far away, as a BlurHash of 4 × 3 waves: 28 characters of base 83 and a NUL. Programs show it
 * while a picture is on its way. Cost: below a millisecond. Thread-safe. Source:
 * https://github.com/woltapp/blurhash/blob/master/Algorithm.md
 */
#define CRUSH_BLURHASH_BYTES 29
CRUSH_API void crush_picture_blurhash(const crush_picture *picture, char ret_text[CRUSH_BLURHASH_BYTES]);

/* Frees a picture; NULL is allowed. Results of crush_encode stay valid. */
CRUSH_API void crush_close(crush_picture *picture);

/* ---- Encoding ----------------------------------------------------------------------------- */

typedef enum crush_preset {
    CRUSH_PRESET_CRISPY = 0, /* 800 px, 24 000 bytes, may choose down to 640 px for the best look */
    CRUSH_PRESET_CRUNCHY,    /* 640 px, 12 000 bytes */
    CRUSH_PRESET_FRIED,      /* 480 px,  6 000 bytes, colour and contrast up, several generations */
    CRUSH_PRESET_DUST,       /* 320 px,  3 000 bytes */
    CRUSH_PRESET_THUMBNAIL   /* 240 px,  3 000 bytes */
} crush_preset;

typedef enum crush_shrink {
    CRUSH_SHRINK_FLOOR = 0, /* fewer pixels only where the quality floor would be broken */
    CRUSH_SHRINK_AUTO,      /* fewer pixels wherever that looks better at the display size */
    CRUSH_SHRINK_NEVER      /* keep the pixels; break the quality floor instead */
} crush_shrink;

typedef struct crush_encode_options {
    uint32_t max_side_px; /* longest side of the result, never enlarged; 0: that of the open picture */
    size_t budget_bytes;  /* the result is never larger; 0: no budget, quality decides */
    int quality;          /* 1..100 on libjpeg's scale; used when budget_bytes is 0 */
    int min_quality;      /* the floor for a budget, on the same scale; 0: none */
    crush_shrink shrink;
    uint32_t auto_least_px; /* CRUSH_SHRINK_AUTO: a longest side that is not gone below for the look, nor for more than
                               a floor of 5; 0: none */
    int cap_at_source;      /* 1: the result is not larger than the source either, or than 2 048 bytes where the source
                               is smaller still. Quality may fall for that, to where it begins to show: min_quality,
                               for drawings at least 50. Pixels never; what more bytes they take is given, up to the
                               budget. */
    int allow_rewrite;      /* 1: a JPEG that already fits is rewritten without loss */
    int generations;        /* how often the picture is recompressed, 1..1000; default 1 */
    int saturation_percent; /* 0..400; default 100 */
    int contrast_percent;   /* 0..400; default 100 */
    int slack_percent;      /* of the budget that may stay unused, to be done sooner; 0..50; default 0:
                               less than 1 % on average; the thumbnail preset: 8 */
    int fast;               /* 1: plain rounding instead of rate-distortion optimisation; default 0 */
    int (*should_stop)(void *context); /* as in crush_limits */
    void *should_stop_context;
} crush_encode_options;

typedef struct crush_result {
    unsigned char *data; /* a complete JPEG (JFIF, YCbCr or gray) */
    size_t size_bytes;
    uint32_t width_px;
    uint32_t height_px;
    int quality;     /* 1..100: the nearest on libjpeg's scale to what the result uses */
    int shrunk;      /* 1: fewer pixels than asked for, to keep the quality floor or the look */
    int below_floor; /* 1: the floor had to be broken (CRUSH_SHRINK_NEVER, or a tiny picture) */
    int rewritten;   /* 1: the source's own coefficients, without loss */
    int progressive;
    int passes; /* solver steps, for the curious */
} crush_result;

/* Fills in the house defaults: CRUSH_PRESET_CRUNCHY. */
CRUSH_API void crush_encode_options_init(crush_encode_options *options);

/*
 * Fills in a preset: side, budget, slack, floor, shrink mode, look. Returns the side in pixels that
 * crush_open_options.max_side_px should at least have.
 */
CRUSH_API uint32_t crush_encode_options_preset(crush_encode_options *options, crush_preset preset);

/* Finds a preset by its name ("crispy", "crunchy", "fried", "dust", "thumbnail"); 0 and *ret_preset, or -1. */
CRUSH_API CRUSH_MUST_USE int crush_preset_by_name(const char *name, crush_preset *ret_preset);

/* The name of a preset. Never NULL. */
CRUSH_API const char *crush_preset_name(crush_preset preset);

/*
 * Writes a JPEG of an open picture. options may be NULL for the defaults. The same picture and
 * options give the same bytes within a build. On success ret_result->data belongs to the caller:
 * crush_result_clear(). Errors: CRUSH_EINVAL, CRUSH_ENOMEM, CRUSH_EBUDGET, CRUSH_ELIMIT (deadline).
 */
CRUSH_API CRUSH_MUST_USE crush_status crush_encode(const crush_picture *picture, const crush_encode_options *options,
                                                   crush_result *ret_result, crush_error *ret_error);

/* Frees what a result holds and zeroes it; NULL and a zeroed result are allowed. */
CRUSH_API void crush_result_clear(crush_result *result);

/* ---- Clips -------------------------------------------------------------------------------- */

#define CRUSH_CLIP_LEAST_FRAMES 4
#define CRUSH_CLIP_MOST_FRAMES  24
#define CRUSH_CLIP_MAX_SIDE_PX  4096
#define CRUSH_CLIP_LEAST_MS     20 /* of a frame: browsers take less for something else */
#define CRUSH_CLIP_MOST_MS      1000

/*
 * A flipbook: the frames of an animation side by side in one JPEG, from left to right. Each stands at the left and top
 * of a cell; cells are frames rounded up to multiples of 16 px, so that no block holds pixels of two frames, and
 * jpeg.width_px / frames wide. Whoever shows one enlarged should cut off half a pixel around it, as viewers blend
 * neighbours.
 */
typedef struct crush_strip {
    crush_result jpeg;
    uint32_t frames; /* CRUSH_CLIP_LEAST_FRAMES to CRUSH_CLIP_MOST_FRAMES */
    uint32_t frame_width_px;
    uint32_t frame_height_px;
    uint32_t frame_ms; /* how long each is shown, CRUSH_CLIP_LEAST_MS to _MOST_MS; longer animations run faster than
                          they did */
    uint32_t source_frames; /* of the animation */
    uint32_t plays;         /* how often the animation wants to run; 0: without end */
    uint32_t poster;        /* the frame that says most by itself, from 0 */
    int flashes;            /* 1: more than three flashes a second over a quarter of it (WCAG 2.3.1): do not start it
                               unasked */
    int truncated;          /* 1: the file was damaged; frames that could not be decoded show what was there before */
} crush_strip;

/*
 * Makes a strip of an animated GIF, WebP or PNG, each frame composed as browsers do it, over the background. Frames lie
 * evenly in the animation's time. encode bounds one frame by max_side_px (nothing is enlarged) and the whole strip by
 * budget_bytes; cells shrink as the budget asks, whatever shrink says. Where budget_bytes is 0, quality decides, and
 * cells are as large as open's and encode's sides, and CRUSH_CLIP_MAX_SIDE_PX for the strip, allow. open and encode may
 * be NULL for the defaults. frames: 0 for as many as look best in motion, or so many exactly.
 *
 * On success ret_strip->jpeg belongs to the caller: crush_strip_clear(). Memory: the canvas, one frame, and
 * CRUSH_CLIP_MOST_FRAMES frames at the size that the budget allows. Cost: decoding every frame up to the last that is
 * used, but for those that are hidden wholly by a later one or put back unseen; some two encodes of the strip. Errors:
 * all; CRUSH_EUNSUPPORTED also for what does not move, CRUSH_LIMIT_PIXELS also for frames that have more than
 * 4 000 000 000 pixels altogether, whatever the limits say. Thread-safe.
 */
CRUSH_API CRUSH_MUST_USE crush_status crush_clip(const void *data, size_t size_bytes, const crush_open_options *open,
                                                 const crush_encode_options *encode, uint32_t frames,
                                                 crush_strip *ret_strip, crush_error *ret_error);

/*
 * Opens one frame of a strip, counted from 0, as a picture, e.g. for a thumbnail. shape: frames, frame_width_px and
 * frame_height_px of the strip; the rest of it is not looked at. open may be NULL for the defaults; its side and what
 * it says of rewriting do not count. The caller closes *ret_picture. Errors: those of crush_open; CRUSH_EINVAL: there
 * is no such frame; CRUSH_EUNSUPPORTED: the picture is no strip of that shape. Cost: decoding the strip. Thread-safe.
 */
CRUSH_API CRUSH_MUST_USE crush_status crush_strip_frame(const void *data, size_t size_bytes,
                                                        const crush_open_options *open, const crush_strip *shape,
                                                        uint32_t frame, crush_picture **ret_picture,
                                                        crush_error *ret_error);

/*
 * Does a strip of unknown origin flash, as it is shown? picture: the whole strip as it was opened, not scaled; shape:
 * frames, frame_width_px, frame_height_px and frame_ms of it; the rest is not looked at. *ret_flashes as crush_strip
 * has it. Errors: CRUSH_EINVAL: frame_ms is out of range; CRUSH_EUNSUPPORTED: the picture is no strip of that shape;
 * CRUSH_ENOMEM. Cost: a few milliseconds. Thread-safe.
 */
CRUSH_API CRUSH_MUST_USE crush_status crush_strip_flashes(const crush_picture *picture, const crush_strip *shape,
                                                          int *ret_flashes, crush_error *ret_error);

/* Frees what a strip holds and zeroes it; NULL and a zeroed strip are allowed. */
CRUSH_API void crush_strip_clear(crush_strip *strip);

#ifdef __cplusplus
}
#endif
#endif
