/* Whether bytes can hold a key at all, and where to look: what a clean file costs, at memory speed.
 *
 * Three functions on any buffer of bytes. Each gives the first place that calls for a look, or -1,
 * which is certain. They only read, keep nothing, and know nothing of checksums, labels or escapes:
 * at a place they give, the Python modules decide (hexscan.matcher, hexscan.decoders.sieve), and
 * without this module these do it all. What is looked for, and why nothing is missed, is told in
 * ARCHITECTURE.md, "The compiled part"; tests/properties/test_skim.py holds the two together.
 *
 * Vectors are those of GCC and Clang, which compile them for any processor. Everything is linear
 * in the size of the buffer.
 */

#ifndef Py_GIL_DISABLED
#define Py_LIMITED_API 0x030b0000
#endif
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef unsigned char byte;
typedef byte vector __attribute__((vector_size(32)));
typedef uint64_t words __attribute__((vector_size(32)));
typedef byte window __attribute__((vector_size(16)));
typedef uint64_t halves __attribute__((vector_size(16)));

/* On x86-64 a copy of the loops is compiled for processors with AVX2, and taken where it runs. */
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define HAS_AVX2_COPY 1
#endif

#define NONE SIZE_MAX
/* The lock of the interpreter is let go for what takes longer than to have it back. */
#define LONG (1 << 16)

/* As in hexscan.key, hexscan.matcher and hexscan.decoders. */
enum {
    DIGITS = 40,         /* behind the prefix of a key */
    FEWEST_DIGITS = 32,  /* of a legacy key; no rule is content with fewer in a row */
    CONTEXT = 4096,      /* how far a label is from its digits at most */
    SHORTEST_RUN = 55,
    SHORTEST_ESCAPED = 46,
    SHORTEST_LIST = 127,
    FEWEST_COMMAS = 43,
    LONG_RUN = 4096,
    DEPTH = 4,
};

/* A block is looked at for one thing after the other while it is in the first-level cache. */
#define BLOCK 8192

/* ------------------------------------------------------------------------------ kinds of bytes */

enum {
    HEX = 1 << 0,       /* a hex digit */
    LETTER = 1 << 1,    /* of base 64, but for - and _ */
    ESCAPING = 1 << 2,  /* a hex digit, or what escapes are made of */
    LISTED = 1 << 3,    /* a number, and what stands between numbers */
    SIGN = 1 << 4,      /* what an escape starts with */
    SPELLING = 1 << 5,  /* what an escaped prefix is written with, and glue behind it */
    BEHIND_HEX = 1 << 6,
    BEHIND_KEY = 1 << 7,
    GLUE = 1 << 8,         /* the first byte of what may interrupt a key */
    PUNCTUATION = 1 << 9,  /* of which glue is made */
    OTHER_GLUE = 1 << 10,
    QUOTE = 1 << 11,
    OPEN = 1 << 12,       /* beside this a run may go on in another line */
    TEXT_GROUP = 1 << 13, /* starts a group of base 64 that stands for text */
    LOW_HALF = 1 << 14,   /* the first hex digit of an ASCII character */
    ESCAPED = 1 << 15,    /* may stand behind a backslash in an escape */
    NUMERAL = 1 << 16,    /* what numbers are written with */
};

static uint32_t kinds[256];

static void add(int kind, const char *members)
{
    for (; *members; members++)
        kinds[(byte)*members] |= kind;
}

static void fill_kinds(void)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    add(HEX | ESCAPING | LISTED | NUMERAL | SPELLING, hex);
    add(NUMERAL, "xX");
    add(LETTER, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/");
    add(ESCAPING, "hHxXuU_{}#;%\\&=");
    add(LISTED, "xX, \r\n\t");
    add(SIGN, "%\\&=");
    add(SPELLING, "hHxXuUmplowrs_{}#;+.<>\"'` \r\n%\\&=");
    add(BEHIND_HEX, "_.:- ,='\t\r\npP%\\&\"`\x1b");
    add(BEHIND_KEY, "', =\t\r\n%\\&");
    add(GLUE, "\"'`\\\r\n\t \x1b\xe2\xc2\xef");
    add(PUNCTUATION, " \t\r\n\\\"'`+.<>&|~,@$#*/;%-[]");
    add(OTHER_GLUE, "\x1b\xe2\xc2\xef");
    add(QUOTE, "\"'`");
    add(OPEN, "\r\n\\ \t");
    add(TEXT_GROUP, "ACDGIJKLMNOPQRSTUVWXYZabcdef");
    add(LOW_HALF, "01234567");
    add(ESCAPED, "xXuU01\\\"'/nrte");
}

