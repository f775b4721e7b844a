/* Masks: what is in a block, told in one pass over it. */

#include "skim.h"

/* How many bytes the widest vectors have that may be chosen: for tests of the others. */
#ifndef HEXSCAN_VECTORS
#define HEXSCAN_VECTORS 64
#endif

/* The first letters of the needles; those of the first two needles count in any case. */
static const char letters[][4] = {"hex", "_ke", "aGV", "hle", "oZX"};
enum { NEEDLES = sizeof letters / sizeof *letters, IN_ANY_CASE = 2 };
_Static_assert(NEEDLES <= 8, "a byte has no more bits");

byte skim_needles_with(byte character, int at)
{
    unsigned found = 0;
    for (int needle = 0; needle < NEEDLES; needle++) {
        byte letter = (byte)letters[needle][at];
        bool is_capital = needle < IN_ANY_CASE && letter >= 'a' && lower(character) == letter;
        found |= (unsigned)(character == letter || is_capital) << needle;
    }
    return (byte)found;
}

static fill_steps *chosen = skim_fill_portably;

void skim_choose_processor(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    fill_steps *wide = HEXSCAN_VECTORS >= 64 ? skim_with_avx512() : NULL;
    if (wide == NULL && HEXSCAN_VECTORS >= 32)
        wide = skim_with_avx2();
    if (wide != NULL)
        chosen = wide;
#endif
}

/* Fills in the masks of a step that is not whole, or that fewer bytes than two are behind. */
static void fill_last(struct masks *masks, size_t step, const byte *data, size_t left, size_t stop)
{
    byte copy[STEP + 2] = {0};
    memcpy(copy, data, least(left, sizeof copy));
    chosen(masks, step, copy, 1);
    if (stop >= STEP)
        return;
    uint64_t outside = ~(uint64_t)0 << stop;
    masks->needles[step] &= ~outside;
    masks->no_letters[step] |= outside;
    masks->no_escapes[step] |= outside;
    masks->nuls[step] &= ~outside;
    uint64_t others = ((uint64_t)1 << step) - 1;
    masks->with_needles &= others | (uint64_t)(masks->needles[step] != 0) << step;
    masks->with_nuls &= others | (uint64_t)(masks->nuls[step] != 0) << step;
    masks->may_be_lists &= others;
}

void skim_fill_masks(struct masks *masks, const byte *data, size_t at, size_t stop, size_t size)
{
    masks->start = at;
    masks->stop = stop;
    masks->with_needles = masks->with_nuls = masks->may_be_lists = 0;
    size_t whole = (stop - at) / STEP;
    if (whole > 0 && at + whole * STEP + 2 > size)
        whole--;
    chosen(masks, 0, data + at, whole);
    at += whole * STEP;
    for (size_t step = whole; at < stop; step++, at += STEP)
        fill_last(masks, step, data + at, size - at, stop - at);
}
