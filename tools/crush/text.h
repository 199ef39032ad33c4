/*
 * Text for people and machines: names of strangers made safe for a terminal, for JSON, for HTML and for
 * addresses; sizes, ratios and durations in words. All functions are thread-safe.
 */
#ifndef CRUSH_CLI_TEXT_H
#define CRUSH_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TEXT_SIZE = 64 }; /* room that text_size, text_change and text_duration need */

/* Does the locale write UTF-8? Call setlocale first. Without it arrows and blocks become ASCII. */
bool text_is_utf8(void);

/*
 * Length in bytes (1..4) of the valid UTF-8 sequence at the start of a terminated string and its code
 * point; 0 at the end of the string and where the bytes are no UTF-8 (then *ret_point is untouched).
 */
size_t text_utf8_next(const char *text, uint32_t *ret_point);

/* A file name on a terminal: control characters and bytes that are no UTF-8 as \n or \xHH, \ as \\. */
void text_print_name(FILE *out, const char *name);

/* A JSON string with its quotes; bytes that are no UTF-8 become U+FFFD. NULL becomes null. */
void text_print_json(FILE *out, const char *text);

/* Text or a double-quoted attribute in HTML; control characters as their pictures (U+2400...). */
void text_print_html(FILE *out, const char *text);

/* A path as part of a relative address: everything but letters, digits and -._~/ as %HH. */
void text_print_url(FILE *out, const char *path);

/* "303 bytes", "12.0 kB", "4.4 MB", "1.2 GB"; 1 kB is 1000 bytes. */
void text_size(char ret_text[TEXT_SIZE], uint64_t bytes);

/* "367 times smaller", "1.4 times larger", "as large as before" (within 5 %, or when either is 0). */
void text_change(char ret_text[TEXT_SIZE], uint64_t before_bytes, uint64_t after_bytes);

/* "0:07", "12:40", "3:05:00". */
void text_duration(char ret_text[TEXT_SIZE], uint64_t seconds);

#endif