static inline bool is(byte character, int kind)
{
    return (kinds[character] & kind) != 0;
}

static inline byte lower(byte letter)
{
    return letter | 0x20;
}

static inline size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* Returns where the bytes of a kind end that start at `at`. */
static size_t end_of(const byte *data, size_t at, size_t stop, int kind)
{
    while (at < stop && is(data[at], kind))
        at++;
    return at;
}

/* Returns where the bytes of a kind start that end at `at`. */
static size_t start_of(const byte *data, size_t at, size_t floor, int kind)
{
    while (at > floor && is(data[at - 1], kind))
        at--;
    return at;
}

/* ------------------------------------------------------------------------------------- windows */

/* Runs are looked for in windows that are far apart, so that each run has one in it whole. */
enum { WINDOW = sizeof(window) };

static inline window window_at(const byte *data)
{
    window loaded;
    memcpy(&loaded, data, sizeof loaded);
    return loaded;
}

static inline bool has_any(window mask)
{
    halves two = (halves)mask;
    return (two[0] | two[1]) != 0;
}

/* Sets the bytes from `first` to `last`. */
static inline window between(window bytes, byte first, byte last)
{
    return (window)((window)(bytes - first) <= (byte)(last - first));
}

/* Tells whether all bytes are letters of base 64; `low` are the same in lower case. */
static inline bool are_letters(window bytes, window low)
{
    return !has_any(~(between(low, 'a', 'z') | between(bytes, '/', '9') | (window)(bytes == '+')));
}

static inline bool all_are(const byte *data, int kind)
{
    for (int at = 0; at < WINDOW; at++)
        if (!is(data[at], kind))
            return false;
    return true;
}

/* ---------------------------------------------------------------------------------- hex digits */

/* The digits that were last met: those of a buffer are asked for from its start to its end. */
struct digits {
    size_t start, end; /* a run of at least FEWEST_DIGITS, or nothing yet */
    size_t searched;   /* no other such run ends in front of this */
};

enum { DIGIT_STEP = FEWEST_DIGITS - WINDOW + 1 };

