/* What the two files of messages share. */
#ifndef PICLOG_APP_NEIGHBOURS_MESSAGES_H
#define PICLOG_APP_NEIGHBOURS_MESSAGES_H

#include "app/request/app.h"
#include "domain/message.h"

/* The conversation with :name. 0, or -1 after an error was answered. */
int messages_find(struct request *req, struct response *res, struct conversation *ret_conversation);

/* The path of its page. */
const char *messages_path(struct request *req, const struct conversation *conversation);

/* The page, with what was typed when there is an error about it. */
void messages_show(struct request *req, struct response *res, const struct conversation *conversation,
                   const char *error);

/* A program's answer: 201 with the line of that number. */
void messages_answer(struct request *req, struct response *res, int64_t id);

#endif
