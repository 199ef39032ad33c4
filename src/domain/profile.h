/* Profiles: what people say of themselves beside their posts, and how their page looks. */
#ifndef PICLOG_DOMAIN_PROFILE_H
#define PICLOG_DOMAIN_PROFILE_H

#include "domain/words.h"
#include "store/profile.h"

enum {
    DISPLAY_NAME_MAX = 80,
    DISPLAY_NAME_MAX_BYTES = 400,
    HOMEPAGE_MAX = 200,
    ABOUT_MAX = 2000,
    ABOUT_MAX_BYTES = 10000,
    LINK_LABEL_MAX = 60,
    LINK_LABEL_MAX_BYTES = 400
};

/* As it was typed; NULL: it was not, and stays as it is. */
struct profile_typed {
    const char *display_name;
    const char *homepage; /* "you.example" will do */
    const char *about;
    const char *css;
    const char *links;         /* one a line: an address and words, in either order */
    const char *ring;          /* "1": the homepage is part of the webring, which needs one; anything else: it is not */
    const char *shows_follows; /* "1": everybody sees whom they follow; "0" or "": nobody else */
    const char *language;      /* a code of base/lang.h; "": pages come as the browser asks */
};

/* Saves all of it, or nothing. */
const struct fault *profile_save(const struct actor *actor, const struct profile_typed *typed) FAULT_MUST_USE;

/* A stylesheet as it was typed, but for line ends of one kind; NULL stays NULL. *ret_css is in the arena. */
const struct fault *profile_clean_css(struct arena *arena, const char *typed, const char **ret_css) FAULT_MUST_USE;

/* Saves the style alone, and forgets the draft. */
const struct fault *profile_save_style(const struct actor *actor, const char *css) FAULT_MUST_USE;
/* Keeps a draft of it, for its owner to look at. */
const struct fault *profile_try_style(const struct actor *actor, const char *css) FAULT_MUST_USE;

/* Shows a crushed picture as portrait or background; NULL takes away what is there. fingerprint: of the picture. Needs
   no key: sent twice, it is the same picture, kept and counted once. */
const struct fault *profile_wear(const struct actor *actor, enum profile_image which, const struct image *image,
                                 uint64_t fingerprint) FAULT_MUST_USE;

/* The links of the actor as they are typed; in the arena. */
const char *profile_links_text(const struct actor *actor);

#endif