/* Finds the next run of digits that is long enough, and starts before `stop`. */
static bool next_digits(const byte *data, size_t size, struct digits *digits, size_t from,
                        size_t stop)
{
    size_t floor = from > digits->searched ? from : digits->searched;
    size_t at = floor;
    for (; at < stop && at + WINDOW <= size; at += DIGIT_STEP) {
        window bytes = window_at(data + at);
        if (has_any(~between(bytes, '0', 'f')) || !all_are(data + at, HEX))
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

/* Tells whether there are digits enough in [low, high), which grow from call to call. */
static bool digits_within(const byte *data, size_t size, struct digits *digits, size_t low,
                          size_t high)
{
    while (digits->end < low + FEWEST_DIGITS) {
        if (digits->searched >= high || !next_digits(data, size, digits, low, high))
            return false;
    }
    return digits->start + FEWEST_DIGITS <= high;
}

/* -------------------------------------------------------------------------------------- needles */

/* What one of these starts with, in a search for any of them. */
enum { PREFIX, TERM, BASE64, NOTHING };

/* Says which of the needles stands at `at`; there are at least four bytes from there. */
static int needle_at(const byte *data, size_t at, size_t size)
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

/* A macro, for a function that returns a vector wants to know by which processor. */
#define LOAD(loaded, data) memcpy(&(loaded), data, sizeof(loaded))

/* Sets the bytes where a prefix or a term could start, or some two letters of a needle of base 64
 * stand that are seldom neighbours. */
static inline __attribute__((always_inline)) void needles(vector *hits, const byte *data,
                                                          bool base64)
{
    vector one, two, three;
    LOAD(one, data);
    LOAD(two, data + 1);
    LOAD(three, data + 2);
    vector low_two = two | 0x20, low_three = three | 0x20;
    *hits |= (vector)((one | 0x20) == 'h') & (vector)(low_two == 'e') &
             (vector)(low_three == 'x');
    *hits |= (vector)(one == '_') & (vector)(low_two == 'k') & (vector)(low_three == 'e');
    if (base64) {
        *hits |= (vector)(one == 'G') & (vector)(two == 'V');
        *hits |= (vector)(one == 'e') & (vector)(two == 'F');
        *hits |= (vector)(one == 'Z') & (vector)(two == 'X');
    }
}

enum { STRIDE = 4 * sizeof(vector) };

/* Returns the first place in [at, stop) at which a needle could start, or a byte or two behind its
 * start; it may be up to a stride too early. `stop` if there is none. */
static inline __attribute__((always_inline)) size_t
skip_to_needle(const byte *data, size_t at, size_t stop, size_t size, bool base64)
{
    while (at < stop && at + STRIDE + 2 <= size) {
        vector hits = {0};
        for (size_t part = 0; part < STRIDE; part += sizeof(vector))
            needles(&hits, data + at + part, base64);
        words four = (words)hits;
        if (four[0] | four[1] | four[2] | four[3])
            return at;
        at += STRIDE;
    }
    return least(at, stop);
}

#ifdef HAS_AVX2_COPY
__attribute__((target("avx2"))) static size_t skip_avx2(const byte *data, size_t at, size_t stop,
                                                        size_t size, bool base64)
{
    return base64 ? skip_to_needle(data, at, stop, size, true)
                  : skip_to_needle(data, at, stop, size, false);
}
#endif

static size_t skip_portable(const byte *data, size_t at, size_t stop, size_t size, bool base64)
{
    return base64 ? skip_to_needle(data, at, stop, size, true)
                  : skip_to_needle(data, at, stop, size, false);
}

static size_t (*skip)(const byte *, size_t, size_t, size_t, bool) = skip_portable;

/* --------------------------------------------------------------- the prefix and what is behind */

/* As hexscan.decoders.prefixes._may_go_on: whether glue and more of a key can stand here. */
static bool may_go_on(const byte *rest, size_t size, bool digits)
{
    size_t at = end_of(rest, 0, size, PUNCTUATION);
    if (at == size || is(rest[at], OTHER_GLUE))
        return true;
    if (rest[at] == '_' || is(rest[at], HEX)) {
        bool is_number = rest[at] == '_' || (rest[at] >= '0' && rest[at] <= '9');
        if (digits || is_number)
            return true;
    }
    for (size_t ahead = at; ahead < size && ahead < at + 3; ahead++)
        if (is(rest[ahead], QUOTE))
            return true;
    return false;
}

/* As hexscan.decoders.prefixes._may_be_escape: whether one starts here, as two bytes tell. */
static bool may_be_escape(const byte *rest, size_t size)
{
    byte next = size > 1 ? rest[1] : 0;
    bool is_last = size < 2;
    switch (rest[0]) {
    case '\\':
        return is_last || is(next, ESCAPED);
    case '&':
        return next == '#' || (lower(next) >= 'a' && lower(next) <= 'z');
    case '=':
        if (!is_last && (next == ' ' || next == '\t' || next == '\r' || next == '\n'))
            return true;
        break;
    default:
        break;
    }
    return end_of(rest, 1, least(size, 3), HEX) == least(size, 3);
}

/* Tells whether the "hex" at `at` can be a prefix that is written in any of the ways in which it
 * stays readable. */
static bool may_be_prefix(const byte *data, size_t at, size_t size)
{
    const size_t more = 4; /* what is looked at behind the digits */
    size_t end = least(size, at + 4 + DIGITS + more), rest = at + 3;
    bool has_separator = data[rest] == '_';
    size_t digits = 0;
    if (has_separator) {
        rest = end_of(data, rest + 1, end, HEX);
        digits = rest - (at + 4);
    }
    if (digits >= DIGITS)
        return true;
    if (rest == end)
        return false;
    if (is(data[rest], GLUE) && may_go_on(data + rest, end - rest, has_separator))
        return true;
    if (is(data[rest], SIGN))
        return may_be_escape(data + rest, end - rest);
    return is(data[rest], GLUE) && digits > 0;
}

static size_t far_before(size_t at)
{
    return at > CONTEXT ? at - CONTEXT : 0;
}

/* Returns the first needle in [at, stop) that calls for a look, or `NONE`. */
static size_t needle_place(const byte *data, size_t start, size_t stop, size_t size,
                           struct digits *digits)
{
    size_t at = start;
    while ((at = skip(data, at, stop, size, true)) < stop) {
        /* A hit may tell a needle that started up to two bytes before. */
        size_t from = at > start + 2 ? at - 2 : start, end = least(stop, at + STRIDE);
        for (size_t here = from; here < end; here++) {
            int needle = needle_at(data, here, size);
            if (needle == BASE64)
                return here;
            if (needle == PREFIX && here + 3 < size && is(data[here + 3], BEHIND_HEX) &&
                (may_be_prefix(data, here, size) ||
                 digits_within(data, size, digits, far_before(here), here + CONTEXT)))
                return here;
            if (needle == TERM && here + 4 < size && is(data[here + 4], BEHIND_KEY) &&
                digits_within(data, size, digits, far_before(here), here + CONTEXT))
                return here;
        }
        at = end;
    }
    return NONE;
}

/* ----------------------------------------------------------------------------------------- runs */

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

/* A part of a buffer, as if there were nothing around it. */
struct part {
    const byte *data;
    size_t start, stop;
    int depth; /* of readings in which it was found */
};

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

static size_t count(const byte *data, size_t start, size_t end, int kind)
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

static size_t encoded_place(const byte *data, size_t size, size_t start, size_t stop, int depth);

/* Reads one number of a list, in decimal or in base 16; -1 if it is none of a byte's size. What is
 * greater than a byte counts as the greatest, as in hexscan.decoders.integers. */
static int number_of(const byte *word, size_t size)
{
    bool is_hex = size > 2 && word[0] == '0' && lower(word[1]) == 'x';
    size_t at = is_hex ? 2 : 0;
    int value = 0;
    if (size > (is_hex ? 4 : 3))
        return -1;
    for (; at < size; at++) {
        byte digit = lower(word[at]);
        if (digit >= '0' && digit <= '9')
            value = value * (is_hex ? 16 : 10) + (digit - '0');
        else if (is_hex && digit >= 'a' && digit <= 'f')
            value = value * 16 + (digit - 'a' + 10);
        else
            return -1;
    }
    return value < 255 ? value : 255;
}

/* Tells whether the text that a list of numbers stands for could hold a key. */
static bool lists_text(const byte *data, size_t start, size_t end, int depth)
{
    byte *text = malloc((end - start) / 2 + 1);
    size_t length = 0, at = start;
    bool has_comma = false, found = text == NULL;
    while (at < end && !found) {
        size_t word = at;
        while (at < end && is(data[at], NUMERAL))
            at++;
        if (at > word) {
            int value = number_of(data + word, at - word);
            if (!has_comma || value < 0) {
                /* A list ends here, and another one may begin. */
                found = length >= FEWEST_COMMAS &&
                        encoded_place(text, length, 0, length, depth + 1) != NONE;
                length = 0;
            }
            if (value >= 0)
                text[length++] = (byte)value;
        }
        has_comma = false;
        while (at < end && !is(data[at], NUMERAL)) {
            has_comma |= data[at] == ',';
            at++;
        }
    }
    found = found || (length >= FEWEST_COMMAS &&
                      encoded_place(text, length, 0, length, depth + 1) != NONE);
    free(text);
    return found;
}

/* How far windows are apart. */
enum { STEP = 30, LIST_WINDOWS = 3 };
_Static_assert(STEP + WINDOW - 1 <= SHORTEST_ESCAPED, "a run could lie between two windows");
_Static_assert(LIST_WINDOWS * STEP + WINDOW - 1 <= SHORTEST_LIST, "a list could lie between two windows");

/* Where the runs end that have been looked at, by kind: they are looked at once. */
struct runs {
    size_t letters, escaped, list;
};

/* Looks at the run of a kind around a window; returns its start if it is long enough. */
static size_t run_around(const struct part *part, size_t at, int kind, size_t shortest,
                         size_t *end)
{
    size_t start = start_of(part->data, at, part->start, kind);
    *end = end_of(part->data, at, part->stop, kind);
    return *end - start >= shortest ? start : NONE;
}

/* Returns the first run that calls for a look among those with a window in [at, stop). */
static size_t run_place(const struct part *part, size_t at, size_t stop, struct runs *runs)
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
            if (start != NONE && lists_text(data, start, end, part->depth))
                first = least(first, start);
        }
        if (first != NONE)
            return first;
    }
    return NONE;
}

