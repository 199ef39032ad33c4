/*
 * Names of accounts: what is one, and which are kept for the place itself. Names that exist, that rest, and their
 * look-alikes are the store's matter (store/name.h), since they have to be asked for where the name is taken.
 */
#ifndef PICLOG_DOMAIN_NAME_H
#define PICLOG_DOMAIN_NAME_H

#include "domain/fault.h"
#include "store/account.h"

/* A name as it is kept. The fault, about field "name", says what a name is. */
const struct fault *name_read(struct arena *arena, const char *typed, char ret_name[NAME_MAX_BYTES + 1]) FAULT_MUST_USE;

/* The name of somebody else, folded. The fault, about that field, does not repeat what was typed: it may be no text. */
const struct fault *name_read_other(struct arena *arena, const char *field, const char *typed,
                                    char ret_name[NAME_MAX_BYTES + 1]) FAULT_MUST_USE;
/* FAULT_NOT_FOUND: nobody here is called so, as far as whoever asks may know. name: text. */
const struct fault *name_unknown(struct arena *arena, const char *name) __attribute__((returns_nonnull)) FAULT_MUST_USE;

/*
 * 1 when a name, in small letters, looks like a word of those who run the place, like the place's own name, or like
 * what an address here begins with. site_name: UTF-8, as people read it. Cost: some 200 short comparisons.
 */
int name_is_reserved(const char *name, const char *site_name);

/* NULL, or that it is reserved. */
const struct fault *name_check_reserved(struct arena *arena, const char *name, const char *site_name) FAULT_MUST_USE;

#endif
