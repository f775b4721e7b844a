/* Masks with vectors as GCC and Clang have them for any processor. They are as wide as most have
 * them: wider ones are taken apart byte by byte. */

#include "skim.h"

/* The vectors of a step. */
enum { WINDOWS = STEP / WINDOW };

static inline bool is_any_set(const window *bytes)
{
    window set = bytes[0];
    for (int part = 1; part < WINDOWS; part++)
        set |= bytes[part];
    return has_any(set);
}

/* Returns the mask of bytes of which all bits are set, or none. */
static inline uint64_t mask_of(const window *bytes)
{
    uint64_t mask = 0;
#ifdef __SSE2__
    for (int part = WINDOWS; part-- > 0;)
        mask = mask << WINDOW | (unsigned)_mm_movemask_epi8((__m128i)bytes[part]);
#else
    static const byte bits[8] = {1, 2, 4, 8, 16, 32, 64, 128};
    uint64_t eights[STEP / 8], bit;
    if (!is_any_set(bytes))
        return 0;
    memcpy(eights, bytes, sizeof eights);
    memcpy(&bit, bits, sizeof bit);
    for (int part = STEP / 8; part-- > 0;)
        mask = mask << 8 | (eights[part] & bit) * 0x0101010101010101u >> 56; /* their sum */
#endif
    return mask;
}

/* What is looked for in a step, with all bits of a byte set where it is. */
struct found {
    window needles[WINDOWS], nuls[WINDOWS];
    window no_letters[WINDOWS], no_escapes[WINDOWS]; /* of the latter most */
    window words[WINDOWS]; /* bytes that are in no list, or most of these */
};

/* Macros, for a function that returns a window wants to know by which processor. */
#define LOAD(loaded, data)          memcpy(&(loaded), data, sizeof(loaded))
#define BETWEEN(bytes, first, last) ((window)((window)((bytes) - (first)) <= (last) - (first)))

static inline void find(struct found *found, const byte *data)
{
    for (int part = 0; part < WINDOWS; part++, data += WINDOW) {
        window one, two, three;
        LOAD(one, data);
        LOAD(two, data + 1);
        LOAD(three, data + 2);
        window low = one | 0x20, low_two = two | 0x20, low_three = three | 0x20;
        /* "hex" and "hle" in any case, "_ke"; of the others two letters that are seldom next to
         * each other. */
        window three_is_e = (window)(low_three == 'e');
        window hits = ((window)(low_two == 'e') & (window)(low_three == 'x')) |
                      ((window)(low_two == 'l') & three_is_e);
        hits &= (window)(low == 'h');
        hits |= (window)(one == '_') & (window)(low_two == 'k') & three_is_e;
        hits |= (window)(two == 'G') & (window)(three == 'V');
        hits |= (window)(two == 'Z') & (window)(three == 'X');
        found->needles[part] = hits;
        found->no_letters[part] =
            ~(BETWEEN(low, 'a', 'z') | BETWEEN(one, '/', '9') | (window)(one == '+'));
        /* Without its third bit, each of "()*,-." is one of the first three. */
        found->no_escapes[part] =
            (window)(one < '#') | BETWEEN(one & 0xFB, '(', '*') | BETWEEN(low, 'i', 't');
        found->nuls[part] = (window)(one == 0);
        found->words[part] = BETWEEN(low, 'g', 'w') | found->nuls[part];
    }
}

void skim_fill_portably(struct masks *masks, size_t step, const byte *data, size_t number)
{
    for (size_t end = step + number; step < end; step++, data += STEP) {
        struct found found;
        find(&found, data);
        masks->needles[step] = mask_of(found.needles);
        masks->no_letters[step] = mask_of(found.no_letters);
        masks->no_escapes[step] = mask_of(found.no_escapes);
        masks->nuls[step] = mask_of(found.nuls);
        add_step(&masks->with_needles, step, masks->needles[step] != 0);
        add_step(&masks->with_nuls, step, masks->nuls[step] != 0);
        add_step(&masks->may_be_lists, step, !is_any_set(found.words));
    }
}
