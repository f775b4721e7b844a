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

/* Sorts the deltas by what they are against; returns how many there are. */
static size_t sort_deltas(const struct rows *rows, uint64_t *deltas)
{
    size_t count = 0;
    for (size_t number = 0; number < rows->number; number++)
        if (rows->bases[number])
            deltas[count++] = (uint64_t)rows->bases[number] << 32 | number;
    qsort(deltas, count, sizeof *deltas, compare);
    return count;
}

/* Returns the first delta against a key or a greater one. */
static size_t first_against(const uint64_t *deltas, size_t count, uint32_t key)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        if (deltas[middle] >> 32 < key)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

struct ordering {
    const struct rows *rows;
    const struct room *room;
    size_t deltas; /* how many there are */
    uint32_t *order;
    size_t ordered;
};

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
        size_t at = first_against(room->deltas, ordering->deltas, key);
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
    struct ordering ordering = {rows, room, sort_deltas(rows, room->deltas), order, 0};
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
