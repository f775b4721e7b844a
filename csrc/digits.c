/* Runs of hex digits that are long enough for a key. */

#include "skim.h"

enum { DIGIT_STEP = FEWEST_DIGITS - WINDOW + 1 };

bool skim_next_digits(const byte *data, size_t size, struct digits *digits, size_t from,
                      size_t stop)
{
    size_t floor = from > digits->searched ? from : digits->searched;
    size_t at = floor;
    for (; at < stop && at + WINDOW <= size; at += DIGIT_STEP) {
        window bytes = window_at(data + at);
        if (has_any(~between(bytes, '0', 'f')) ||
            has_any(~(between(bytes, '0', '9') | between(bytes | 0x20, 'a', 'f'))))
            continue;
        size_t start = start_of(data, at, floor, HEX);
        size_t end = end_of(data, at, size, HEX);
        if (end - start >= FEWEST_DIGITS) {
            *digits = (struct digits){start, end, end};
            return true;
        }
        floor = end;
        at = end - DIGIT_STEP;
    }
    digits->searched = start_of(data, least(at, size), floor, HEX);
    return false;
}

bool skim_digits_within(const byte *data, size_t size, struct digits *digits, size_t low,
                        size_t high)
{
    while (digits->end < low + FEWEST_DIGITS) {
        if (digits->searched >= high || !skim_next_digits(data, size, digits, low, high))
            return false;
    }
    return digits->start + FEWEST_DIGITS <= high;
}
