/*
 * Profiles: see profile.h. The uses and bytes of a person's pictures are counted by triggers of the schema
 * (migrations/0005_profiles.sql), as those of posts are. What else an account has is in account.c.
 */
#include "profile.h"

#include "blocklist.h"
#include "db.h"

static enum store_status set_image(struct store *store, struct db *db, int64_t account, enum profile_image which,
                                   const struct image *image, int64_t quota_bytes)
{
    char hash[IMAGE_HASH_BYTES];
    enum store_status status = STORE_OK;
    if (image) {
        status = image_keep(store, db, image, hash);
        if (status != STORE_OK)
            return status;
    }
    status = db_write(db, which == PROFILE_AVATAR ? WRITE_ACCOUNT_AVATAR : WRITE_ACCOUNT_BACKGROUND, account,
                      image ? hash : NULL);
    if (status == STORE_OK)
        status = db_changed(db);
    /* Asked afterwards, when the triggers have counted: a smaller picture may replace a larger one at the limit. */
    quota_bytes = quota_of(db, account, quota_bytes);
    if (status == STORE_OK && image && quota_bytes && storage_of(db, account) > quota_bytes)
        status = STORE_FULL;
    return status;
}

enum store_status profile_set_image(struct store *store, struct db *db, int64_t account, enum profile_image which,
                                    const struct image *image, uint64_t fingerprint, int64_t quota_bytes)
{
    if (image && blocklist_has_picture(store, db, fingerprint, image, 1))
        return STORE_BLOCKED;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    return db_end(db, set_image(store, db, account, which, image, quota_bytes));
}

enum store_status profile_image_find(struct db *db, int64_t account, enum profile_image which, void **ret_data,
                                     size_t *ret_size_bytes)
{
    return db_blob(db_prepare(db, WRITE_IMAGE_PORTRAIT, account, (int64_t)(which == PROFILE_BACKGROUND)), ret_data,
                   ret_size_bytes);
}

static enum store_status add_link(struct db *db, int64_t account, int position, const struct profile_link *link)
{
    struct checked label;
    enum store_status status = blocklist_check(db, &link->label, 1, &label);
    if (status != STORE_OK)
        return status;
    status = label.hidden || blocklist_has_word(db, link->url)
                 ? STORE_REFUSED /* a profile cannot wait for review, and an address cannot be masked */
                 : db_write(db, WRITE_LINK_ADD, account, (int64_t)position, link->url, label.texts[0]);
    checked_free(&label);
    return status;
}

static enum store_status set_links(struct db *db, int64_t account, const struct profile_link *links, int count)
{
    enum store_status status = db_write(db, WRITE_LINKS_CLEAR, account);
    for (int i = 0; i < count && status == STORE_OK; i++)
        status = add_link(db, account, i, &links[i]);
    return status;
}

/* A profile cannot wait for review, and an address cannot be masked. */
static enum store_status check_words(struct db *db, const struct profile_new *profile, struct checked *ret_words)
{
    const char *const texts[] = {profile->display_name ? profile->display_name : "",
                                 profile->about ? profile->about : ""};
    struct checked words;
    enum store_status status = blocklist_check(db, texts, 2, &words);
    if (status != STORE_OK)
        return status;
    if (words.hidden || (profile->homepage && blocklist_has_word(db, profile->homepage))) {
        checked_free(&words);
        return STORE_REFUSED;
    }
    *ret_words = words;
    return STORE_OK;
}

enum store_status profile_edit(struct db *db, int64_t account, const struct profile_new *profile)
{
    struct checked words;
    if (profile->link_count > PROFILE_LINKS_MAX)
        return STORE_INVALID;
    enum store_status status = check_words(db, profile, &words);
    if (status != STORE_OK)
        return status;
    status = db_begin(db);
    if (status == STORE_OK) {
        status = db_write(db, WRITE_ACCOUNT_EDIT, account, profile->display_name ? words.texts[0] : NULL,
                          profile->homepage, profile->about ? words.texts[1] : NULL, profile->css, profile->ring,
                          profile->shows_follows, profile->language);
        if (status == STORE_OK)
            status = db_changed(db);
        if (status == STORE_OK && profile->links)
            status = set_links(db, account, profile->links, profile->link_count);
        status = db_end(db, status);
    }
    checked_free(&words);
    return status;
}

enum store_status profile_set_css(struct db *db, int64_t account, const char *css)
{
    enum store_status status = db_write(db, WRITE_ACCOUNT_CSS, account, css);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status profile_set_draft(struct db *db, int64_t account, const char *css)
{
    enum store_status status = db_write(db, WRITE_ACCOUNT_DRAFT, account, css);
    return status == STORE_OK ? db_changed(db) : status;
}
