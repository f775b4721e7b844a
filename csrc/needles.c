/* Needles: the prefix, the terms of a hex.config, and the prefix in base 64. */

#include "skim.h"

enum needle skim_needle_at(const byte *data, size_t at, size_t size)
{
    const byte *here = data + at;
    size_t left = size - at;
    switch (here[0]) {
    case 'h':
    case 'H':
        if (left >= 3 && lower(here[1]) == 'e' && lower(here[2]) == 'x')
            return PREFIX;
        return left >= 4 && memcmp(here, "hleF", 4) == 0 ? BASE64 : NOTHING;
    case '_':
        return left >= 4 && lower(here[1]) == 'k' && lower(here[2]) == 'e' && lower(here[3]) == 'y'
                   ? TERM
                   : NOTHING;
    case 'a':
        return left >= 5 && memcmp(here, "aGV4X", 5) == 0 ? BASE64 : NOTHING;
    case 'o':
        return left >= 5 && memcmp(here, "oZXhf", 5) == 0 ? BASE64 : NOTHING;
    default:
        return NOTHING;
    }
}

/* Tells whether there are digits for a label that stands at `at`. */
static bool has_digits(const byte *data, size_t at, size_t size, struct digits *digits)
{
    return skim_digits_within(data, size, digits, far_before(at), at + CONTEXT);
}

/* Tells whether a needle calls for a look, by what stands around it. */
static bool calls(enum needle needle, const byte *data, size_t at, size_t size,
                  struct digits *digits)
{
    switch (needle) {
    case BASE64:
        return true;
    case PREFIX:
        return at + 3 < size && is(data[at + 3], BEHIND_HEX) &&
               (skim_may_be_prefix(data, at, size) ||
                (has_digits(data, at, size, digits) && skim_may_be_label(data, at, size)));
    case TERM:
        return at + 4 < size && is(data[at + 4], BEHIND_KEY) &&
               has_digits(data, at, size, digits) && skim_may_be_term(data, at, size);
    default:
        return false;
    }
}

/* Takes out of the masks the first place at which a needle may be; NONE if there is none. */
static size_t take_needle(struct masks *masks)
{
    if (masks->with_needles == 0)
        return NONE;
    size_t step = lowest(masks->with_needles);
    size_t at = masks->start + step * STEP + take_lowest(&masks->needles[step]);
    if (masks->needles[step] == 0)
        take_lowest(&masks->with_needles);
    return at;
}

size_t skim_needle_place(struct masks *masks, const byte *data, size_t size, struct digits *digits)
{
    size_t at;
    while ((at = take_needle(masks)) != NONE)
        if (calls(skim_needle_at(data, at, size), data, at, size, digits))
            return at;
    return NONE;
}

size_t skim_next_name(const byte *data, size_t at, size_t stop, size_t size, struct digits *digits)
{
    /* Most names are asked for next to where they are. */
    const size_t few = 8 * STEP;
    struct masks masks;
    while (at < stop) {
        size_t end = least(stop, at + few), name;
        skim_fill_masks(&masks, data, at, end, size);
        while ((name = take_needle(&masks)) != NONE) {
            enum needle needle = skim_needle_at(data, name, size);
            if (needle != BASE64 && calls(needle, data, name, size, digits))
                return name;
        }
        at = end;
    }
    return stop;
}
