/*
 * Faults and their sentences: see fault.h. Refuses to know how a fault is shown, and with which status of HTTP: that is
 * app/request/respond.c. Read next: words.c.
 */
#include "domain/fault.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

__attribute__((format(printf, 5, 0))) static const struct fault *
make(struct arena *arena, enum fault_kind kind, const char *field, size_t limit, const char *format, va_list args)
{
    char sentence[600];
    struct fault *fault = arena_alloc(arena, sizeof *fault);
    const int length = vsnprintf(sentence, sizeof sentence, tr_fault(format), args);
    assert(length > 0);
    (void)length;
    /* what did not fit may have ended within a character */
    sentence[text_prefix(sentence, sizeof sentence - 1)] = '\0';
    *fault = (struct fault){.kind = kind, .field = field, .limit = limit};
    fault->sentence = arena_copy(arena, sentence);
    return fault;
}

const struct fault *fault_of_field(struct arena *arena, const char *field, size_t limit, const char *format, ...)
{
    va_list args;
    assert(field);
    va_start(args, format);
    const struct fault *fault = make(arena, FAULT_WORDS, field, limit, format, args);
    va_end(args);
    return fault;
}

const struct fault *fault_make(struct arena *arena, enum fault_kind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const struct fault *fault = make(arena, kind, NULL, 0, format, args);
    va_end(args);
    return fault;
}

const struct fault *fault_of_store(const struct actor *actor, enum store_status status, const char *noun)
{
    struct arena *arena = actor->arena;
    const char *thing = tr_fault(noun ? noun : "");
    switch (status) {
    case STORE_OK: return NULL;
    case STORE_NOT_FOUND: return fault_make(arena, FAULT_NOT_FOUND, "There is no such %s, or it is not yours.", thing);
    case STORE_TAKEN: return fault_make(arena, FAULT_TAKEN, "This %s exists already. Choose another name.", thing);
    case STORE_ALIKE:
        return fault_make(arena, FAULT_TAKEN,
                          "This name, or one that looks like it, is somebody's, or was until lately. Try another.");
    case STORE_INVALID:
        return fault_make(arena, FAULT_WORDS, "This %s cannot be kept: a value is out of its range.", thing);
    case STORE_FULL:
        return fault_make(arena, FAULT_FULL,
                          "There is no room left for this %s. Delete something old first, or ask whoever runs this "
                          "piclog for more.",
                          thing);
    case STORE_REFUSED:
        return fault_make(arena, FAULT_REFUSED,
                          "This %s holds a word that is not taken here, so it was not kept. Say it in other words.",
                          thing);
    case STORE_BLOCKED:
        return fault_make(arena, FAULT_BLOCKED,
                          "This picture is on the block list of this piclog, so it was not kept.");
    case STORE_CROWDED: return fault_make(arena, FAULT_TAKEN, "Too much waits there already. Try again later.");
    case STORE_BUSY: return fault_make(arena, FAULT_BUSY, "The database is busy. Try again in a few seconds.");
    case STORE_FAILED: break;
    }
    struct fault *fault = arena_alloc(arena, sizeof *fault);
    *fault = (struct fault){.kind = FAULT_FAILED,
                            .sentence = tr_fault(N_("The database did not answer. Try again in a moment.")),
                            .cause = arena_printf(arena, "%s: %s", noun, db_error(actor->db))};
    return fault;
}
