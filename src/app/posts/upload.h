/* What other forms that take pictures need from upload.c. */
#ifndef PICLOG_APP_POSTS_UPLOAD_H
#define PICLOG_APP_POSTS_UPLOAD_H

#include "app/request/app.h"
#include "domain/picture.h"

/* For notices: the file that came in ended early, and what was done about it. */
#define UPLOAD_TRUNCATED "The file was cut off or damaged: what was missing of the picture is filled in."

/* The words of a picture as the forms have them. */
struct picture_typed upload_typed(const struct request *req);
/* Puts what was typed into a picture's row, so that the form shows it again. */
void upload_keep_typed(struct request *req, json_t *picture);

/* Browsers send a file of zero bytes when nothing was chosen: such fields are left out. */
void upload_drop_empty(struct request *req);

/* Leaves those out; says when no picture is left, or too many for a program, which sends one at a time. */
const struct fault *upload_check_files(struct request *req) FAULT_MUST_USE;

/* Crushes the pictures of the request in the house style, posts them with these words, and answers. */
void upload_publish(struct request *req, struct response *res, const struct picture_words *words);

/* The same, with an answer of one's own: the number of the picture, or what went wrong. */
typedef void upload_answer(struct request *req, struct response *res, const struct fault *fault, int64_t id);
void upload_publish_for(struct request *req, struct response *res, const struct picture_words *words,
                        upload_answer *answer);

/*
 * Crushes the pictures of the request four times each and keeps them as private candidates with these words, then leads
 * to "pick your crunch". At least one picture came along. words lives in the request's arena. A program gets the
 * answer of a draft.
 */
void upload_candidates(struct request *req, struct response *res, const struct picture_words *words);

/* Tells a program where its draft waits to be published. */
void upload_answer_draft(struct request *req, struct response *res, int64_t candidate);

/* ---- crunch.c and candidates.c ------------------------------------------------------------------ */

/* The name of a crunch that people can pick, as a constant; the house style when it is none. */
const char *crunch_preset(const char *name);
/* Rows with the "id" of each candidate of the viewer that waits, the oldest first. New reference. */
json_t *crunch_waiting(struct request *req);
/* One of them with its crunches by their names, preset checked, and as a clip where it moves and is_clip; JSON null: it
   is gone, or somebody else's. */
json_t *crunch_find(struct request *req, int64_t id, const char *preset, int is_clip);
/* Whether a form has a clip checked, as it has at first. */
int crunch_is_clip(const struct request *req, const char *field);
/* What a form picked, as picture_choose() has it. */
const char *crunch_wanted(struct request *req, const char *preset_field, const char *clip_field);
/* To the page of several; named: "12:dust,13:dust". */
void candidates_lead_to(struct request *req, struct response *res, const char *named);

/* ---- upload.c ----------------------------------------------------------------------------------- */

/* Keeps one that was crushed as a candidate; place: which of the request's pictures; claim NULL: none. */
const struct fault *upload_offer(struct request *req, const struct pool_outcome *outcome,
                                 const struct picture_words *words, const struct picture_claim *claim, int place,
                                 int64_t *ret_candidate) FAULT_MUST_USE;

#endif
