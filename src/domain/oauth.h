/*
 * Letting other people's programs in: OAuth 2.0 (RFC 6749, 7636, 7009) as clients of Mastodon's protocol use it, and
 * IndieAuth, whose clients are named by an address and registered by nobody. A person reads what a program wants, and
 * allows it; what comes of it is a token like those of the settings.
 *
 * Nothing is fetched: of a program that only gives its address, that address is all that is said, as unverified.
 */
#ifndef PICLOG_DOMAIN_OAUTH_H
#define PICLOG_DOMAIN_OAUTH_H

#include "domain/account.h"
#include "store/oauth.h"

enum {
    APP_NAME_MAX = 60, /* as the label of a token */
    REDIRECTS_MAX = 10,
    REDIRECT_MAX_BYTES = 500,
    CLIENT_ID_MAX_BYTES = 300,
    STATE_MAX_BYTES = 600,
    SCOPE_MAX_BYTES = 500
};

/* Where the code is shown to be copied, instead of being sent anywhere. */
extern const char oauth_out_of_band[];

/* ---- Programs ------------------------------------------------------------------------------------- */

/* As it was sent; NULL: it was not. */
struct app_typed {
    const char *name, *website;
    const char *redirects; /* separated by white space */
    const char *scope;     /* NULL: read */
};

/* In the arena; the secret is told once. */
struct app_made {
    const char *client_id, *secret, *name, *website, *redirects, *scope;
    int64_t created_s;
};

const struct fault *oauth_register(const struct actor *actor, const struct app_typed *typed,
                                   struct app_made *ret_app) FAULT_MUST_USE;
/* The row of an app, its secret left out, when the secret is right (NULL: is not asked). FAULT_STRANGER. New reference.
 */
const struct fault *oauth_app(const struct actor *actor, const char *client_id, const char *secret,
                              json_t **ret_app) FAULT_MUST_USE;

/* May people be sent there with a code? https, a scheme of a program's own, http to this very machine; not what a
   browser would run or open itself. The scheme is in small letters, and a host holds neither “;” nor “,”: both go into
   the policy of the consent page. NULL, or a sentence that says what is wrong. */
const char *oauth_redirect_fault(const char *redirect);

/* ---- Scopes --------------------------------------------------------------------------------------- */

/* The words of a scope that are known here, in their order, each once, in the arena; others are left out. within NULL:
   whatever is known; else only what these words cover. *ret_scopes: what a token of them may (enum token_scope). */
const char *oauth_scope_known(struct arena *arena, const char *scope, const char *within, unsigned *ret_scopes);
/* The words that are known here, one by one from 0; NULL after the last. Parts of "read" are known beside them. */
const char *oauth_scope_word(int i);
/* Is it one of the words of a scope? */
int oauth_scope_holds(const char *scope, const char *word);
/* Is what they open as much as a password opens? Then it is asked for. */
int oauth_needs_password(unsigned scopes);

/* ---- Asking a person ------------------------------------------------------------------------------ */

/* As the address of the consent page has it; NULL: it has not. */
struct oauth_typed {
    const char *client_id, *redirect, *response_type, *scope, *state, *challenge, *challenge_method;
};

/* The same, checked, in the arena. */
struct oauth_asked {
    const char *client_id, *redirect, *state, *challenge;
    const char *scope; /* what can be granted; "": only who it is (IndieAuth) */
    unsigned scopes;   /* enum token_scope */
    const char *name;  /* of the app; of one that only has an address, its host */
    const char *website;
    int is_registered;
};

/*
 * Reads it. *ret_can_redirect: the program registered, somebody let it in before, and its address is good, so that the
 * fault may be told there, under *ret_error, its word of OAuth. Otherwise it is for the person alone: anybody could
 * name an address here, and nobody is sent on to a stranger's without having read so and pressed a button.
 */
const struct fault *oauth_read(const struct actor *actor, const struct oauth_typed *typed,
                               struct oauth_asked *ret_asked, int *ret_can_redirect,
                               const char **ret_error) FAULT_MUST_USE;

/* Allows it: a code that lives CODE_LIFETIME_S and works once. Sending the form twice gives two codes, of which one is
   used. owner: the actor's name, and the password where oauth_needs_password(). */
const struct fault *oauth_allow(const struct actor *actor, const struct account_typed *owner,
                                const struct oauth_asked *asked, char ret_code[SECRET_TEXT_BYTES]) FAULT_MUST_USE;

/* ---- Tokens --------------------------------------------------------------------------------------- */

/* As the token endpoint was asked; NULL: it was not sent. */
struct exchange_typed {
    const char *code, *client_id, *client_secret, *redirect, *verifier;
};

/* In the arena. */
struct oauth_granted {
    const char *token; /* NULL: only who it is was asked for */
    const char *scope, *name;
    int64_t account, created_s;
};

/*
 * Exchanges a code for a token. A program shows that it is the one that asked by its secret, or by PKCE. A code that
 * comes a second time was stolen from somebody: the token that it gave ends. wants_token 0: only who it is, for which a
 * code without scope is enough. *ret_error: the word of OAuth for the fault.
 */
const struct fault *oauth_exchange(const struct actor *actor, const struct exchange_typed *typed, int wants_token,
                                   struct oauth_granted *ret_granted, const char **ret_error) FAULT_MUST_USE;

#endif
