/*
 * Languages: which one is spoken, what a message is called in it, how it counts and writes numbers.
 *
 * English is in the source: a message is its own key. The other languages are tables made of templates/po/ at build
 * time; a message that they lack stays English. Functions that take a literal sentence (fault_make, respond_error, …)
 * translate it themselves, so callers write plain English; everybody else says tr("…"). N_("…") only marks, for tables.
 *
 * The language is one of the thread: src/app/request sets it at the start of each step of a request, the shell once.
 * Values of JSON are English whoever asks; only what went wrong is told to people. So a thread has two: tr() speaks the
 * language of what is made, tr_fault() that of sentences about faults. They differ where an answer is data.
 */
#ifndef PICLOG_BASE_LANG_H
#define PICLOG_BASE_LANG_H

#include <stddef.h>
#include <stdint.h>

#define N_(text) text

enum { LANG_ENGLISH = 0, LANG_FORMS_MAX = 4, LANG_CODE_MAX = 12 };

struct lang {
    const char *code;      /* as in <html lang> and in the account: "fr" */
    const char *name;      /* by those who speak it */
    const char *dir;       /* "ltr" or "rtl" */
    const char *decimal;   /* between whole and part */
    const char *group;     /* between thousands; "" for none */
    const char *unit;      /* between a number and its unit */
    const char *first_day; /* the first day of a month */
};

/* How many there are, English with them, and the facts of one (0 to lang_count() - 1). */
int lang_count(void);
const struct lang *lang_get(int lang);

/* The language of a tag or locale, "fr", "fr-CA", "fr_FR.UTF-8"; -1 when it is none of ours, or no UTF-8. */
int lang_find(const char *tag);

/*
 * The language that Accept-Language (RFC 9110, 12.5.4; NULL: not sent) likes best, fallback when it likes none of
 * ours. Reads the first 32 ranges; whatever is malformed counts as absent.
 */
int lang_choose(const char *accept_language, int fallback);

/* That of LC_ALL, LC_MESSAGES or LANG, the first that is not empty; English when it is none of ours. */
int lang_of_environment(void);

/* ---- Messages ---------------------------------------------------------------------------------- */

struct lang_message {
    const char *key;                  /* English, in singular where it has plural forms */
    const char *said[LANG_FORMS_MAX]; /* the forms; only the first where there are none */
};

struct lang_catalogue {
    const char *code; /* NULL ends a list */
    const struct lang_message *messages;
    size_t message_count;              /* sorted by key, by bytes */
    int (*form)(unsigned long number); /* which form goes with a number */
};

/* Of piclog, and the moods; piclog-crush has its own. Lists, made at build time. */
extern const struct lang_catalogue lang_service[], lang_moods[], lang_crush[];

/* The tables of an executable, borrowed for good; before any thread but the first. Without them all is English. */
void lang_load(const struct lang_catalogue *messages, const struct lang_catalogue *moods);

/* The language of this thread, until it is another: of what is made, and of faults. Out of range: English. */
void lang_use(int lang);
/* What is made is data: English. Faults stay in this language. */
void lang_use_data(int lang);
int lang_used(void);
int lang_faults(void);

/* The message in the language of the thread: static, or the argument itself. */
const char *tr(const char *message) __attribute__((format_arg(1)));
/* The same in the language of faults. */
const char *tr_fault(const char *message) __attribute__((format_arg(1)));
/* The form that goes with number; one and many are English. */
const char *trn(const char *one, const char *many, int64_t number) __attribute__((format_arg(1), format_arg(2)));

/* Which plural form goes with a number: 0, 1, … */
int lang_form(int64_t number);

/* A mood of templates/moods.tsv as it is called; any other word as it is. */
const char *lang_mood(const char *mood);
/* And back: the English mood that is called so, whatever its case in ASCII; any other word as it is. */
const char *lang_mood_key(const char *called);

#endif
