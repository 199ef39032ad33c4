/* The kinds of things that can be reported and decided about: see subject.h. Read next: admin.c, reports.c. */
#include "app/admin/subject.h"

#include <string.h>

#include "app/neighbours/bulletins.h"
#include "app/neighbours/layouts.h"

const struct post_kind *const subject_kinds[SUBJECT_KINDS] = {&post_picture, &post_status, &post_mood, &bulletin_kind,
                                                              &layout_kind};

const struct post_kind *subject_kind_find(const char *name)
{
    for (int i = 0; i < SUBJECT_KINDS; i++)
        if (strcmp(subject_kinds[i]->name, name) == 0)
            return subject_kinds[i];
    return NULL;
}

int subject_is_public(const struct post_kind *kind)
{
    return kind != &bulletin_kind;
}
