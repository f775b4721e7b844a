/* The first place in a buffer that calls for a look. */

#include "skim.h"

size_t skim_encoded_place(const byte *data, size_t size, size_t start, size_t stop, int depth)
{
    struct part part = {data, start, stop, depth};
    if (depth > DEPTH)
        return NONE;
    struct digits digits = {0};
    struct runs runs = {0};
    struct nuls nuls = {0};
    for (size_t at = start; at < stop; at += BLOCK) {
        size_t end = least(stop, at + BLOCK);
        /* The last needle of a block may show in the next one. */
        size_t from = at > start + 2 ? at - 2 : start;
        size_t place = skim_needle_place(data, from, end, size, &digits);
        place = least(place, skim_run_place(&part, at, end, &runs));
        place = least(place, skim_nul_place(&part, at, end, &nuls));
        if (place != NONE)
            return place;
    }
    return NONE;
}

/* Tells whether "hex" or "_key" stands in [low, high), which grow from call to call; `known` is
 * the first of them that was not too early for the last call. */
static bool name_within(const byte *data, size_t size, size_t *known, size_t low, size_t high)
{
    size_t at = *known > low ? *known : low;
    high = least(high, size);
    while ((at = skim_next_stride(data, at, high, size, false)) < high) {
        size_t end = least(high, at + STRIDE);
        for (; at < end; at++) {
            if (!is(data[at], NEEDLE))
                continue;
            enum needle needle = skim_needle_at(data, at, size);
            if (needle == PREFIX || needle == TERM) {
                *known = at;
                return true;
            }
        }
    }
    *known = high;
    return false;
}

size_t skim_plain_place(const byte *data, size_t size, size_t start, size_t stop)
{
    struct digits digits = {.searched = start};
    size_t known = 0;
    while (skim_next_digits(data, size, &digits, start, stop) && digits.start < stop)
        if (name_within(data, size, &known, far_before(digits.start), digits.end + CONTEXT))
            return digits.start;
    return NONE;
}