/* ----------------------------------------------------------------------------- UTF-16 and UTF-32 */

/* What characters of one or of three NULs leave of a word of eight bytes, and how many words in a
 * row show a text: a key is eighty bytes long or more. */
enum { WORD = 8, WORD_STEP = 16, FEWEST_WORDS = 3 };

/* Returns which bytes of a word are NUL, a bit for each, if they are in one of six patterns. */
static unsigned nul_pattern(const byte *word)
{
    unsigned nuls = 0;
    for (int at = 0; at < WORD; at++)
        nuls |= (unsigned)(word[at] == 0) << at;
    switch (nuls) {
    case 0x55:
    case 0xAA:
    case 0x77:
    case 0xBB:
    case 0xDD:
    case 0xEE:
        return nuls;
    default:
        return 0;
    }
}

static inline bool has_nul(const byte *data)
{
    uint64_t word;
    memcpy(&word, data, sizeof word);
    return ((word - 0x0101010101010101u) & ~word & 0x8080808080808080u) != 0;
}

struct nuls {
    unsigned pattern;
    int words;
};

/* Returns where words begin that take turns with NULs, among those in [at, stop). */
static size_t nul_place(const struct part *part, size_t at, size_t stop, struct nuls *nuls)
{
    if (memchr(part->data + at, 0, stop - at) == NULL) {
        *nuls = (struct nuls){0};
        return NONE;
    }
    at = part->start + (at - part->start + WORD_STEP - 1) / WORD_STEP * WORD_STEP;
    for (; at < stop && at + WORD <= part->stop; at += WORD_STEP) {
        unsigned pattern = has_nul(part->data + at) ? nul_pattern(part->data + at) : 0;
        nuls->words = pattern && pattern == nuls->pattern ? nuls->words + 1 : pattern != 0;
        nuls->pattern = pattern;
        if (nuls->words == FEWEST_WORDS) {
            /* The text may have begun up to a step before the first of the words. */
            size_t back = FEWEST_WORDS * WORD_STEP;
            nuls->words = 0;
            return at - part->start > back ? at - back : part->start;
        }
    }
    return NONE;
}

