/* API tokens: a name to know them by, and what they may do. */
#ifndef PICLOG_DOMAIN_TOKEN_H
#define PICLOG_DOMAIN_TOKEN_H

#include "domain/account.h"
#include "domain/words.h"
#include "store/account.h"

enum { TOKEN_LABEL_MAX = 60, TOKEN_LABEL_MAX_BYTES = 300 };

struct token_typed {
    const char *label;
    int may_read, may_post, may_change, may_all; /* none of them: all. Each of them may read what the API shows */
};

/* The secret is shown once; asked again under the same key, it is the same token. One that may do everything opens the
   account as a password does, and wants the owner's; for one that may less, what owner typed is not looked at. */
const struct fault *token_make(const struct actor *actor, const struct account_typed *owner,
                               const struct token_typed *typed, char ret_secret[SECRET_TEXT_BYTES]) FAULT_MUST_USE;
/* From the shell: without a password. */
const struct fault *token_give(const struct actor *actor, const struct token_typed *typed,
                               char ret_secret[SECRET_TEXT_BYTES]) FAULT_MUST_USE;
const struct fault *token_revoke(const struct actor *actor, int64_t id) FAULT_MUST_USE;

#endif
