/*
 * What a program asks for beside its words, and what is refused of it, in words and before anything is posted: an
 * audience that is not there would otherwise turn what was meant for few into what everybody reads. Read next:
 * post_list.c.
 */
#include "app/programs/asks.h"

#include <string.h>
#include <strings.h>

/* How many values of that name came that say something, as NAME, NAME[] or NAME[part]. */
static int count_of(const struct request *req, const char *name)
{
    const size_t length = strlen(name);
    int count = 0;
    for (int i = 0; i < req->form.count; i++) {
        const char *field = req->form.items[i].name;
        if (strncmp(field, name, length) == 0 && (!field[length] || field[length] == '['))
            count += req->form.items[i].value_bytes > 0;
    }
    return count;
}

/* An object or a list of JSON that holds something: strings and numbers are in the form already. */
static int is_said_in_json(const struct request *req, const char *name)
{
    const json_t *value = json_object_get(req->json, name);
    return json_object_size(value) > 0 || json_array_size(value) > 0;
}

const struct fault *program_check_asks(struct request *req, int *ret_is_direct)
{
    const char *visibility = request_form(req, "visibility", "");
    const int is_direct = !strcasecmp(visibility, "direct");
    if (*visibility && !is_direct && strcasecmp(visibility, "public") != 0)
        return fault_of_field(&req->arena, "visibility", 0,
                              "Posts here are seen by everybody, so nothing was posted. visibility can be public, or "
                              "direct for a message to one person.");
    if (count_of(req, "scheduled_at") || is_said_in_json(req, "scheduled_at"))
        return fault_of_field(&req->arena, "scheduled_at", 0,
                              "Posts here appear at once, none can wait for its time, so nothing was posted. Send it "
                              "when the time has come, without scheduled_at.");
    if (count_of(req, "poll") || is_said_in_json(req, "poll"))
        return fault_of_field(&req->arena, "poll", 0,
                              "There are no polls here, so nothing was posted. Ask in words, and let people answer.");
    if (count_of(req, "media_ids") > 1)
        return fault_of_field(&req->arena, "media_ids", 1,
                              "A post here is one picture, and this one would get %d, so nothing was posted.",
                              count_of(req, "media_ids"));
    *ret_is_direct = is_direct;
    return NULL;
}
