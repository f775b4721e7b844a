/* Masks with AVX2. */

#include "skim.h"

#if defined(__x86_64__)
#include <immintrin.h>

typedef byte vector __attribute__((vector_size(32)));
#define TARGET __attribute__((target("avx2")))

TARGET static inline uint64_t mask_of(const vector *bytes)
{
    uint32_t low = (uint32_t)_mm256_movemask_epi8((__m256i)bytes[0]);
    uint32_t high = (uint32_t)_mm256_movemask_epi8((__m256i)bytes[1]);
    return low | (uint64_t)high << 32;
}

#include "masks_vectors.h"

fill_steps *skim_with_avx2(void)
{
    return __builtin_cpu_supports("avx2") ? fill_steps_with_vectors : NULL;
}
#endif
