/* What the files of the compiled part share. ARCHITECTURE.md, "The compiled part", tells the whole.
 *
 * Offsets are counted from the start of a buffer, spans are half open, and nothing outside of a
 * buffer is ever read. Vectors are those of GCC and Clang, which compile them for any processor.
 */

#ifndef HEXSCAN_SKIM_H
#define HEXSCAN_SKIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef unsigned char byte;

/* No place, or no start of a run. */
#define NONE SIZE_MAX

/* As in hexscan.key, hexscan.matcher and hexscan.decoders. */
enum {
    DIGITS = 40,        /* behind the prefix of a key */
    FEWEST_DIGITS = 32, /* of a legacy key; no rule is content with fewer in a row */
    CONTEXT = 4096,     /* how far a label is from its digits at most */
    SHORTEST_RUN = 55,
    SHORTEST_ESCAPED = 46,
    SHORTEST_LIST = 127,
    FEWEST_COMMAS = 43,
    FARTHEST = 4096, /* how far back a run is looked for that comes over several lines */
    DEPTH = 4,       /* of readings within one another */
};

/* ------------------------------------------------------------------------------ kinds of bytes */

enum {
    HEX = 1 << 0,      /* a hex digit */
    LETTER = 1 << 1,   /* of base 64, but for - and _ */
    ESCAPING = 1 << 2, /* a hex digit, or what escapes are made of */
    LISTED = 1 << 3,   /* a number, and what stands between numbers */
    SIGN = 1 << 4,     /* what an escape starts with */
    SPELLING = 1 << 5, /* what an escaped prefix is written with, and glue behind it */
    BEHIND_HEX = 1 << 6,
    BEHIND_KEY = 1 << 7,
    GLUE = 1 << 8,        /* the first byte of what may interrupt a key */
    PUNCTUATION = 1 << 9, /* of which glue is made */
    OTHER_GLUE = 1 << 10,
    QUOTE = 1 << 11,
    TEXT_GROUP = 1 << 13,       /* starts a group of base 64 that stands for text */
    LOW_HALF = 1 << 14,         /* the first hex digit of an ASCII character */
    BEHIND_BACKSLASH = 1 << 15, /* in an escape */
    NUMERAL = 1 << 16,          /* what numbers are written with */
    MEMBER = 1 << 17,           /* a letter of base 64, with - and _ */
    BLANK = 1 << 18,
    LINE_END = 1 << 19,
    PRINTED = 1 << 20, /* a character of a text in ASCII */
    SPACE = 1 << 21,   /* white space, as patterns in Python know it */
    IDENTIFIER = 1 << 22,
    NEEDLE = 1 << 23, /* the first letter of a needle */
};

extern uint32_t skim_kinds[256];

/* To be called before anything else. */
void skim_fill_kinds(void);

static inline bool is(byte character, uint32_t kind)
{
    return (skim_kinds[character] & kind) != 0;
}

static inline byte lower(byte letter)
{
    return letter | 0x20;
}

/* Returns the value of a hex digit. */
static inline byte value_of(byte digit)
{
    return (byte)((digit & 0xf) + 9 * (digit >> 6));
}

/* Returns the byte that two hex digits stand for. */
static inline byte byte_at(const byte *digits)
{
    return (byte)(value_of(digits[0]) << 4 | value_of(digits[1]));
}

static inline size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* Returns the first offset from which on a label can speak for what is at `at`. */
static inline size_t far_before(size_t at)
{
    return at > CONTEXT ? at - CONTEXT : 0;
}

/* Returns where the bytes of a kind end that start at `at`. */
static inline size_t end_of(const byte *data, size_t at, size_t stop, uint32_t kind)
{
    while (at < stop && is(data[at], kind))
        at++;
    return at;
}

/* Returns where the bytes of a kind start that end at `at`. */
static inline size_t start_of(const byte *data, size_t at, size_t floor, uint32_t kind)
{
    while (at > floor && is(data[at - 1], kind))
        at--;
    return at;
}

/* ------------------------------------------------------------------------------------- windows */

/* Digits are looked for in windows that are far apart, so that each run has one in it whole. */
typedef byte window __attribute__((vector_size(16)));
typedef uint64_t halves __attribute__((vector_size(16)));
enum { WINDOW = sizeof(window) };

static inline window window_at(const byte *data)
{
    window loaded;
    memcpy(&loaded, data, sizeof loaded);
    return loaded;
}

