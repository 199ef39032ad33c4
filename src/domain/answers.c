/*
 * Answers: see answers.h. Refuses to tell what is gone from what somebody shall not see. The words of an answer are
 * those of any status or picture: status.c, picture.c. Read next: store/statements/answers.sql.
 */
#include "domain/answers.h"

#include <stdlib.h>
#include <string.h>

const char *const answers_modes[ANSWERS_MODES] = {"everybody", "followed", "nobody"};

static const struct {
    const char *kind, *folder;
} kinds[] = {{"picture", "pictures/"}, {"status", "statuses/"}, {"mood", "moods/"}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

const struct fault *answers_read(struct arena *arena, const char *field, const char *typed, struct post_ref *ret_post)
{
    if (!typed || !*typed) {
        *ret_post = (struct post_ref){.kind = "", .id = 0};
        return NULL;
    }
    for (int i = 0; i < KINDS; i++) {
        const size_t length = strlen(kinds[i].folder);
        if (strncmp(typed, kinds[i].folder, length) != 0)
            continue;
        const char *digits = typed + length;
        const size_t count = strspn(digits, "0123456789");
        const int64_t id = count && count <= 18 && !digits[count] ? strtoll(digits, NULL, 10) : 0;
        if (!id)
            break;
        *ret_post = (struct post_ref){.kind = kinds[i].kind, .id = id};
        return NULL;
    }
    return fault_of_field(arena, field, 0, "%s names a post like this: pictures/12, statuses/3 or moods/4.", field);
}

const char *answers_name(struct arena *arena, struct post_ref post)
{
    for (int i = 0; post.id && i < KINDS; i++)
        if (strcmp(post.kind, kinds[i].kind) == 0)
            return arena_printf(arena, "%s%lld", kinds[i].folder, (long long)post.id);
    return "";
}

const struct fault *answers_check(const struct actor *actor, struct post_ref post)
{
    if (!post.id)
        return NULL;
    const struct fault *fault = NULL;
    json_t *row = db_row(actor->db, QUERY_ANSWERABLE, post.kind, post.id, actor->account);
    const char *mode = json_string_value(json_object_get(row, "answers"));
    const char *name = json_string_value(json_object_get(row, "name"));
    const int is_own = actor->account && json_integer_value(json_object_get(row, "id")) == actor->account;
    if (!row)
        fault = fault_of_store(actor, STORE_FAILED, "answer");
    else if (!mode || !name)
        fault = fault_of_field(actor->arena, "reply_to", 0, "What this answers is gone, or it was never here.");
    else if (!is_own && strcmp(mode, "nobody") == 0)
        fault = fault_make(actor->arena, FAULT_NOT_ALLOWED, "%s takes no answers to this.", name);
    else if (!is_own && strcmp(mode, "followed") == 0 && !json_is_true(json_object_get(row, "is_followed")))
        fault = fault_make(actor->arena, FAULT_NOT_ALLOWED, "Only people whom %s follows may answer this.", name);
    json_decref(row);
    return fault;
}

const struct fault *answers_take_off(const struct actor *actor, struct post_ref answer, int is_undo)
{
    const enum store_status status = answers_set_off(actor->db, actor->account, answer, !is_undo);
    if (status == STORE_NOT_FOUND)
        return fault_make(actor->arena, FAULT_NOT_FOUND, "There is no such answer to anything that you posted.");
    return fault_of_store(actor, status, "answer");
}

const struct fault *answers_check_mode(struct arena *arena, const char *mode)
{
    for (int i = 0; i < ANSWERS_MODES; i++)
        if (strcmp(mode, answers_modes[i]) == 0)
            return NULL;
    return fault_of_field(arena, "answers", 0,
                          "Answers come from everybody, from the people you follow (followed) or from nobody.");
}

const struct fault *answers_open(const struct actor *actor, struct post_ref post, const char *mode)
{
    const struct fault *fault = *mode ? answers_check_mode(actor->arena, mode) : NULL;
    return fault ? fault
                 : fault_of_store(actor, answers_set_for(actor->db, actor->account, post, *mode ? mode : NULL), "post");
}
