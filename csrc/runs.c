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
        if (broken == end || before == floor || !is(data[before - 1], MEMBER))
            return start;
        start = before;
    }
}

/* Tells whether the "=" behind a run calls for a look: by what quoted-printable makes of it, or as
 * it is written with other escapes itself, or cut off. */
static bool may_go_on(const struct part *part, size_t start, size_t end)
{
    if (end + 1 == part->stop || (part->data[end + 1] != '=' && is(part->data[end + 1], SIGN)))
        return true;
    return skim_may_be_quoted(part, start, end);
}

/* Tells whether a run that is a part of [start, end) can be text, with the lines before and behind
 * it, or may go on behind a "=". Moves `end` to the end of all of them. */
static bool may_be_text(const struct part *part, size_t start, size_t *end)
{
    const byte *data = part->data;
    struct phases phases = {0};
    size_t first = first_line(part, start), at = first;
    while (at < part->stop) {
        size_t next = at + 1;
        if (is(data[at], MEMBER)) {
            if (count_letter(&phases, data[at]))
                return true;
        } else {
            next = next_line(data, at, part->stop);
            if (next == at)
                break;
        }
        at = next;
    }
    *end = at > *end ? at : *end;
    return at < part->stop && data[at] == '=' && may_go_on(part, first, at);
}

/* Tells whether a run of digits and escapes calls for a look, and moves `end` to its end. */
static bool may_be_escaped(const struct part *part, size_t start, size_t *end)
{
    *end = end_of(part->data, *end, part->stop, ESCAPING);
    return skim_may_be_escaped(part->data, start, *end);
}

/* A kind of run, and what tells of one that is long enough whether it calls for a look; that moves
 * `end`, at first in the run, behind what nothing more is to be told of. */
struct run_kind {
    uint32_t members;
    size_t shortest;
    bool (*calls)(const struct part *part, size_t start, size_t *end);
};

/* Returns the first offset from `at` on where a run that is long enough starts, as far as [at, end)
 * tells, or may start behind which there is too little left. In front of `at` there is no such
 * byte. */
static size_t next_run(const byte *data, size_t at, size_t end, const struct run_kind *kind)
{
    while (at + kind->shortest <= end) {
        /* From its far end the next byte of another kind is seen the soonest. */
        size_t start = start_of(data, at + kind->shortest, at, kind->members);
        if (start == at)
            break;
        at = start;
    }
    return at;
}

/* Returns the start of the first run that calls for a look, of those that start among bytes without
 * a break and are long enough in front of `end`, or NONE. */
static size_t unbroken_place(const struct part *part, size_t end, const struct run_kind *kind,
                             struct reached *reached)
{
    size_t at = reached->seen > reached->unbroken ? reached->seen : reached->unbroken;
    if (end < at + kind->shortest)
        return NONE;
    while ((at = next_run(part->data, at, end, kind)) + kind->shortest <= end) {
        size_t behind = at + kind->shortest;
        if (kind->calls(part, at, &behind))
            return at;
        at = end_of(part->data, behind, part->stop, kind->members);
    }
    reached->seen = at;
    return NONE;
}

/* Looks at what ends in a step, which has some breaks: what came over from before, and what may
 * both start and end in it. */
static size_t ended_place(const struct part *part, size_t at, uint64_t breaks,
                          const struct run_kind *kind, struct reached *reached)
{
    size_t place = unbroken_place(part, at + lowest(breaks), kind, reached);
    size_t spare = STEP - kind->shortest;
    uint64_t before = breaks & (((uint64_t)1 << spare) - 1), behind = breaks & ~before;
    if (place == NONE && before != 0 && behind != 0) {
        reached->unbroken = at + highest(before) + 1;
        place = unbroken_place(part, at + lowest(behind), kind, reached);
    }
    return place;
}

/* Returns the start of the first run of a kind that calls for a look, or NONE; `breaks` are the
 * masks of what it does not go on over. */
static size_t kind_place(const struct part *part, const struct masks *masks, const uint64_t *breaks,
                         const struct run_kind *kind, struct reached *reached)
{
    size_t shortest = kind->shortest, place = NONE, unbroken = reached->unbroken;
    /* What a run that both starts and ends in a step has in it. */
    const uint64_t middle = ~(uint64_t)0 << (STEP - shortest) & ~(uint64_t)0 >> (STEP - shortest);
    for (size_t at = masks->start; at < masks->stop; at += STEP, breaks++) {
        if (*breaks == 0)
            continue;
        if (at + lowest(*breaks) >= unbroken + shortest || (*breaks & middle) == 0) {
            reached->unbroken = unbroken;
            place = ended_place(part, at, *breaks, kind, reached);
            if (place != NONE)
                return place;
        }
        unbroken = at + highest(*breaks) + 1;
    }
    reached->unbroken = unbroken;
    return unbroken_place(part, masks->stop, kind, reached);
}

static size_t list_place(const struct part *part, size_t at, struct runs *runs)
{
    if (at < runs->list || end_of(part->data, at, at + STEP, LISTED) < at + STEP)
        return NONE;
    size_t start = start_of(part->data, at, part->start, LISTED);
    runs->list = end_of(part->data, at + STEP, part->stop, LISTED);
    bool is_long = runs->list - start >= SHORTEST_LIST;
    return is_long && skim_lists_text(part, start, runs->list) ? start : NONE;
}
_Static_assert(2 * STEP - 1 <= SHORTEST_LIST, "a list could have no whole step in it");

size_t skim_run_place(const struct part *part, const struct masks *masks, struct runs *runs)
{
    static const struct run_kind letters = {LETTER, SHORTEST_RUN, may_be_text};
    static const struct run_kind escaped = {ESCAPING, SHORTEST_ESCAPED, may_be_escaped};
    size_t place = kind_place(part, masks, masks->no_letters, &letters, &runs->letters);
    place = least(place, kind_place(part, masks, masks->no_escapes, &escaped, &runs->escaped));
    uint64_t steps = masks->may_be_lists;
    size_t list = NONE;
    while (steps != 0 && list == NONE)
        list = list_place(part, masks->start + take_lowest(&steps) * STEP, runs);
    return least(place, list);
}
