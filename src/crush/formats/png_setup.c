/*
 * See png_setup.h. Source: the manual of libpng 1.6. Before: png_chunks.c. Next: decode_png.c, animation_png.c.
 */
#include "crush/formats/png_setup.h"

#include "crush/pixels/picture.h"

enum {
    CHUNK_MAX_BYTES = 4 << 20, /* uncompressed, for chunks other than the picture data: profiles at most */
    CHUNKS_KEPT_MAX = 64
};

static void on_read(png_structp png, png_bytep to, size_t count)
{
    if (!png_source_read(png_get_io_ptr(png), to, count))
        png_error(png, N_("the file ends early"));
}

void png_setup(png_structp png, struct png_source *source, uint32_t width_px, uint32_t height_px, int critical,
               int ancillary)
{
    static const png_byte unread[] = "tEXt\0zTXt\0iTXt\0eXIf\0tIME\0hIST\0sPLT\0pCAL\0sCAL\0oFFs\0pHYs\0sBIT";
    png_set_user_limits(png, width_px, height_px);
    png_set_chunk_malloc_max(png, CHUNK_MAX_BYTES);
    png_set_chunk_cache_max(png, CHUNKS_KEPT_MAX);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, unread, sizeof unread / 5);
    png_set_crc_action(png, critical, ancillary);
    png_set_benign_errors(png, 1);
    png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON); /* the header may name too small a one */
#if defined(PNG_IGNORE_ADLER32)
    png_set_option(png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
#endif
    png_set_read_fn(png, source, on_read);
}
