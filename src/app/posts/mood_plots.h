/* Drawings of moods over time, as numbers for an inline SVG: see templates/mood_calendar.mustache,
 * moods_over_time.mustache. */
#ifndef PICLOG_APP_POSTS_MOOD_PLOTS_H
#define PICLOG_APP_POSTS_MOOD_PLOTS_H

#include "app/request/app.h"

/*
 * One person's last 18 weeks, a face for each day, Mondays on top:
 * {"width", "height", "label", "count", "days": [{"x", "y", "face", "title"}], "months": [{"x", "name"}]}.
 * null when nothing was felt in that time. New reference.
 */
json_t *mood_plots_calendar(struct request *req, int64_t account);

/*
 * Everybody's last 28 days, a column for each day, a block for each mood felt, the commonest seven apart:
 * {"width", "height", "label", "blocks": [{"x", "y", "height", "kind", "title"}], "legend": [{"kind", "face", "mood",
 * "count"}], "days": [{"date", "words"}]}. null when nobody felt anything. New reference.
 */
json_t *mood_plots_over_time(struct request *req);

#endif
