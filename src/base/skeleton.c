/*
 * Skeletons: see skeleton.h. Each digit becomes another letter, so that anna6, anna8 and anna9 stay three people; wide
 * letters become the two narrow ones that look like them, never the other way, so that it does not matter where one
 * begins to read. Refuses nothing. Read next: ../domain/name.c.
 */
#include "skeleton.h"

#include <assert.h>
#include <stddef.h>

void skeleton_make(const char *name, char ret_skeleton[SKELETON_BYTES])
{
    static const char digits[] = "olzeas6tbg";
    size_t length = 0;
    for (const char *at = name; *at; at++) {
        if (*at == '-' || *at == '_')
            continue;
        assert(length + 2 < SKELETON_BYTES);
        if (*at == 'm' || *at == 'w') {
            ret_skeleton[length++] = *at == 'm' ? 'r' : 'v';
            ret_skeleton[length++] = *at == 'm' ? 'n' : 'v';
        } else {
            ret_skeleton[length++] = *at >= '0' && *at <= '9' ? digits[*at - '0'] : *at == 'i' ? 'l' : *at;
        }
    }
    ret_skeleton[length] = '\0';
}
