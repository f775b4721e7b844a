/* The first place in a buffer that calls for a look. */

#include "skim.h"

size_t skim_encoded_place(const byte *data, size_t size, size_t start, size_t stop, int depth)
{
    struct span quoted = {0};
    struct part part = {data, start, stop, depth, &quoted};
    if (depth > DEPTH)
        return NONE;
    struct digits digits = {0};
    struct runs runs = {{start, start}, {start, start}, start};
    struct nuls nuls = {0};
    struct masks masks;
    for (size_t at = start; at < stop; at += BLOCK) {
        skim_fill_masks(&masks, data, at, least(stop, at + BLOCK), size);
        size_t place = skim_needle_place(&masks, data, size, &digits);
        place = least(place, skim_run_place(&part, &masks, &runs));
        place = least(place, skim_nul_place(&part, &masks, &nuls));
        if (place != NONE)
            return place;
    }
    return NONE;
}

/* Names that have been looked for: the first that was not too early for the last call, and the
 * digits near it. */
struct names {
    size_t known;
    struct digits near;
};

/* Tells whether a prefix or a label that calls for a look stands in [low, high), which grow from
 * call to call. */
static bool name_within(const byte *data, size_t size, struct names *names, size_t low, size_t high)
{
    high = least(high, size);
    size_t from = names->known > low ? names->known : low;
    names->known = skim_next_name(data, from, high, size, &names->near);
    return names->known < high;
}

size_t skim_plain_place(const byte *data, size_t size, size_t start, size_t stop)
{
    struct digits digits = {.searched = start};
    struct names names = {0};
    while (skim_next_digits(data, size, &digits, start, stop) && digits.start < stop)
        if (name_within(data, size, &names, far_before(digits.start), digits.end + CONTEXT))
            return digits.start;
    return NONE;
}
