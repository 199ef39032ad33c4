/*
 * A list of words that whoever runs a piclog does not want to see: found whatever their case, accents, width or
 * invisible characters. A word matches whole; "word*" also where a longer word begins so, "*word*" anywhere. Built
 * once, then read by any number of threads. Without memory it aborts, as everything in base does.
 */
#ifndef PICLOG_BASE_WORDLIST_H
#define PICLOG_BASE_WORDLIST_H

#include <stddef.h>

enum word_action { WORD_NONE = 0, WORD_MASK, WORD_HOLD, WORD_REFUSE }; /* the later is the stricter */

enum { WORD_MAX_BYTES = 200 };

struct wordlist;

struct wordlist *wordlist_new(void);
void wordlist_free(struct wordlist *list);

/* The form in which a word is kept and compared: compatibility forms unfolded, small letters, without marks. Spaces
   inside stay, one each. ret_word has room for WORD_MAX_BYTES. 0, or -1 if nothing to look for is left, or too much. */
int wordlist_fold(const char *typed, char *ret_word);

/* word: UTF-8; what wordlist_fold refuses is passed over. */
void wordlist_add(struct wordlist *list, const char *word, enum word_action action);

/*
 * The strictest action of all words found in text (UTF-8). When words of WORD_MASK are in it, *ret_masked is the text
 * with a "*" for each of their characters, malloc'ed for the caller; else it is NULL.
 * Cost: length of the text times number of words, a comparison of one character in nearly all cases.
 */
enum word_action wordlist_check(const struct wordlist *list, const char *text, char **ret_masked);

#endif
