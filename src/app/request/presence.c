/*
 * Who is here: see presence.h. One sorted array under one lock: a few thousand people at most, each request looks for
 * one. Refuses to write anything down. Read next: live.c.
 */
#include "app/request/presence.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct person {
    int64_t account;
    int streams;
    int is_shown;              /* they chose to be */
    int has_left;              /* signed out, and did nothing since */
    int64_t acted_ms, left_ms; /* left_ms: when the last stream ended; 0: there was none since */
    enum presence_state told;
    int64_t told_ms;
    uint64_t number;
};

struct presence {
    pthread_mutex_t lock;
    struct person *people; /* by account */
    int count, room;
    uint64_t number;
};

struct presence *presence_open(void)
{
    struct presence *presence = calloc(1, sizeof *presence);
    if (presence)
        pthread_mutex_init(&presence->lock, NULL);
    return presence;
}

void presence_close(struct presence *presence)
{
    if (!presence)
        return;
    pthread_mutex_destroy(&presence->lock);
    free(presence->people);
    free(presence);
}

/* Where the account is, or would be. */
static int place_of(const struct presence *presence, int64_t account)
{
    int low = 0, high = presence->count;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (presence->people[middle].account < account)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct person *find(struct presence *presence, int64_t account)
{
    const int at = place_of(presence, account);
    return at < presence->count && presence->people[at].account == account ? &presence->people[at] : NULL;
}

/* NULL: too many are here, or no memory. */
static struct person *find_or_add(struct presence *presence, int64_t account)
{
    struct person *known = find(presence, account);
    if (known || presence->count == PRESENCE_MAX)
        return known;
    if (presence->count == presence->room) {
        const int room = presence->room ? presence->room * 2 : 16;
        struct person *people = realloc(presence->people, (size_t)room * sizeof *people);
        if (!people)
            return NULL;
        presence->people = people;
        presence->room = room;
    }
    const int at = place_of(presence, account);
    memmove(&presence->people[at + 1], &presence->people[at],
            (size_t)(presence->count - at) * sizeof *presence->people);
    presence->people[at] = (struct person){.account = account, .acted_ms = -PRESENCE_AWAY_MS};
    presence->count++;
    return &presence->people[at];
}

void presence_acted(struct presence *presence, int64_t account, int64_t now_ms)
{
    pthread_mutex_lock(&presence->lock);
    struct person *person = find_or_add(presence, account);
    if (person) {
        person->acted_ms = now_ms;
        person->is_shown = 1;
        person->has_left = 0;
    }
    pthread_mutex_unlock(&presence->lock);
}

void presence_stream(struct presence *presence, int64_t account, int is_shown, int by, int64_t now_ms)
{
    pthread_mutex_lock(&presence->lock);
    struct person *person = by > 0 ? find_or_add(presence, account) : find(presence, account);
    if (person && by > 0) {
        person->streams++;
        person->is_shown = is_shown;
        person->left_ms = 0;
        person->has_left = 0;
    } else if (person && person->streams > 0 && --person->streams == 0) {
        person->left_ms = now_ms;
    }
    pthread_mutex_unlock(&presence->lock);
}

void presence_left(struct presence *presence, int64_t account)
{
    pthread_mutex_lock(&presence->lock);
    struct person *person = find(presence, account);
    if (person)
        person->has_left = 1;
    pthread_mutex_unlock(&presence->lock);
}

void presence_show(struct presence *presence, int64_t account, int is_shown)
{
    pthread_mutex_lock(&presence->lock);
    struct person *person = find(presence, account);
    if (person)
        person->is_shown = is_shown;
    pthread_mutex_unlock(&presence->lock);
}

static void tell(struct presence *presence, struct person *person, enum presence_state state, int64_t now_ms)
{
    if (state == person->told)
        return;
    person->told = state;
    person->told_ms = now_ms;
    person->number = ++presence->number;
}

static enum presence_state state_of(const struct person *person, int64_t now_ms)
{
    if (!person->is_shown)
        return PRESENCE_GONE;
    const int is_lately = now_ms - person->acted_ms < PRESENCE_AWAY_MS;
    if (person->streams > 0)
        return is_lately ? PRESENCE_HERE : PRESENCE_AWAY;
    if (person->has_left) /* no next page is to be waited for */
        return PRESENCE_GONE;
    if (person->left_ms && person->acted_ms < person->left_ms - PRESENCE_GRACE_MS) /* the page was closed, not left */
        return now_ms - person->left_ms < PRESENCE_GRACE_MS ? person->told : PRESENCE_GONE;
    return is_lately ? PRESENCE_HERE : PRESENCE_GONE;
}

int presence_settle(struct presence *presence, int64_t now_ms)
{
    int kept = 0;
    pthread_mutex_lock(&presence->lock);
    for (int i = 0; i < presence->count; i++) {
        struct person *person = &presence->people[i];
        const enum presence_state state = state_of(person, now_ms);
        tell(presence, person, state, now_ms);
        if (state != PRESENCE_GONE || person->streams || now_ms - person->told_ms < PRESENCE_KEEP_MS)
            presence->people[kept++] = *person;
    }
    presence->count = kept;
    pthread_mutex_unlock(&presence->lock);
    return kept;
}

enum presence_state presence_of(struct presence *presence, int64_t account)
{
    pthread_mutex_lock(&presence->lock);
    const struct person *person = find(presence, account);
    const enum presence_state state = person ? person->told : PRESENCE_GONE;
    pthread_mutex_unlock(&presence->lock);
    return state;
}

const char *presence_word(enum presence_state state)
{
    static const char *const words[] = {[PRESENCE_GONE] = "gone", [PRESENCE_AWAY] = "away", [PRESENCE_HERE] = "here"};
    return words[state];
}

static int by_number(const void *a, const void *b)
{
    const uint64_t left = ((const struct presence_change *)a)->number,
                   right = ((const struct presence_change *)b)->number;
    return (left > right) - (left < right);
}

int presence_changes(struct presence *presence, uint64_t after, struct presence_change *ret_changes, int max)
{
    int count = 0;
    pthread_mutex_lock(&presence->lock);
    if (presence->number > after) {
        for (int i = 0; i < presence->count; i++) {
            const struct person *person = &presence->people[i];
            if (person->number <= after)
                continue;
            const struct presence_change change = {person->account, person->told, person->number};
            if (count < max) {
                ret_changes[count++] = change;
                continue;
            }
            int last = 0; /* the earliest ones come first: the last of them makes room */
            for (int k = 1; k < count; k++)
                if (ret_changes[k].number > ret_changes[last].number)
                    last = k;
            if (change.number < ret_changes[last].number)
                ret_changes[last] = change;
        }
    }
    pthread_mutex_unlock(&presence->lock);
    qsort(ret_changes, (size_t)count, sizeof *ret_changes, by_number);
    return count;
}

uint64_t presence_newest(struct presence *presence)
{
    pthread_mutex_lock(&presence->lock);
    const uint64_t number = presence->number;
    pthread_mutex_unlock(&presence->lock);
    return number;
}
