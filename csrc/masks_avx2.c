/* Masks with AVX2: all tests are look-ups by a half of a byte, in tables of sixteen bytes. */

#include "skim.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define WITH_AVX2 __attribute__((target("avx2")))

enum { HALF = 16 };

/* Which needles have characters with such a half as their first, second and third. */
static byte low_needles[3][HALF], high_needles[3][HALF];

/* A bit for each upper half with which such a lower half is a character of a kind. */
static byte letters[HALF], escaping[HALF], listed[HALF];

/* The bit of an upper half; that of a byte beyond ASCII has none. */
static const byte bits[HALF] = {1, 2, 4, 8, 16, 32, 64, 128};

static void fill_tables(void)
{
    for (int character = 0; character < ASCII; character++) {
        int low = character % HALF, high = character / HALF;
        letters[low] |= is((byte)character, LETTER) ? bits[high] : 0;
        escaping[low] |= is((byte)character, ESCAPING) ? bits[high] : 0;
        listed[low] |= is((byte)character, LISTED) ? bits[high] : 0;
        for (int at = 0; at < 3; at++) {
            low_needles[at][low] |= skim_needles_with((byte)character, at);
            high_needles[at][high] |= skim_needles_with((byte)character, at);
        }
    }
}

WITH_AVX2 static inline __m256i load(const byte *data)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)data);
}

/* Looks up halves of bytes: the lower ones, or nothing for a byte beyond ASCII. */
WITH_AVX2 static inline __m256i look_up(const byte *table, __m256i bytes)
{
    __m128i once = _mm_loadu_si128((const __m128i *)(const void *)table);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(once), bytes);
}

WITH_AVX2 static inline __m256i upper_halves(__m256i bytes)
{
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(HALF - 1));
}

/* Returns the mask of the bytes that have no bit in common. */
WITH_AVX2 static inline uint64_t none_common(__m256i one, __m256i other)
{
    __m256i common = _mm256_and_si256(one, other);
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(common, _mm256_setzero_si256()));
}

/* What is in a half of a step. */
struct half {
    uint64_t no_needles, no_letters, no_escapes, not_listed, nuls;
};

WITH_AVX2 static inline struct half look(const byte *data)
{
    __m256i first = load(data), second = load(data + 1), third = load(data + 2);
    __m256i upper = upper_halves(first), bit = look_up(bits, upper);
    __m256i one = _mm256_and_si256(look_up(low_needles[0], first), look_up(high_needles[0], upper));
    __m256i two = _mm256_and_si256(look_up(low_needles[1], second),
                                   look_up(high_needles[1], upper_halves(second)));
    /* Of the third letter its lower half is telling enough. */
    return (struct half){
        .no_needles = none_common(_mm256_and_si256(one, two), look_up(low_needles[2], third)),
        .no_letters = none_common(look_up(letters, first), bit),
        .no_escapes = none_common(look_up(escaping, first), bit),
        .not_listed = none_common(look_up(listed, first), bit),
        .nuls = none_common(first, first),
    };
}

WITH_AVX2 static void with_avx2(struct masks *masks, size_t step, const byte *data, size_t number)
{
    for (size_t end = step + number; step < end; step++, data += STEP) {
        struct half low = look(data), high = look(data + STEP / 2);
        masks->needles[step] = ~(low.no_needles | high.no_needles << STEP / 2);
        masks->no_letters[step] = low.no_letters | high.no_letters << STEP / 2;
        masks->no_escapes[step] = low.no_escapes | high.no_escapes << STEP / 2;
        masks->nuls[step] = low.nuls | high.nuls << STEP / 2;
        add_step(&masks->with_needles, step, masks->needles[step] != 0);
        add_step(&masks->with_nuls, step, masks->nuls[step] != 0);
        add_step(&masks->may_be_lists, step, (low.not_listed | high.not_listed) == 0);
    }
}

fill_steps *skim_with_avx2(void)
{
    if (!__builtin_cpu_supports("avx2"))
        return NULL;
    fill_tables();
    return with_avx2;
}
#endif
