/* Runs of letters and digits, of digits and escapes, and of numbers. */

#include "skim.h"

/* What of a text in base 64 or in base 16 has passed: for each phase in which it may have begun,
 * how many groups of letters, or pairs of hex digits, in a row have started like an ASCII
 * character. The first of `groups` and of `pairs` is that of the next letter. See may_be_text in
 * hexscan.decoders.base64 and base16. */
struct phases {
    int groups[4], pairs[2];
};

enum { FEWEST_GROUPS = 13, FEWEST_PAIRS = 44 };

/* Takes the next letter; tells whether there was text enough for a key, in any phase. The counters
 * change places in registers, which takes no time. */
static inline bool count_letter(struct phases *phases, byte letter)
{
    int *groups = phases->groups, *pairs = phases->pairs;
    int group = is(letter, TEXT_GROUP) ? groups[0] + 1 : 0;
    int pair = is(letter, LOW_HALF) ? pairs[0] + 1 : 0;
    groups[0] = groups[1];
    groups[1] = groups[2];
    groups[2] = groups[3];
    groups[3] = group;
    pairs[0] = pairs[1];
    pairs[1] = pair;
    return (group >= FEWEST_GROUPS) | (pair >= FEWEST_PAIRS);
}

/* What a line of a run may be indented by. */
enum { MOST_BLANKS = 64 };

static size_t end_of_blanks(const byte *data, size_t at, size_t stop)
{
    return end_of(data, at, least(stop, at + MOST_BLANKS), BLANK);
}

/* Returns where a run goes on behind a line's end, real or as JSON writes it; `at` if it does not.
 * As in hexscan.decoders.runs. */
static size_t next_line(const byte *data, size_t at, size_t stop)
{
    size_t next = end_of_blanks(data, at, stop), broken = end_of(data, next, stop, LINE_END);
    if (broken == next) {
        if (stop - next >= 4 && memcmp(data + next, "\\r\\n", 4) == 0)
            broken = next + 4;
        else if (stop - next >= 2 && memcmp(data + next, "\\n", 2) == 0)
            broken = next + 2;
        else
            return at;
    }
    next = end_of_blanks(data, broken, stop);
    return next < stop && is(data[next], MEMBER) ? next : at;
}

/* Returns where a line's end starts that ends at `at`, real or as JSON writes it; `at` if there is
 * none. */
static size_t start_of_break(const byte *data, size_t at, size_t floor)
{
    size_t start = start_of(data, at, floor, LINE_END);
    if (start < at || at - floor < 2 || memcmp(data + at - 2, "\\n", 2) != 0)
        return start;
    start = at - 2;
    return start - floor >= 2 && memcmp(data + start - 2, "\\r", 2) == 0 ? start - 2 : start;
}

static size_t start_of_blanks(const byte *data, size_t at, size_t floor)
{
    return start_of(data, at, at - floor > MOST_BLANKS ? at - MOST_BLANKS : floor, BLANK);
}

/* Returns where quoted-printable goes on behind the soft line break at `at`, which is a "="; `at`
 * if it is none. As in hexscan.decoders.quoted_printable. */
static size_t behind_soft_break(const byte *data, size_t at, size_t stop)
{
    size_t end = end_of_blanks(data, at + 1, stop);
    end += end < stop && data[end] == '\r';
    return end < stop && data[end] == '\n' ? end + 1 : at;
}

/* Tells whether the "=" at `at`, which starts no soft line break, may be another escape, or one
 * that is itself written with escapes. What pads base 64 is neither. */
static bool may_be_escape(const byte *data, size_t at, size_t stop)
{
    if (stop - at < 3)
        return true;
    size_t behind = end_of_blanks(data, at + 1, stop);
    return behind == stop || (data[behind] != '=' && is(data[behind], SIGN)) ||
           (is(data[at + 1], HEX) && is(data[at + 2], HEX));
}

/* Returns where a run starts that may have come over several lines to the one at `start`. */
static size_t first_line(const struct part *part, size_t start)
{
    const byte *data = part->data;
    size_t floor = start - part->start > FARTHEST ? start - FARTHEST : part->start;
    for (;;) {
        start = start_of(data, start, floor, MEMBER);
        size_t end = start_of_blanks(data, start, floor);
        size_t broken = start_of_break(data, end, floor);
        size_t before = start_of_blanks(data, broken, floor);
        before -= before > floor && data[before - 1] == '=';
        if (broken == end || before == floor || !is(data[before - 1], MEMBER))
            return start;
        start = before;
    }
}

