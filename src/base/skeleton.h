/*
 * Names that look alike: the idea of Unicode's UTS #39 (confusable detection), reduced to the letters that names have
 * here. Two names look alike when their skeletons are the same; a skeleton itself is never shown.
 */
#ifndef PICLOG_BASE_SKELETON_H
#define PICLOG_BASE_SKELETON_H

enum { SKELETON_BYTES = 41 }; /* of 20 letters that may become two each, terminated */

/*
 * name: as text_parse_name() makes it, or any other [a-z0-9_-]* of at most 20 bytes. Separators go, digits become the
 * letter that they are read as, i becomes l, m becomes rn, w becomes vv. "" when there was neither letter nor digit.
 * The column accounts.skeleton is the same in SQL (store/migrations/0008_names.sql).
 */
void skeleton_make(const char *name, char ret_skeleton[SKELETON_BYTES]);

#endif
