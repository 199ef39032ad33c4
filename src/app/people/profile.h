/* Saving a profile, for the form and the API. */
#ifndef PICLOG_APP_PEOPLE_PROFILE_H
#define PICLOG_APP_PEOPLE_PROFILE_H

#include "app/request/app.h"

/* Saves what the request brought of display_name, homepage, about, css and links; the rest stays as it is. */
const struct fault *profile_save_form(struct request *req) FAULT_MUST_USE;

#endif