static inline bool has_any(window mask)
{
#ifdef __SSE2__
    return _mm_movemask_epi8((__m128i)mask) != 0;
#else
    halves two = (halves)mask;
    return (two[0] | two[1]) != 0;
#endif
}

/* Sets the bytes from `first` to `last`. */
static inline window between(window bytes, byte first, byte last)
{
    return (window)((window)(bytes - first) <= (byte)(last - first));
}

/* -------------------------------------------------------------------------------------- digits */

/* To be called before the other. */
void skim_fill_checksums(void);

/* Tells whether the last eight of DIGITS hex digits are the checksum of the others. */
bool skim_has_right_checksum(const byte *digits);

/* The digits that were last met: those of a buffer are asked for from its start to its end. */
struct digits {
    size_t start, end; /* a run of at least FEWEST_DIGITS, or nothing yet */
    size_t searched;   /* no other such run ends in front of this */
};

/* Finds the next run of digits that is long enough and starts in [from, stop). */
bool skim_next_digits(const byte *data, size_t size, struct digits *digits, size_t from,
                      size_t stop);

/* Tells whether there are digits enough in [low, high), which grow from call to call, but for a
 * needle's length. */
bool skim_digits_within(const byte *data, size_t size, struct digits *digits, size_t low,
                        size_t high);

/* --------------------------------------------------------------------------------------- masks */

/* A buffer is looked at block by block, in steps of as many bytes as a mask has bits. */
enum { STEP = 64, STEPS = 64, BLOCK = STEP * STEPS };

/* What is in a block. A mask has a bit for each byte of a step, the lowest for the first; a set of
 * steps has a bit for each step, in the same order. */
struct masks {
    size_t start, stop;      /* of the block */
    uint64_t needles[STEPS]; /* where the first bytes of a needle may be, if not its last */
    /* What no run of letters goes on over, and none of digits and escapes, or most of that. */
    uint64_t no_letters[STEPS], no_escapes[STEPS];
    uint64_t nuls[STEPS];
    uint64_t with_needles, with_nuls; /* the steps with such bytes */
    uint64_t may_be_lists;            /* whole steps of numbers, or at least without most letters */
};

/* To be called before the others of these, and after skim_fill_kinds. */
void skim_choose_processor(void);

/* Fills in the masks of [at, stop), which is a block at most, of a buffer of that size. */
void skim_fill_masks(struct masks *masks, const byte *data, size_t at, size_t stop, size_t size);

/* The characters that tables are made for. */
enum { ASCII = 128 };

/* Returns which needles have a character as their first, second or third: a bit for each. */
byte skim_needles_with(byte character, int at);

/* Fills in those of so many steps, which two more bytes are behind. */
typedef void fill_steps(struct masks *masks, size_t step, const byte *data, size_t number);

fill_steps skim_fill_portably;

/* Return how that is done on x86-64 with newer instructions, or NULL if the processor cannot. */
fill_steps *skim_with_avx2(void);
fill_steps *skim_with_avx512(void);

/* Return the number of a bit of a mask that is not empty. */
static inline size_t lowest(uint64_t mask)
{
    return (size_t)__builtin_ctzll(mask);
}

static inline size_t highest(uint64_t mask)
{
    return STEP - 1 - (size_t)__builtin_clzll(mask);
}

/* Returns the number of the lowest bit, and takes it out of the mask. */
static inline size_t take_lowest(uint64_t *mask)
{
    size_t bit = lowest(*mask);
    *mask &= *mask - 1;
    return bit;
}

/* Adds a step to a set of steps. */
static inline void add_step(uint64_t *steps, size_t step, bool is_in_it)
{
    *steps |= (uint64_t)is_in_it << step;
}

/* ------------------------------------------------------------------------------------- needles */

/* What a needle is: the prefix, a term of a hex.config, or the prefix in base 64. */
enum needle { PREFIX, TERM, BASE64, NOTHING };

/* Says which of the needles stands at `at`, where one of their first letters does. */
enum needle skim_needle_at(const byte *data, size_t at, size_t size);

/* Returns the first needle in a block that calls for a look, or NONE. */
size_t skim_needle_place(struct masks *masks, const byte *data, size_t size, struct digits *digits);

/* Returns the first prefix or label in [at, stop) that calls for a look, or `stop`; `digits` are
 * for calls with growing offsets. */
size_t skim_next_name(const byte *data, size_t at, size_t stop, size_t size, struct digits *digits);

/* Tells whether the "hex" at `at` can be that of a label, or the "_key" at `at` of a hex.config's
 * term, in plain text or behind escapes. */
