/*
 * What a piclog says of itself: its name, motto, contact and rules, and who may join. An option given at the start
 * wins, then what an administrator set on the web, then the default.
 */
#ifndef PICLOG_DOMAIN_SITE_H
#define PICLOG_DOMAIN_SITE_H

#include "base/config.h"
#include "domain/fault.h"

enum site_field { SITE_NAME = 0, SITE_MOTTO, SITE_SIGNUP, SITE_CONTACT, SITE_RULES, SITE_LANGUAGE, SITE_FIELDS };

enum { SITE_NAME_MAX = 40, SITE_MOTTO_MAX = 100, SITE_RULES_MAX = 5000, SITE_RULES_MAX_BYTES = 20000 };

/* A text for each field; NULL: nothing was said. "" is the default, which of a motto and of rules is in the templates.
 */
struct site_words {
    const char *of[SITE_FIELDS];
};

/* As forms call them: "name", "motto", "signup", "contact", "rules", "language". */
const char *site_field_name(enum site_field field);

/* All that was said is checked and put in order (in the arena): a contact gets its scheme, "https:" or "mailto:". */
const struct fault *site_clean(struct arena *arena, const struct site_words *typed,
                               struct site_words *ret_clean) FAULT_MUST_USE;

/* The options' words, cleaned, filled up with those of the database and with defaults; never NULL. In the actor's
   arena; when the database does not answer, the defaults. */
void site_read(const struct actor *actor, const struct site_words *options, struct site_words *ret_site);
enum signup site_signup(const struct site_words *site);

/* Keeps what was typed and differs, each with a line in the log, all or nothing. What an option says stays as it is.
   The actor is the administrator. */
const struct fault *site_save(const struct actor *actor, const struct site_words *options,
                              const struct site_words *typed) FAULT_MUST_USE;

#endif
