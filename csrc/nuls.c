/* UTF-16 and UTF-32: characters and NULs that take turns. */

#include "skim.h"

/* Words of eight bytes are looked at, and two in a row that are alike show a text. One that holds a
 * key has four of them, but for glue with bytes in it that no text has, as a terminal's colours. */
enum { WORD = 8, WORD_STEP = 16, FEWEST_WORDS = 2 };

/* Returns which bytes of a word are NUL, a bit for each, if they are in one of six patterns and the
 * others are a text's. */
static unsigned nul_pattern(const byte *word)
{
    unsigned nuls = 0;
    for (int at = 0; at < WORD; at++) {
        if (word[at] != 0 && !is(word[at], PRINTED))
            return 0;
        nuls |= (unsigned)(word[at] == 0) << at;
    }
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

/* Tells whether some bytes of a word are NUL, but not all. */
static inline bool has_nuls(const byte *data)
{
    uint64_t word;
    memcpy(&word, data, sizeof word);
    return word != 0 && ((word - 0x0101010101010101u) & ~word & 0x8080808080808080u) != 0;
}

size_t skim_nul_place(const struct part *part, size_t at, size_t stop, struct nuls *nuls)
{
    if (memchr(part->data + at, 0, stop - at) == NULL) {
        *nuls = (struct nuls){0};
        return NONE;
    }
    at = part->start + (at - part->start + WORD_STEP - 1) / WORD_STEP * WORD_STEP;
    for (; at < stop && at + WORD <= part->stop; at += WORD_STEP) {
        unsigned pattern = has_nuls(part->data + at) ? nul_pattern(part->data + at) : 0;
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