/* Tells whether a run that is a part of [start, end) can be text, with the lines before and behind
 * it, or may go on with an escape. Moves `end` to the end of all of them. */
static bool may_be_text(const struct part *part, size_t start, size_t *end)
{
    const byte *data = part->data;
    struct phases phases = {0};
    size_t at = first_line(part, start);
    while (at < part->stop) {
        size_t next = at + 1;
        if (is(data[at], MEMBER)) {
            if (count_letter(&phases, data[at]))
                return true;
        } else {
            next = data[at] == '=' ? behind_soft_break(data, at, part->stop)
                                   : next_line(data, at, part->stop);
            if (next == at)
                break;
        }
        at = next;
    }
    *end = at > *end ? at : *end;
    return at < part->stop && data[at] == '=' && may_be_escape(data, at, part->stop);
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

/* Return the start of a run around the window at `at`, if it calls for a look; each run is looked
 * at once. */

static size_t letters_at(const struct part *part, size_t at, struct runs *runs)
{
    if (at < runs->letters)
        return NONE;
    size_t start = run_around(part, at, LETTER, SHORTEST_RUN, &runs->letters);
    return start != NONE && may_be_text(part, start, &runs->letters) ? start : NONE;
}

static size_t escaped_at(const struct part *part, size_t at, struct runs *runs)
{
    if (at < runs->escaped || !all_are(part->data + at, ESCAPING))
        return NONE;
    size_t start = run_around(part, at, ESCAPING, SHORTEST_ESCAPED, &runs->escaped);
    return start != NONE && skim_may_be_escaped(part->data, start, runs->escaped) ? start : NONE;
}

static size_t list_at(const struct part *part, size_t at, struct runs *runs)
{
    if (at < runs->list || !all_are(part->data + at, LISTED))
        return NONE;
    size_t start = run_around(part, at, LISTED, SHORTEST_LIST, &runs->list);
    return start != NONE && skim_lists_text(part, start, runs->list) ? start : NONE;
}

/* Windows that call for a closer look, in their order. */
struct windows {
    size_t at[BLOCK / STEP + 2];
    size_t number;
};

/* Puts the windows in [at, stop) in which no run is cut short on one of two lists: those without a
 * blank, where letters and escapes can go on, and those without a letter that no number has. */
static void sort_windows(const struct part *part, size_t at, size_t stop, struct windows *unbroken,
                         struct windows *wordless)
{
    unbroken->number = wordless->number = 0;
    for (; at < stop && at + WINDOW <= part->stop; at += STEP) {
        /* A branch would be foretold wrong too often: what is not counted is written over. */
        window bytes = window_at(part->data + at);
        unbroken->at[unbroken->number] = wordless->at[wordless->number] = at;
        unbroken->number += !has_any((window)(bytes < '#'));
        wordless->number += !has_any(between(bytes | 0x20, 'g', 'w') | (window)(bytes < '\t'));
    }
}

/* Tells whether a list can be around a window: it has others on one side of it. What is before the
 * first window is not known. */
static bool is_among_windows(const struct windows *wordless, size_t number, size_t first)
{
    const size_t others = LIST_WINDOWS - 1;
    size_t at = wordless->at[number];
    return at < first + others * STEP ||
           (number >= others && wordless->at[number - others] + others * STEP == at);
}

size_t skim_run_place(const struct part *part, size_t at, size_t stop, struct runs *runs)
{
    struct windows unbroken, wordless;
    size_t first = part->start + (at - part->start + STEP - 1) / STEP * STEP, place = NONE;
    sort_windows(part, first, stop, &unbroken, &wordless);
    for (size_t number = 0; number < unbroken.number && place == NONE; number++) {
        at = unbroken.at[number];
        window bytes = window_at(part->data + at), low = bytes | 0x20;
        if (are_letters(bytes, low))
            place = letters_at(part, at, runs);
        if (!has_any(between(low, 'i', 't')))
            place = least(place, escaped_at(part, at, runs));
    }
    size_t list = NONE;
    for (size_t number = 0; number < wordless.number && list == NONE; number++)
        if (is_among_windows(&wordless, number, first))
            list = list_at(part, wordless.at[number], runs);
    return least(place, list);
}