/* ------------------------------------------------------------------------------------ the places */

/* Returns the first place in [start, stop) that calls for a look in plain text or in a reading.
 * Runs are looked at as if nothing stood around that part; needles see all of the data. */
static size_t encoded_place(const byte *data, size_t size, size_t start, size_t stop, int depth)
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
        size_t place = needle_place(data, at > start + 2 ? at - 2 : start, end, size, &digits);
        place = least(place, run_place(&part, at, end, &runs));
        place = least(place, nul_place(&part, at, end, &nuls));
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
    while ((at = skip(data, at, high, size, false)) < high) {
        size_t end = least(high, at + STRIDE);
        for (; at < end; at++) {
            int needle = needle_at(data, at, size);
            if (needle == PREFIX || needle == TERM) {
                *known = at;
                return true;
            }
        }
    }
    *known = high;
    return false;
}

/* Returns the first digits in [start, stop) that could be a key's in plain text: with the prefix
 * before them, or near what could be a label. */
static size_t plain_place(const byte *data, size_t size, size_t start, size_t stop)
{
    struct digits digits = {.searched = start};
    size_t known = 0;
    while (next_digits(data, size, &digits, start, stop) && digits.start < stop)
        if (name_within(data, size, &known, far_before(digits.start), digits.end + CONTEXT))
            return digits.start;
    return NONE;
}

/* --------------------------------------------------------------------------------------- files */

enum { MOST_FILES = 256 };

/* Files that are read one behind the other, with a NUL behind each. */
struct slab {
    byte *data;
    size_t size;   /* of the buffer */
    size_t filled; /* where the next file starts */
    size_t full;   /* beyond this no further file is begun */
};

