/* UTF-16 and UTF-32: characters and NULs that take turns. */

#include "skim.h"

/* Words of eight bytes are looked at, and two in a row that are alike show a text. One that holds a
 * key has four of them, but for glue with bytes in it that no text has, as a terminal's colours. */
enum { WORD = 8, WORD_STEP = 16, FEWEST_WORDS = 2 };

/* Tells whether the bytes of a word that are NUL, a bit for each, are in one of six patterns. */
static inline bool take_turns(unsigned nuls)
{
    switch (nuls) {
    case 0x55:
    case 0xAA:
    case 0x77:
    case 0xBB:
    case 0xDD:
    case 0xEE:
        return true;
    default:
        return false;
    }
}

/* Tells whether the bytes of a word are a text's, but for NULs. */
static bool is_text(const byte *word)
{
    for (int at = 0; at < WORD; at++)
        if (word[at] != 0 && !is(word[at], PRINTED))
            return false;
    return true;
}

/* Counts a word, of which these bytes are NUL; tells whether it is one too many. */
static inline bool count_word(const byte *word, unsigned pattern, struct nuls *nuls)
{
    if (!take_turns(pattern) || !is_text(word))
        pattern = 0;
    nuls->words = pattern && pattern == nuls->pattern ? nuls->words + 1 : pattern != 0;
    nuls->pattern = pattern;
    return nuls->words == FEWEST_WORDS;
}

size_t skim_nul_place(const struct part *part, const struct masks *masks, struct nuls *nuls)
{
    uint64_t steps = masks->with_nuls;
    size_t next = masks->start;
    while (steps != 0) {
        size_t step = take_lowest(&steps), at = masks->start + step * STEP;
        uint64_t rest = masks->nuls[step];
        if ((rest & rest >> 2) == 0)
            continue; /* each pattern has two NULs that are so far apart */
        if (at != next)
            *nuls = (struct nuls){0};
        next = at + STEP;
        for (; at < least(next, masks->stop); at += WORD_STEP) {
            if (at + WORD <= part->stop && count_word(part->data + at, rest & 0xFF, nuls)) {
                /* The text may have begun up to a step before the first of the words. */
                size_t back = FEWEST_WORDS * WORD_STEP;
                nuls->words = 0;
                return at - part->start > back ? at - back : part->start;
            }
            rest >>= WORD_STEP;
        }
    }
    if (next < masks->stop)
        *nuls = (struct nuls){0};
    return NONE;
}
_Static_assert(STEP % WORD_STEP == 0, "words would lie across two steps");
