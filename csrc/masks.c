/* Masks: what is in a block, told in one pass over it. */

#include "skim.h"

typedef window vector;
#define TARGET

/* Returns the mask of bytes of which all bits are set, or none. */
static inline uint64_t mask_of(const vector *bytes)
{
    uint64_t mask = 0;
#ifdef __SSE2__
    for (int part = STEP / WINDOW; part-- > 0;)
        mask = mask << WINDOW | (unsigned)_mm_movemask_epi8((__m128i)bytes[part]);
#else
    static const byte bits[8] = {1, 2, 4, 8, 16, 32, 64, 128};
    uint64_t eights[STEP / 8], bit;
    memcpy(eights, bytes, sizeof eights);
    memcpy(&bit, bits, sizeof bit);
    for (int part = STEP / 8; part-- > 0;)
        mask = mask << 8 | (eights[part] & bit) * 0x0101010101010101u >> 56; /* their sum */
#endif
    return mask;
}

#include "masks_vectors.h"

static fill_steps *chosen = fill_steps_with_vectors;

void skim_choose_processor(void)
{
#if defined(__x86_64__) && !defined(HEXSCAN_PORTABLE)
    __builtin_cpu_init();
    fill_steps *const copies[] = {skim_with_avx512(), skim_with_avx2()};
    if (copies[0] != NULL)
        chosen = copies[0];
    else if (copies[1] != NULL)
        chosen = copies[1];
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