/* Reads until nothing comes or there is no more room; returns how much, or -1. */
static ssize_t read_whole(int descriptor, byte *room, size_t size)
{
    size_t filled = 0;
    while (filled < size) {
        ssize_t more = read(descriptor, room + filled, size - filled);
        if (more < 0)
            return -1;
        if (more == 0)
            break;
        filled += (size_t)more;
    }
    return (ssize_t)filled;
}

static bool is_regular(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/* Reads a file; returns whether it is in the slab, whole. One that finds no room stays open under
 * `descriptor`, and its first bytes fill what is left of the buffer. */
static bool take(struct slab *slab, int directory, const char *name, int flags, int *descriptor)
{
    int file = openat(directory, name, flags);
    if (file < 0)
        return false;
    size_t room = slab->size - slab->filled;
    ssize_t filled = read_whole(file, slab->data + slab->filled, room);
    if (filled == (ssize_t)room) {
        *descriptor = file;
        return false;
    }
    bool is_file = filled > 0 || (filled == 0 && is_regular(file));
    close(file);
    if (is_file) {
        slab->filled += (size_t)filled;
        slab->data[slab->filled++] = 0;
    }
    return is_file;
}

/* ---------------------------------------------------------------------------------- for Python */

typedef size_t (*search)(const byte *, size_t, size_t, size_t);

/* Calls a search with a buffer and, where these are given, where to start and to stop. */
static PyObject *call(search find, PyObject *const *args, Py_ssize_t count)
{
    if (count < 1 || count > 3) {
        PyErr_SetString(PyExc_TypeError, "expected a buffer, and where to start and to stop");
        return NULL;
    }
    Py_ssize_t bounds[2] = {0, PY_SSIZE_T_MAX};
    for (Py_ssize_t number = 1; number < count; number++) {
        bounds[number - 1] = PyLong_AsSsize_t(args[number]);
        if (bounds[number - 1] < 0) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_ValueError, "an offset is never negative");
            return NULL;
        }
    }
    Py_buffer buffer;
    if (PyObject_GetBuffer(args[0], &buffer, PyBUF_SIMPLE) < 0)
        return NULL;
    size_t size = (size_t)buffer.len, stop = least(size, (size_t)bounds[1]);
    size_t start = (size_t)bounds[0], place = NONE;
    if (start < stop) {
        if (stop - start < LONG) {
            place = find(buffer.buf, size, start, stop);
        } else {
            Py_BEGIN_ALLOW_THREADS
            place = find(buffer.buf, size, start, stop);
            Py_END_ALLOW_THREADS
        }
    }
    PyBuffer_Release(&buffer);
    return PyLong_FromSsize_t(place == NONE ? -1 : (Py_ssize_t)place);
}

PyDoc_STRVAR(plain_doc,
"plain(data, start=0, stop=None, /)\n--\n\n"
"Return where the first digits start that could be those of a key in plain text, or -1.\n\n"
"Only digits that start in [start, stop) count. It speaks for the default rules alone.");

static PyObject *plain(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    return call(plain_place, args, count);
}

PyDoc_STRVAR(encoded_doc,
"encoded(data, start=0, stop=None, /)\n--\n\n"
"Return the first place in [start, stop) at which a key could stand in any form, or -1.\n\n"
"A run that lies across one of the two ends counts with the part of it that is inside.");

static size_t outermost_place(const byte *data, size_t size, size_t start, size_t stop)
{
    return encoded_place(data, size, start, stop, 0);
}

static PyObject *encoded(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    return call(outermost_place, args, count);
}

PyDoc_STRVAR(text_doc,
"text(data, /)\n--\n\n"
"Tell whether a key could stand in a str, as plain() does; it should be ASCII.\n\n"
"Of other text Python would keep a second copy, in UTF-8, for as long as it lives.");

static PyObject *text(PyObject *module, PyObject *data)
{
    (void)module;
    Py_ssize_t size;
    const char *utf8 = PyUnicode_AsUTF8AndSize(data, &size);
    if (utf8 == NULL)
        return NULL;
    size_t place = plain_place((const byte *)utf8, (size_t)size, 0, (size_t)size);
    return PyBool_FromLong(place != NONE);
}

