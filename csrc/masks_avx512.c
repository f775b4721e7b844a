/* Masks with AVX-512: all tests are look-ups, each in a table of a byte for every ASCII character.
 */

#include "skim.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define WITH_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi")))

/* Which needles have a character as their first, second and third. */
static byte needles[3][ASCII];

/* Which runs a character is in, as in skim_kinds. */
static byte kinds[ASCII];
_Static_assert((LETTER | ESCAPING | LISTED) <= UINT8_MAX, "too large for the table");

static void fill_tables(void)
{
    for (int character = 0; character < ASCII; character++) {
        kinds[character] = (byte)skim_kinds[character];
        for (int at = 0; at < 3; at++)
            needles[at][character] = skim_needles_with((byte)character, at);
    }
}

/* The two halves of a table. */
struct table {
    __m512i low, high;
};

WITH_AVX512 static inline struct table table_of(const byte *table)
{
    return (struct table){_mm512_loadu_si512(table), _mm512_loadu_si512(table + ASCII / 2)};
}

/* Looks bytes up, as if their highest bits were not set. */
WITH_AVX512 static inline __m512i look_up(const struct table *table, __m512i bytes)
{
    return _mm512_permutex2var_epi8(table->low, bytes, table->high);
}

WITH_AVX512 static void with_avx512(struct masks *masks, size_t step, const byte *data,
                                    size_t number)
{
    const struct table first = table_of(needles[0]), second = table_of(needles[1]);
    const struct table third = table_of(needles[2]), kind = table_of(kinds);
    const __m512i letter = _mm512_set1_epi8(LETTER), escaping = _mm512_set1_epi8(ESCAPING);
    const __m512i listed = _mm512_set1_epi8(LISTED);
    for (size_t end = step + number; step < end; step++, data += STEP) {
        __m512i bytes = _mm512_loadu_si512(data), is_kind = look_up(&kind, bytes);
        __m512i one = look_up(&first, bytes);
        __m512i two = look_up(&second, _mm512_loadu_si512(data + 1));
        __m512i three = look_up(&third, _mm512_loadu_si512(data + 2));
        masks->needles[step] = _mm512_test_epi8_mask(_mm512_and_si512(one, two), three);
        __mmask64 others = _mm512_movepi8_mask(bytes); /* that are not in the tables */
        masks->no_letters[step] = _mm512_testn_epi8_mask(is_kind, letter) | others;
        masks->no_escapes[step] = _mm512_testn_epi8_mask(is_kind, escaping) | others;
        masks->nuls[step] = _mm512_testn_epi8_mask(bytes, bytes);
        add_step(&masks->with_needles, step, masks->needles[step] != 0);
        add_step(&masks->with_nuls, step, masks->nuls[step] != 0);
        add_step(&masks->may_be_lists, step, _mm512_testn_epi8_mask(is_kind, listed) == 0);
    }
}

fill_steps *skim_with_avx512(void)
{
    if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vbmi"))
        return NULL;
    fill_tables();
    return with_avx512;
}
#endif
