/*
 * From stuffed bytes with restart markers to a window of plain ones. What libjpeg does where data is missing (zeros
 * to the end of the MCU, then nothing until the next restart) and where restart markers are wrong (T.81 leaves it
 * open) is done alike here, so that damaged files look alike. Next: jpeg/scan.c.
 */
#include "crush/jpeg/bits.h"

enum { M_SOF0 = 0xC0, M_RST0 = 0xD0, M_RST7 = 0xD7, M_EOI = 0xD9 };

/* Unstuffs until the window is full or a marker is met; the end of the input counts as one. */
static void unstuff(struct bits_window *w)
{
    while (w->filled < w->room && !w->marker) {
        size_t count = (size_t)(w->end - w->raw);
        if (count > w->room - w->filled)
            count = w->room - w->filled;
        const uint8_t *ff = count ? memchr(w->raw, 0xFF, count) : NULL;
        const size_t plain = ff ? (size_t)(ff - w->raw) : count;
        if (plain)
            memcpy(w->data + w->filled, w->raw, plain);
        w->filled += plain;
        w->raw += plain;
        if (w->raw >= w->end) {
            w->marker = M_EOI;
        } else if (ff) {
            while (w->raw < w->end && *w->raw == 0xFF)
                w->raw++;
            const int code = w->raw < w->end ? *w->raw++ : M_EOI;
            if (code)
                w->marker = code;
            else
                w->data[w->filled++] = 0xFF;
        }
    }
}

static int is_short_of_bits(const struct bits_window *w)
{
    return 8 * (w->bits.next - w->data) - (ptrdiff_t)w->bits.left > 8 * (ptrdiff_t)w->filled;
}

static void set_safe(struct bits_window *w)
{
    if (w->dry)
        w->safe = w->before;
    else if (w->marker)
        w->safe = w->data + w->filled;
    else
        w->safe = w->data + w->filled - BITS_MARGIN;
}

static void fill(struct bits_window *w)
{
    unstuff(w);
    memset(w->data + w->filled, 0, w->marker ? BITS_MARGIN : 0);
    set_safe(w);
}

int bits_window_move(struct bits_window *w)
{
    if (w->dry)
        return 0;
    if (w->marker) {
        w->dry = is_short_of_bits(w);
        w->damaged |= w->dry;
        set_safe(w);
        return !w->dry;
    }
    const size_t used = (size_t)(w->bits.next - w->data);
    memmove(w->data, w->bits.next, w->filled - used);
    w->filled -= used;
    w->bits.next = w->data;
    fill(w);
    return 1;
}

int bits_window_ended(const struct bits_window *w)
{
    return w->dry && w->marker == M_EOI;
}

void bits_begin(struct bits_window *w, const uint8_t *raw, const uint8_t *end, size_t room)
{
    w->room = room;
    w->bits = (struct bits){.next = w->data};
    w->raw = raw;
    w->end = end;
    w->filled = 0;
    w->marker = w->dry = w->next_restart = 0;
    fill(w);
}

void bits_end(struct bits_window *w)
{
    if (w->marker && !w->dry)
        w->dry = is_short_of_bits(w);
    w->damaged |= w->dry || w->bits.invalid;
}

static int marker_next(struct bits_window *w)
{
    while (w->raw < w->end) {
        const uint8_t *ff = memchr(w->raw, 0xFF, (size_t)(w->end - w->raw));
        if (!ff)
            break;
        w->raw = ff;
        while (w->raw < w->end && *w->raw == 0xFF)
            w->raw++;
        if (w->raw < w->end && *w->raw++)
            return w->raw[-1];
    }
    w->raw = w->end;
    return M_EOI;
}

void bits_restart(struct bits_window *w)
{
    bits_end(w);
    if (!w->marker)
        w->marker = marker_next(w);
    const int wanted = w->next_restart;
    w->next_restart = (wanted + 1) & 7;
    while (w->marker != M_RST0 + wanted) {
        w->damaged = 1;
        const int ahead = (w->marker - M_RST0 - wanted) & 7;
        if (w->marker < M_SOF0 || (w->marker >= M_RST0 && w->marker <= M_RST7 && ahead >= 6))
            w->marker = marker_next(w); /* nothing, or one of the last two */
        else if (w->marker < M_RST0 || w->marker > M_RST7 || ahead <= 2)
            break; /* one of the next two, or the end: this interval is lost */
        else
            w->marker = M_RST0 + wanted; /* too far away to be true: taken for the one that was wanted */
    }
    const int found = w->marker == M_RST0 + wanted;
    w->bits = (struct bits){.next = w->data};
    w->filled = 0;
    if (found)
        w->marker = w->dry = 0;
    fill(w);
}

int bits_intervals(struct bits_window *w, size_t gap, int most, struct bits_interval ret_intervals[])
{
    const struct bits_interval here = {0, 8 * (uint64_t)w->filled, w->raw, w->marker};
    int count = 0;
    while (count < most && w->marker == M_RST0 + ((w->next_restart + count) & 7) && w->filled + gap < w->room) {
        memset(w->data + w->filled, 0, gap);
        w->filled += gap;
        w->marker = 0;
        const uint64_t begin = 8 * (uint64_t)w->filled;
        unstuff(w);
        if (!w->marker)
            break;
        ret_intervals[count++] = (struct bits_interval){begin, 8 * (uint64_t)w->filled, w->raw, w->marker};
    }
    memset(w->data + w->filled, 0, gap);
    w->filled = (size_t)(here.end / 8);
    w->raw = here.raw;
    w->marker = here.marker;
    return count;
}

void bits_intervals_take(struct bits_window *w, const struct bits_interval intervals[], int count)
{
    bits_end(w);
    w->dry = 0;
    if (count) {
        w->raw = intervals[count - 1].raw;
        w->marker = intervals[count - 1].marker;
    }
    w->next_restart = (w->next_restart + count) & 7;
    w->bits = (struct bits){.next = w->data, .invalid = w->bits.invalid};
    w->filled = 0;
    memset(w->data, 0, BITS_MARGIN);
    set_safe(w);
}

void bits_intervals_leave(struct bits_window *w)
{
    memset(w->data + w->filled, 0, BITS_MARGIN);
}
