/* Runs of letters and digits, of digits and escapes, and of numbers. */

#include "skim.h"

/* As hexscan.decoders.base64.may_be_text. */
static bool may_be_base64(const byte *run, size_t size)
{
    const int fewest = 13;
    for (size_t phase = 0; phase < 4; phase++) {
        int groups = 0;
        for (size_t at = phase; at < size; at += 4) {
            groups = is(run[at], TEXT_GROUP) ? groups + 1 : 0;
            if (groups == fewest)
                return true;
        }
    }
    return false;
}

/* As hexscan.decoders.base16.may_be_text. */
static bool may_be_base16(const byte *run, size_t size)
{
    const int fewest = 44;
    for (size_t first = 0; first < 2; first++) {
        int pairs = 0;
        for (size_t at = first; at < size; at += 2) {
            pairs = is(run[at], LOW_HALF) ? pairs + 1 : 0;
            if (pairs == fewest)
                return true;
        }
    }
    return false;
}

/* As hexscan.decoders.sieve._may_be_text: whether a run can be text, or goes on in another line. */
static bool may_be_text(const struct part *part, size_t start, size_t end)
{
    const byte *data = part->data;
    if (end - start > LONG_RUN || start == part->start || end == part->stop)
        return true;
    if (is(data[start - 1], OPEN) || is(data[end], OPEN))
        return true;
    if (data[end] == '=' && (end + 1 == part->stop || is(data[end + 1], OPEN)))
        return true;
    return may_be_base64(data + start, end - start) || may_be_base16(data + start, end - start);
}

static size_t count(const byte *data, size_t start, size_t end, uint32_t kind)
{
    size_t found = 0;
    for (size_t at = start; at < end; at++)
        found += is(data[at], kind);
    return found;
}

/* As the first part of hexscan.decoders.sieve._may_be_escaped: digits enough, and a sign. */
static bool may_be_escaped(const byte *data, size_t start, size_t end)
{
    const size_t reach = 128; /* how far before its digits an escaped prefix ends at most */
    if (count(data, start, end, HEX) < FEWEST_DIGITS)
        return false;
    size_t before = start_of(data, start, start > reach ? start - reach : 0, SPELLING);
    return count(data, before, end, SIGN) > 0;
}

/* How far windows are apart, and how many side by side a list has at least. */
enum { STEP = 30, LIST_WINDOWS = 3 };
_Static_assert(STEP + WINDOW - 1 <= SHORTEST_ESCAPED, "a run could lie between two windows");
_Static_assert(LIST_WINDOWS *STEP + WINDOW - 1 <= SHORTEST_LIST, "or a list");

/* Tells whether all bytes are letters of base 64; `low` are the same in lower case. */
static inline bool are_letters(window bytes, window low)
{
    return !has_any(~(between(low, 'a', 'z') | between(bytes, '/', '9') | (window)(bytes == '+')));
}

/* Looks at the run of a kind around a window; returns its start if it is long enough. */
static size_t run_around(const struct part *part, size_t at, uint32_t kind, size_t shortest,
                         size_t *end)
{
    size_t start = start_of(part->data, at, part->start, kind);
    *end = end_of(part->data, at, part->stop, kind);
    return *end - start >= shortest ? start : NONE;
}

size_t skim_run_place(const struct part *part, size_t at, size_t stop, struct runs *runs)
{
    const byte *data = part->data;
    size_t first = NONE, start, end;
    int listed = LIST_WINDOWS; /* what is before these windows is not known */
    at = part->start + (at - part->start + STEP - 1) / STEP * STEP;
    for (; at < stop && at + WINDOW <= part->stop; at += STEP) {
        /* For nearly all windows a few comparisons say that no run can be there. */
        window bytes = window_at(data + at), low = bytes | 0x20;
        if (are_letters(bytes, low) && at >= runs->letters) {
            start = run_around(part, at, LETTER, SHORTEST_RUN, &runs->letters);
            if (start != NONE && may_be_text(part, start, runs->letters))
                first = least(first, start);
        }
        if (!has_any((window)(bytes < '#') | between(low, 'i', 't')) && at >= runs->escaped &&
            all_are(data + at, ESCAPING)) {
            start = run_around(part, at, ESCAPING, SHORTEST_ESCAPED, &runs->escaped);
            if (start != NONE && may_be_escaped(data, start, runs->escaped))
                first = least(first, start);
        }
        listed = has_any(between(low, 'g', 'w')) ? 0 : listed + 1;
        if (listed >= LIST_WINDOWS && at >= runs->list && all_are(data + at, LISTED)) {
            start = run_around(part, at, LISTED, SHORTEST_LIST, &end);
            runs->list = end;
            if (start != NONE && skim_lists_text(part, start, end))
                first = least(first, start);
        }
        if (first != NONE)
            return first;
    }
    return NONE;
}
