/* Keys of secret feeds: see feed_key.h. Refuses feeds that there are not. Read next: store/feed_key.c, token.c. */
#include "domain/feed_key.h"

#include <string.h>

#include "domain/once.h"

static const struct fault *check_feed(const struct actor *actor, const char *feed)
{
    if (strcmp(feed, "friends") == 0 || strcmp(feed, "notices") == 0)
        return NULL;
    return fault_of_field(actor->arena, "feed", 0, "There is no such feed: it is friends or notices.");
}

const struct fault *feed_key_make(const struct actor *actor, const char *feed, char ret_secret[SECRET_TEXT_BYTES])
{
    char secret[SECRET_TEXT_BYTES];
    struct once once;
    int64_t made;
    const char *const words[] = {feed, NULL};
    const struct fault *fault = check_feed(actor, feed);
    if (!fault)
        fault = once_open(actor, "feed key", words, &once, &made);
    struct viewer whose;
    if (!fault)
        once_make_secret(actor, &once, secret);
    if (!fault && made && feed_key_find(actor->store, actor->db, feed, secret, &whose) != STORE_OK)
        fault = once_secret_is_gone(actor, "address");
    if (!fault && !made)
        fault = once_close(actor, &once, feed_key_set(actor->store, actor->db, actor->account, feed, secret), 1);
    if (!fault)
        memcpy(ret_secret, secret, sizeof secret);
    return fault;
}

const struct fault *feed_key_revoke(const struct actor *actor, const char *feed)
{
    return fault_of_store(actor, feed_key_delete(actor->db, actor->account, feed), "feed key");
}

const struct fault *feed_key_open(const struct actor *actor, const char *feed, const char *secret,
                                  struct viewer *ret_viewer)
{
    enum store_status status = feed_key_find(actor->store, actor->db, feed, secret, ret_viewer);
    if (status == STORE_NOT_FOUND)
        return fault_make(actor->arena, FAULT_NOT_FOUND,
                          "The key of this feed is not known here, or was revoked. Its owner makes a new one in "
                          "/settings/feeds.");
    return fault_of_store(actor, status, "feed key");
}
