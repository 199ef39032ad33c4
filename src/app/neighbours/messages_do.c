/*
 * What is done in a conversation beside writing: a nudge, having read it, letting in or turning away who would like to
 * write, deleting a line or all of it. Refuses to do anything by a GET. Read next: domain/message.c.
 */
#include <stdlib.h>
#include <string.h>

#include "app/neighbours/handlers.h"
#include "app/neighbours/messages.h"
#include "app/request/route.h"

enum act { ACT_NONE, ACT_READ, ACT_NUDGE, ACT_ACCEPT, ACT_REFUSE, ACT_DELETE };

static enum act act_of(const char *name)
{
    static const char *const names[] = {[ACT_READ] = "read",
                                        [ACT_NUDGE] = "nudge",
                                        [ACT_ACCEPT] = "accept",
                                        [ACT_REFUSE] = "refuse",
                                        [ACT_DELETE] = "delete"};
    for (int i = ACT_READ; i <= ACT_DELETE; i++)
        if (strcmp(names[i], name) == 0)
            return (enum act)i;
    return ACT_NONE;
}

static const struct fault *act(struct request *req, const struct conversation *conversation, enum act what,
                               int64_t *ret_id)
{
    const struct actor actor = request_actor(req);
    switch (what) {
    case ACT_READ: return conversation_read(&actor, conversation, request_form(req, "until", NULL));
    case ACT_NUDGE: return message_nudge(&actor, conversation, ret_id);
    case ACT_ACCEPT: return conversation_let_in(&actor, conversation);
    case ACT_REFUSE: return conversation_turn_away(&actor, conversation);
    case ACT_DELETE: return conversation_remove(&actor, conversation);
    case ACT_NONE: break;
    }
    return fault_of_field(&req->arena, "do", 0, "Read, nudge, accept, refuse or delete: say which.");
}

/* Form: do, and until (of read) or sure (of delete); or line, the number of a line to delete. */
void conversation_do_post(struct request *req, struct response *res)
{
    static const char *const notices[] = {[ACT_NONE] = NULL,
                                          [ACT_READ] = NULL,
                                          [ACT_NUDGE] = N_("Nudged."),
                                          [ACT_ACCEPT] = N_("Let in."),
                                          [ACT_REFUSE] = N_("Turned away, and what they wrote is deleted unread."),
                                          [ACT_DELETE] = N_("All of it is deleted, for both, bytes and all.")};
    const char *line = request_form(req, "line", "");
    const enum act what = act_of(request_form(req, "do", ""));
    const struct actor actor = request_actor(req);
    struct conversation conversation;
    const struct fault *fault = NULL;
    int64_t id;
    if (messages_find(req, res, &conversation) != 0)
        return;
    const char *path = messages_path(req, &conversation);
    if (*line) {
        respond_after(req, res, message_remove(&actor, strtoll(line, NULL, 10)), "Deleted for both, bytes and all.",
                      path);
        return;
    }
    if (what == ACT_DELETE && !*request_form(req, "sure", ""))
        fault = fault_of_field(&req->arena, "sure", 0, "Tick the box: it deletes every line, for both.");
    if (!fault)
        fault = act(req, &conversation, what, &id);
    if (fault && fault->kind != FAULT_NOT_FOUND && fault->kind != FAULT_FAILED) {
        res->status = respond_fault_status(fault);
        messages_show(req, res, &conversation, fault->sentence);
        return;
    }
    const int leaves = what == ACT_REFUSE || what == ACT_DELETE || *request_form(req, "back", "");
    respond_after(req, res, fault, notices[what], leaves ? "/messages" : path);
}

/* DELETE /api/messages/ID. */
void message_delete_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    respond_after(req, res, message_remove(&actor, request_id(req)), NULL, "/messages");
}

/* POST /api/messages/NAME/read, nudge, accept and refuse. A nudge is answered as a message is. */
void api_conversation_do(struct request *req, struct response *res)
{
    struct conversation conversation;
    const enum act what = act_of(strrchr(req->route->pattern, '/') + 1);
    int64_t id = 0;
    if (messages_find(req, res, &conversation) != 0)
        return;
    const struct fault *fault = act(req, &conversation, what, &id);
    if (!fault && what == ACT_NUDGE)
        messages_answer(req, res, id);
    else
        respond_after(req, res, fault, NULL, "/messages");
}

void api_conversation_delete(struct request *req, struct response *res)
{
    struct conversation conversation;
    if (messages_find(req, res, &conversation) != 0)
        return;
    const struct actor actor = request_actor(req);
    respond_after(req, res, conversation_remove(&actor, &conversation), NULL, "/messages");
}