PyDoc_STRVAR(gather_doc,
"gather(directory, names, first, most, flags, buffer, start, full, ends, /)\n--\n\n"
"Read regular files one behind the other into a buffer, with a NUL behind each.\n\n"
"They are opened by their names, from the number `first` on, in an open directory. The first one\n"
"is put at `start`; none is begun behind `full`. Where each of them ends is appended to `ends`.\n"
"Return -1, or the open descriptor of the next file, which fills what is left of the buffer.\n"
"The first that cannot be read, or is none, ends the call without a word, and so do `most` files\n"
"or 256.");

static PyObject *gather(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    enum { DIRECTORY, NAMES, FIRST, MOST, FLAGS, BUFFER, START, FULL, ENDS, ARGUMENTS };
    if (count != ARGUMENTS) {
        PyErr_SetString(PyExc_TypeError, "gather takes nine arguments");
        return NULL;
    }
    int directory = (int)PyLong_AsLong(args[DIRECTORY]), flags = (int)PyLong_AsLong(args[FLAGS]);
    Py_ssize_t first = PyLong_AsSsize_t(args[FIRST]), most = PyLong_AsSsize_t(args[MOST]);
    Py_ssize_t start = PyLong_AsSsize_t(args[START]);
    Py_ssize_t full = PyLong_AsSsize_t(args[FULL]), last = PyList_Size(args[NAMES]);
    if (PyErr_Occurred())
        return NULL;
    Py_buffer buffer;
    if (PyObject_GetBuffer(args[BUFFER], &buffer, PyBUF_WRITABLE) < 0)
        return NULL;
    if (first < 0 || most < 0 || start < 0 || start >= buffer.len || full < 0) {
        PyBuffer_Release(&buffer);
        PyErr_SetString(PyExc_ValueError, "an offset is out of its range");
        return NULL;
    }

    /* The names are held, since others may run while files are read. */
    PyObject *held[MOST_FILES];
    const char *names[MOST_FILES];
    size_t ends[MOST_FILES], number = 0, taken = 0;
    int descriptor = -1;
    bool failed = false;
    size_t room = least((size_t)most, MOST_FILES);
    for (; first < last && number < room && !failed; first++) {
        char *name;
        PyObject *item = PyList_GetItem(args[NAMES], first);
        failed = item == NULL || PyBytes_AsStringAndSize(item, &name, NULL) < 0;
        if (!failed) {
            names[number] = name;
            held[number++] = Py_NewRef(item);
        }
    }
    if (!failed) {
        struct slab slab = {buffer.buf, (size_t)buffer.len, (size_t)start, (size_t)full};
        Py_BEGIN_ALLOW_THREADS
        while (taken < number && slab.filled <= slab.full && slab.filled < slab.size &&
               take(&slab, directory, names[taken], flags, &descriptor))
            ends[taken++] = slab.filled - 1;
        Py_END_ALLOW_THREADS
    }
    for (size_t at = 0; at < taken && !failed; at++) {
        PyObject *end = PyLong_FromSize_t(ends[at]);
        failed = end == NULL || PyList_Append(args[ENDS], end) < 0;
        Py_XDECREF(end);
    }
    while (number)
        Py_DECREF(held[--number]);
    PyBuffer_Release(&buffer);
    if (failed) {
        if (descriptor >= 0)
            close(descriptor);
        return NULL;
    }
    return PyLong_FromLong(descriptor);
}

static PyMethodDef methods[] = {
    {"gather", (PyCFunction)(void (*)(void))gather, METH_FASTCALL, gather_doc},
    {"plain", (PyCFunction)(void (*)(void))plain, METH_FASTCALL, plain_doc},
    {"encoded", (PyCFunction)(void (*)(void))encoded, METH_FASTCALL, encoded_doc},
    {"text", text, METH_O, text_doc},
    {NULL, NULL, 0, NULL},
};

static int prepare(PyObject *module)
{
    (void)module;
    fill_kinds();
#ifdef HAS_AVX2_COPY
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2"))
        skip = skip_avx2;
#endif
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, prepare},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

PyDoc_STRVAR(module_doc, "Whether bytes can hold a key at all, and where to look.");

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "hexscan._skim",
    .m_doc = module_doc,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__skim(void)
{
    return PyModuleDef_Init(&definition);
}
