/*
 * The only file that reads JPEG with setjmp. Warnings of libjpeg are kept as two flags, its messages go nowhere.
 */
#include "crush/jpeg/reader.h"

#include <setjmp.h>
#include <string.h>

#include <jerror.h>

#include "crush/pixels/check.h"

_Noreturn void jpeg_reader_fail(struct jpeg_reader *reader, crush_status status)
{
    reader->status = status;
    longjmp(*(jmp_buf *)reader->jump, 1);
}

static crush_status status_of(int code)
{
    switch (code) {
    case JERR_OUT_OF_MEMORY: return CRUSH_ENOMEM;
    case JERR_NO_BACKING_STORE:
    case JERR_WIDTH_OVERFLOW:
    case JERR_IMAGE_TOO_BIG: return CRUSH_ELIMIT;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_COMPONENT_COUNT:
    case JERR_CCIR601_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED: return CRUSH_EUNSUPPORTED;
    default: return CRUSH_ECORRUPT;
    }
}

static void on_error(j_common_ptr cinfo)
{
    struct jpeg_reader *reader = cinfo->client_data;
    char text[JMSG_LENGTH_MAX];
    cinfo->err->format_message(cinfo, text);
    const crush_status status = status_of(cinfo->err->msg_code);
    if (status == CRUSH_ELIMIT)
        crush_fail_limit(reader->ret_error, CRUSH_LIMIT_MEMORY, 0, "JPEG: %.150s", text);
    else
        crush_fail(reader->ret_error, status, "JPEG: %.150s", text);
    jpeg_reader_fail(reader, status);
}

static void on_message(j_common_ptr cinfo, int level)
{
    struct jpeg_reader *reader = cinfo->client_data;
    if (level >= 0)
        return;
    cinfo->err->num_warnings++;
    switch (cinfo->err->msg_code) {
    case JWRN_JPEG_EOF:
        reader->starved = 1;
        reader->damaged = 1;
        break;
    case JWRN_HIT_MARKER:
        reader->short_of_data = 1;
        reader->damaged = 1;
        break;
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC: reader->damaged = 1; break;
    default: break; /* oddities that cost no pixels */
    }
}

static void on_progress(j_common_ptr cinfo)
{
    struct jpeg_reader *reader = cinfo->client_data;
    const crush_status status = check_deadline(reader->limits, reader->ret_error);
    if (status != CRUSH_OK)
        jpeg_reader_fail(reader, status);
}

static void source_init(j_decompress_ptr cinfo)
{
    (void)cinfo;
}

static boolean source_fill(j_decompress_ptr cinfo)
{
    static const JOCTET end[2] = {0xFF, JPEG_EOI};
    struct jpeg_reader *reader = cinfo->client_data;
    while (reader->next_piece < reader->piece_count) {
        const struct jpeg_piece *piece = &reader->pieces[reader->next_piece++];
        if (piece->size) {
            reader->source.next_input_byte = piece->data;
            reader->source.bytes_in_buffer = piece->size;
            return TRUE;
        }
    }
    cinfo->err->msg_code = JWRN_JPEG_EOF;
    on_message((j_common_ptr)cinfo, -1);
    reader->source.next_input_byte = end;
    reader->source.bytes_in_buffer = sizeof end;
    return TRUE;
}

static void source_skip(j_decompress_ptr cinfo, long count)
{
    struct jpeg_source_mgr *source = cinfo->src;
    while (count > 0 && (size_t)count > source->bytes_in_buffer) {
        struct jpeg_reader *reader = cinfo->client_data;
        count -= (long)source->bytes_in_buffer;
        source_fill(cinfo);
        if (reader->starved)
            return;
    }
    if (count > 0) {
        source->next_input_byte += count;
        source->bytes_in_buffer -= (size_t)count;
    }
}

static void source_term(j_decompress_ptr cinfo)
{
    (void)cinfo;
}

crush_status jpeg_reader_run(struct jpeg_reader *reader, const struct jpeg_piece *pieces, size_t piece_count,
                             const crush_limits *limits, crush_error *ret_error,
                             void (*body)(struct jpeg_reader *reader, void *context), void *context)
{
    jmp_buf jump;
    memset(reader, 0, sizeof *reader);
    reader->pieces = pieces;
    reader->piece_count = piece_count;
    reader->limits = limits;
    reader->ret_error = ret_error;
    reader->jump = &jump;
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    cinfo->err = jpeg_std_error(&reader->errors);
    cinfo->client_data = reader;
    reader->errors.error_exit = on_error;
    reader->errors.emit_message = on_message;
    if (setjmp(jump) == 0) {
        jpeg_create_decompress(cinfo);
        reader->source = (struct jpeg_source_mgr){.init_source = source_init,
                                                  .fill_input_buffer = source_fill,
                                                  .skip_input_data = source_skip,
                                                  .resync_to_restart = jpeg_resync_to_restart,
                                                  .term_source = source_term};
        cinfo->src = &reader->source;
        reader->progress.progress_monitor = on_progress;
        cinfo->progress = &reader->progress;
        if (limits->max_memory_bytes)
            cinfo->mem->max_memory_to_use = (long)limits->max_memory_bytes;
        body(reader, context);
    }
    jpeg_destroy_decompress(cinfo);
    reader->jump = NULL;
    return reader->status;
}