bool skim_may_be_label(const byte *data, size_t at, size_t size);
bool skim_may_be_term(const byte *data, size_t at, size_t size);

/* Tells whether the "hex" at `at` can be a prefix, in any of the ways in which it stays readable;
 * at least one byte is behind it. */
bool skim_may_be_prefix(const byte *data, size_t at, size_t size);

/* ---------------------------------------------------------------------------------------- runs */

struct span {
    size_t start, stop;
};

/* A part of a buffer, which is looked at as if there were nothing around it. */
struct part {
    const byte *data;
    size_t start, stop;
    int depth;           /* of the readings in which it was found */
    struct span *quoted; /* what was last read as quoted-printable, with nothing to be seen */
};

/* How far runs of a kind have been looked at: each is looked at once. */
struct reached {
    size_t seen;     /* none is to be looked at that starts before this */
    size_t unbroken; /* where the bytes without a break start that reach to the next block */
};

struct runs {
    struct reached letters, escaped;
    size_t list; /* as `seen` */
};

/* Returns the start of the first run in a block that calls for a look, or NONE. */
size_t skim_run_place(const struct part *part, const struct masks *masks, struct runs *runs);

/* Tells whether digits with escapes among them, or before them, could be those of a key: the first
 * part of hexscan.decoders.plausible. */
bool skim_may_be_escaped(const byte *data, size_t start, size_t end);

/* Tells whether a key could be read as quoted-printable around the run in [start, end), which a "="
 * is behind. */
bool skim_may_be_quoted(const struct part *part, size_t start, size_t end);

/* Tells whether the text that the numbers in [start, end) stand for could hold a key. */
bool skim_lists_text(const struct part *part, size_t start, size_t end);

/* Words in which NULs and other bytes take turns. */
struct nuls {
    unsigned pattern;
    int words;
};

/* Returns where such words begin among those in a block, or NONE. */
size_t skim_nul_place(const struct part *part, const struct masks *masks, struct nuls *nuls);

/* -------------------------------------------------------------------------------------- places */

/* Returns the first place in [start, stop) that calls for a look in plain text or in a reading, or
 * NONE. Runs are looked at as if nothing stood around that part; needles see all of the data. */
size_t skim_encoded_place(const byte *data, size_t size, size_t start, size_t stop, int depth);

/* Returns the first digits in [start, stop) that could be a key's in plain text, or NONE: there is
 * near them what could be a prefix or a label. */
size_t skim_plain_place(const byte *data, size_t size, size_t start, size_t stop);

/* --------------------------------------------------------------------------------------- lines */

/* Counts the line ends. */
size_t skim_newlines(const byte *data, size_t size);

/* --------------------------------------------------------------------------------------- files */

/* The size of a set of pairs of bytes, a bit for each. */
enum { PAIRS_SIZE = 8192 };

/* Tells whether a file that starts like this may be a container: by a pair of first bytes, or as a
 * tar. As hexscan.containers.sniff.may_open. */
bool skim_may_be_container(const byte *head, size_t size, const byte *pairs);

/* Files that are read one behind the other, with a NUL behind each. */
struct slab {
    byte *data;
    size_t size;   /* of the buffer */
    size_t filled; /* where the next file starts */
    size_t full;   /* beyond this no file is begun: each has as much room as is left there */
};

/* Names of files, with a NUL behind each. An empty one says that the next is no name: it is the
 * prefix of those behind it. As hexscan.sources.manifest. */
struct manifest {
    const char *items; /* with one NUL more than `size` */
    size_t size;
    size_t at;     /* where the next item starts */
    size_t prefix; /* where the prefix starts that holds there */
};

/* Reads the next files of a manifest, and sets `ends` to where they end.
 *
 * Returns how many were read, `most` at most. The first that cannot be, or is no file, ends the
 * call; so does one that finds no room, which stays open under `descriptor` and fills what a file
 * may take. */
size_t skim_gather(struct slab *slab, struct manifest *files, size_t most, int flags, size_t *ends,
                   int *descriptor);

/* What a name in a directory names, in the order in which they are listed. */
enum kind { FILES = 1, DIRECTORIES, OTHERS };

/* The names in a directory. To be set to nothing before, and freed afterwards. */
struct listing {
    char *kept;          /* kinds, each with the name behind it */
    const char **sorted; /* the same, in order */
    size_t size, room, number;
};

/* Lists a directory; returns whether that was done to the end, and there are `most` at most. */
bool skim_list(struct listing *listing, const char *path, size_t most);

void skim_free_listing(struct listing *listing);

#endif
