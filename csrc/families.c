/* Families of objects: those that are deltas against one, directly or not. */

#include <stdlib.h>
#include <string.h>

#include "git.h"

/* The first bytes of an object's name. Where two objects share them, one is read in a worse order,
 * which does no harm. */
static uint32_t key_of(const struct rows *rows, size_t number)
{
    uint32_t key;
    memcpy(&key, rows->names + number * rows->width, sizeof key);
    return key;
}

static int compare(const void *one, const void *other)
{
    uint64_t left, right;
    memcpy(&left, one, sizeof left);
    memcpy(&right, other, sizeof right);
    return (left > right) - (left < right);
}

/* A bucket for each number that the first half of a key can be. */
enum { BUCKETS = GIT_STARTS - 1 };

static size_t bucket_of(uint32_t key)
{
    return key >> 16;
}

/* Sorts the deltas by what they are against, and sets where each bucket starts; returns how many
 * deltas there are. */
static size_t sort_deltas(const struct rows *rows, uint64_t *deltas, uint32_t *starts)
{
    memset(starts, 0, GIT_STARTS * sizeof *starts);
    for (size_t number = 0; number < rows->number; number++)
        if (rows->bases[number])
            starts[bucket_of(rows->bases[number])]++;
    uint32_t count = 0;
    for (size_t bucket = 0; bucket <= BUCKETS; bucket++)
        starts[bucket] = count += starts[bucket];
    /* Each start is that of the next bucket now, and is moved to its own, delta by delta. */
    for (size_t number = rows->number; number-- > 0;)
        if (rows->bases[number])
            deltas[--starts[bucket_of(rows->bases[number])]] =
                (uint64_t)rows->bases[number] << 32 | number;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++)
        if (starts[bucket + 1] - starts[bucket] > 1)
            qsort(deltas + starts[bucket], starts[bucket + 1] - starts[bucket], sizeof *deltas,
                  compare);
    return count;
}

struct ordering {
    const struct rows *rows;
    const struct room *room;
    size_t deltas; /* how many there are */
    uint32_t *order;
    size_t ordered;
};

/* Returns the first delta against a key or a greater one. */
static size_t first_against(const struct room *room, uint32_t key)
{
    size_t low = room->starts[bucket_of(key)], high = room->starts[bucket_of(key) + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (room->deltas[middle] >> 32 < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Adds an object with all deltas against it, each before its base. */
static void add_family(struct ordering *ordering, uint32_t head)
{
    const struct room *room = ordering->room;
    size_t waiting = 0, first = ordering->ordered;
    room->heads[waiting++] = head;
    room->done[head] = 1;
    while (waiting) {
        uint32_t one = room->heads[--waiting], key = key_of(ordering->rows, one);
        ordering->order[ordering->ordered++] = one;
        size_t at = first_against(room, key);
        for (; at < ordering->deltas && room->deltas[at] >> 32 == key; at++) {
            uint32_t delta = (uint32_t)room->deltas[at];
            if (room->done[delta])
                break; /* Another object with the same key has had them. */
            room->done[delta] = 1;
            room->heads[waiting++] = delta;
        }
    }
    for (size_t last = ordering->ordered; first + 1 < last; first++) {
        uint32_t one = ordering->order[first];
        ordering->order[first] = ordering->order[--last];
        ordering->order[last] = one;
    }
}

void git_order(const struct rows *rows, const struct room *room, uint32_t *order)
{
    struct ordering ordering = {rows, room, sort_deltas(rows, room->deltas, room->starts), order,
                                0};
    memset(room->done, 0, rows->number);
    for (uint32_t number = 0; number < rows->number; number++)
        if (!rows->bases[number])
            add_family(&ordering, number);
    /* What is left are deltas whose base is not here. Siblings stand side by side. */
    for (size_t at = 0; at < ordering.deltas; at++) {
        uint32_t delta = (uint32_t)room->deltas[at];
        if (!room->done[delta])
            add_family(&ordering, delta);
    }
}
