/* Blocked words: see blocked_word.h. Refuses what could never be found in a text. Read next: base/wordlist.c. */
#include "domain/blocked_word.h"

#include <string.h>

#include "base/text.h"
#include "base/wordlist.h"
#include "domain/once.h"
#include "store/blocklist.h"

static int is_action(const char *action)
{
    return strcmp(action, "mask") == 0 || strcmp(action, "hold") == 0 || strcmp(action, "refuse") == 0;
}

const struct fault *blocked_words_add(const struct actor *actor, const char *words, const char *action)
{
    const char **lines = arena_alloc(actor->arena, BLOCKED_WORDS_AT_ONCE * sizeof *lines);
    char folded[WORD_MAX_BYTES], *rest = arena_copy(actor->arena, words), *line;
    int count = 0;
    if (!is_action(action) || !text_is_utf8(words, strlen(words)))
        return fault_of_field(actor->arena, "action", 0, "A word is masked, held for review or refused.");
    while ((line = strsep(&rest, "\r\n"))) {
        if (!*line)
            continue;
        if (count == BLOCKED_WORDS_AT_ONCE)
            return fault_of_field(actor->arena, "words", BLOCKED_WORDS_AT_ONCE,
                                  "These are too many words: %d fit at once.", BLOCKED_WORDS_AT_ONCE);
        if (wordlist_fold(line, folded) != 0)
            return fault_of_field(actor->arena, "words", 0, "“%.*s” is no word that could be looked for.",
                                  (int)text_prefix(line, 60), line);
        lines[count++] = line;
    }
    if (!count)
        return fault_of_field(actor->arena, "words", 0, "Type a word first, one a line.");
    return fault_of_store(actor, blocklist_add_words(actor->db, actor->account, lines, count, action), "word");
}

const struct fault *blocked_word_remove(const struct actor *actor, int64_t id)
{
    const char *const words[] = {arena_printf(actor->arena, "%lld", (long long)id), NULL};
    struct once once;
    int64_t made = 0;
    const struct fault *fault = once_open(actor, "word", words, &once, &made);
    if (!fault && !made)
        fault = once_close(actor, &once, blocklist_remove_word(actor->db, actor->account, id), 1);
    return fault;
}
