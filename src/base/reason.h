/*
 * Reasons: what libcrush says of a picture that it refuses, in the language of faults.
 *
 * libcrush writes finished English sentences (crush_error.message) and knows no languages; in the service they come
 * through a pipe from a process without files, and some are stored. So the sentence itself is the key: its format,
 * which tools/po/update gathers from src/crush, is found again, and its values are put into the translation.
 */
#ifndef PICLOG_BASE_REASON_H
#define PICLOG_BASE_REASON_H

#include "base/lang.h"

enum { REASON_MAX = 512 };

/* The reasons of libcrush, made at build time from templates/po/LANGUAGE/reasons.po. */
extern const struct lang_catalogue lang_reasons[];

/* The tables, borrowed for good; before any thread but the first. Without them reasons stay English. */
void reason_load(const struct lang_catalogue *reasons);

/*
 * The sentence, or the name (crush_limit_text, crush_formats_text), in the language of faults: in ret_text, which it
 * returns. What is unknown, or longer than 255 bytes, is returned as it is. Thread-safe. Cost: one comparison for each
 * format, of which there are some hundred.
 */
const char *reason_say(const char *english, char ret_text[REASON_MAX]);

#endif
