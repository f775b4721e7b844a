/* How many lines end in a buffer. */

#include "skim.h"

enum { SIDE_BY_SIDE = 4, MOST_ROUNDS = 255 /* that a byte can count */ };

static size_t sum(window counts)
{
    size_t all = 0;
    for (size_t number = 0; number < WINDOW; number++)
        all += counts[number];
    return all;
}

size_t skim_newlines(const byte *data, size_t size)
{
    size_t at = 0, lines = 0;
    while (size - at >= SIDE_BY_SIDE * WINDOW) {
        size_t rounds = least((size - at) / (SIDE_BY_SIDE * WINDOW), MOST_ROUNDS);
        window counts[SIDE_BY_SIDE] = {{0}};
        for (; rounds; rounds--)
            for (size_t side = 0; side < SIDE_BY_SIDE; side++, at += WINDOW)
                /* A comparison that holds sets all bits, which is -1. */
                counts[side] -= (window)(window_at(data + at) == '\n');
        for (size_t side = 0; side < SIDE_BY_SIDE; side++)
            lines += sum(counts[side]);
    }
    for (; at < size; at++)
        lines += data[at] == '\n';
    return lines;
}
