/* Masks with vectors as GCC and Clang have them for any processor.
 *
 * Whoever includes this says how wide the vectors are (`vector`), how a mask is made of those of a
 * step (`mask_of`), and for which processors it is compiled (`TARGET`). They should be as wide as
 * these have them: wider ones are taken apart byte by byte.
 */

#ifndef HEXSCAN_MASKS_VECTORS_H
#define HEXSCAN_MASKS_VECTORS_H

/* The vectors of a step. */
enum { VECTORS = STEP / sizeof(vector) };

/* What is looked for in a step, with all bits of a byte set where it is. */
struct found {
    vector needles[VECTORS], nuls[VECTORS];
    vector no_letters[VECTORS], no_escapes[VECTORS]; /* of the latter most */
    vector words[VECTORS]; /* bytes that are in no list, or most of these */
};

/* Macros, for a function that returns a vector wants to know by which processor. */
#define LOAD(loaded, data)          memcpy(&(loaded), data, sizeof(loaded))
#define BETWEEN(bytes, first, last) ((vector)((vector)((bytes) - (first)) <= (last) - (first)))

TARGET static inline void find(struct found *found, const byte *data)
{
    for (int part = 0; part < VECTORS; part++, data += sizeof(vector)) {
        vector one, two, three;
        LOAD(one, data);
        LOAD(two, data + 1);
        LOAD(three, data + 2);
        vector low = one | 0x20, low_two = two | 0x20, low_three = three | 0x20;
        /* "hex" and "hle" in any case, "_ke"; of the others two letters that are seldom next to
         * each other. */
        vector three_is_e = (vector)(low_three == 'e');
        vector hits = ((vector)(low_two == 'e') & (vector)(low_three == 'x')) |
                      ((vector)(low_two == 'l') & three_is_e);
        hits &= (vector)(low == 'h');
        hits |= (vector)(one == '_') & (vector)(low_two == 'k') & three_is_e;
        hits |= (vector)(two == 'G') & (vector)(three == 'V');
        hits |= (vector)(two == 'Z') & (vector)(three == 'X');
        found->needles[part] = hits;
        found->no_letters[part] =
            ~(BETWEEN(low, 'a', 'z') | BETWEEN(one, '/', '9') | (vector)(one == '+'));
        /* Without its third bit, each of "()*,-." is one of the first three. */
        found->no_escapes[part] =
            (vector)(one < '#') | BETWEEN(one & 0xFB, '(', '*') | BETWEEN(low, 'i', 't');
        found->nuls[part] = (vector)(one == 0);
        found->words[part] = BETWEEN(low, 'g', 'w') | found->nuls[part];
    }
}

TARGET static void fill_steps_with_vectors(struct masks *masks, size_t step, const byte *data,
                                           size_t number)
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
        add_step(&masks->may_be_lists, step, mask_of(found.words) == 0);
    }
}

#endif
