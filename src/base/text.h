/*
 * Text from strangers: what is accepted, how it is counted, what is taken out.
 * UTF-8 throughout; everything is thread-safe and linear in the text.
 */
#ifndef PICLOG_BASE_TEXT_H
#define PICLOG_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* 1 if the bytes are well-formed UTF-8 without NUL (RFC 3629: no surrogates, nothing overlong). */
int text_is_utf8(const void *bytes, size_t size_bytes);

/* Characters as people count them: extended grapheme clusters (UAX #29). text must be UTF-8. */
size_t text_count_clusters(const char *text);

enum text_kind {
    TEXT_LINE, /* one line: line breaks and tabs become spaces */
    TEXT_BLOCK /* newlines stay (CR LF becomes LF, at most two in a row); tabs become spaces */
};

enum text_status {
    TEXT_OK = 0,
    TEXT_NOT_UTF8,
    TEXT_TOO_MANY_BYTES,
    TEXT_TOO_LONG /* more clusters than allowed */
};

/*
 * What every text goes through before it is stored: checked as UTF-8, composed (NFC), control characters and
 * noncharacters out, overrides and embeddings of direction out (marks and balanced isolates stay), more than 8
 * combining marks on one character cut to 8, outer white space trimmed. Limits hold for the result, the limit in bytes
 * also for the input; 0 means none. *ret_text is malloc'ed, the caller frees it; untouched on failure.
 */
enum text_status text_clean(const char *bytes, size_t size_bytes, enum text_kind kind, size_t max_clusters,
                            size_t max_bytes, char **ret_text) __attribute__((warn_unused_result));

/* 1 if no glyph would be seen: empty, or only white space, marks and format characters. */
int text_is_blank(const char *text);

/* A nickname as stored: [a-z0-9_-]{1,20}; capitals become small. ret_name has room for 21. 0, or -1 if it is none. */
int text_parse_name(const char *text, char ret_name[21]);

/*
 * The next tag in a list separated by white space or commas, "#" in front allowed: letters, digits, "_" and "-" of any
 * script, folded to small letters, at most 64 bytes. *cursor moves on. Returns 1 with ret_tag filled, 0 at the end;
 * other characters end a tag, and a word without any letter or digit is passed over.
 */
int text_next_tag(const char **cursor, char ret_tag[65]);

/* A tag as it is stored: small letters, composed, so that #Été and #été are one. 0, or -1 if longer than 64 bytes. */
int text_fold_tag(const char *text, size_t size_bytes, char ret_tag[65]);

/* Length in bytes of the run of tag characters at text, 0 if none. */
size_t text_tag_span(const char *text);

enum { TEXT_FOLDED_MAX = 32 };
/*
 * What a character is when case, accents, width and invisible characters do not count: none, one, or several letters,
 * space for any white space. ret_letters has room for TEXT_FOLDED_MAX. Returns how many.
 */
size_t text_fold_character(uint32_t character, uint32_t ret_letters[TEXT_FOLDED_MAX]);

/* The same of a whole text, for finding: letters that only look as if they had an accent are folded too, "Łódź" is
   "lodz", "œuf" is "oeuf". Returns malloc'ed UTF-8 for the caller; aborts without memory, as everything in base. */
char *text_fold(const char *text);

/* How many bytes of UTF-8 to show when at most so many fit: whole characters only. */
size_t text_prefix(const char *text, size_t max_bytes);

#endif
