/* What all timelines share: pages of rows by a cursor, totals, the mood of today. */
#ifndef PICLOG_APP_POSTS_TIMELINE_H
#define PICLOG_APP_POSTS_TIMELINE_H

#include "app/request/app.h"

/*
 * A page of a timeline out of rows that were asked for with one more than limit: the surplus row is cut off, and
 * "older_url" and "newest_url" are set in page (path, "?before=ID"), each null where there is nothing. path may hold a
 * query already. Takes the reference of rows and sets page's key to it. Rows NULL (failure): returns -1, else 0.
 */
int timeline_set(struct request *req, json_t *page, const char *key, json_t *rows, int limit, const char *path);

/* A page of one person's posts, by ?before; the hidden ones only when that person looks, or an administrator. */
json_t *timeline_of(struct request *req, enum query query, int64_t account, int limit);

/* {"count", "source_bytes", "bytes", "thumb_bytes"} of pictures; null when there are none. New reference. */
json_t *timeline_totals(const json_t *pictures);

/*
 * The mood of the whole piclog in the last 24 hours as one block of 64, in zig-zag order, the commonest first:
 * {"label", "cells": [64 faces], "first": {mood, face, count, total}, "second": null | …, "rest": empty cells}.
 * null when nobody felt anything. New reference.
 */
json_t *timeline_today(struct request *req);

/* Adds "is_own" and takes out "account_id". */
void timeline_mark_own(const struct request *req, json_t *row);

#endif
