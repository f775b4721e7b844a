/* Needles: the prefix, the terms of a hex.config, and the prefix in base 64. */

#include "skim.h"

typedef byte vector __attribute__((vector_size(32)));
typedef uint64_t words __attribute__((vector_size(32)));

/* On x86-64 a copy of the loop is compiled for processors with AVX2, and taken where it runs. */
#if defined(__x86_64__)
#define HAS_AVX2_COPY 1
#endif

enum needle skim_needle_at(const byte *data, size_t at, size_t size)
{
    const byte *here = data + at;
    size_t left = size - at;
    switch (here[0]) {
    case 'h':
    case 'H':
        if (left >= 3 && lower(here[1]) == 'e' && lower(here[2]) == 'x')
            return PREFIX;
        return left >= 4 && memcmp(here, "hleF", 4) == 0 ? BASE64 : NOTHING;
    case '_':
        return left >= 4 && lower(here[1]) == 'k' && lower(here[2]) == 'e' && lower(here[3]) == 'y'
                   ? TERM
                   : NOTHING;
    case 'a':
        return left >= 5 && memcmp(here, "aGV4X", 5) == 0 ? BASE64 : NOTHING;
    case 'o':
        return left >= 5 && memcmp(here, "oZXhf", 5) == 0 ? BASE64 : NOTHING;
    default:
        return NOTHING;
    }
}

/* A macro, for a function that returns a vector wants to know by which processor. */
#define LOAD(loaded, data) memcpy(&(loaded), data, sizeof(loaded))

/* Sets the bytes where a prefix or a term could start, or some two letters of a needle of base 64
 * stand that are seldom neighbours. */
static inline __attribute__((always_inline)) void needles(vector *hits, const byte *data,
                                                          bool base64)
{
    vector one, two, three;
    LOAD(one, data);
    LOAD(two, data + 1);
    LOAD(three, data + 2);
    vector low_two = two | 0x20, low_three = three | 0x20;
    *hits |= (vector)((one | 0x20) == 'h') & (vector)(low_two == 'e') & (vector)(low_three == 'x');
    *hits |= (vector)(one == '_') & (vector)(low_two == 'k') & (vector)(low_three == 'e');
    if (base64) {
        *hits |= (vector)(one == 'G') & (vector)(two == 'V');
        *hits |= (vector)(one == 'e') & (vector)(two == 'F');
        *hits |= (vector)(one == 'Z') & (vector)(two == 'X');
    }
}

static inline __attribute__((always_inline)) size_t next_stride(const byte *data, size_t at,
                                                                size_t stop, size_t size,
                                                                bool base64)
{
    while (at < stop && at + STRIDE + 2 <= size) {
        vector hits = {0};
        for (size_t part = 0; part < STRIDE; part += sizeof(vector))
            needles(&hits, data + at + part, base64);
        words four = (words)hits;
        if (four[0] | four[1] | four[2] | four[3])
            return at;
        at += STRIDE;
    }
    return least(at, stop);
}

#ifdef HAS_AVX2_COPY
__attribute__((target("avx2"))) static size_t with_avx2(const byte *data, size_t at, size_t stop,
                                                        size_t size, bool base64)
{
    return base64 ? next_stride(data, at, stop, size, true)
                  : next_stride(data, at, stop, size, false);
}
#endif

static size_t portable(const byte *data, size_t at, size_t stop, size_t size, bool base64)
{
    return base64 ? next_stride(data, at, stop, size, true)
                  : next_stride(data, at, stop, size, false);
}

static size_t (*chosen)(const byte *, size_t, size_t, size_t, bool) = portable;

void skim_choose_processor(void)
{
#ifdef HAS_AVX2_COPY
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2"))
        chosen = with_avx2;
#endif
}

size_t skim_next_stride(const byte *data, size_t at, size_t stop, size_t size, bool base64)
{
    return chosen(data, at, stop, size, base64);
}

/* Tells whether there are digits for a label that stands at `at`. */
static bool has_digits(const byte *data, size_t at, size_t size, struct digits *digits)
{
    return skim_digits_within(data, size, digits, far_before(at), at + CONTEXT);
}

/* Tells whether a needle calls for a look, by what stands around it. */
static bool calls(enum needle needle, const byte *data, size_t at, size_t size,
                  struct digits *digits)
{
    switch (needle) {
    case BASE64:
        return true;
    case PREFIX:
        return at + 3 < size && is(data[at + 3], BEHIND_HEX) &&
               (skim_may_be_prefix(data, at, size) ||
                (has_digits(data, at, size, digits) && skim_may_be_label(data, at, size)));
    case TERM:
        return at + 4 < size && is(data[at + 4], BEHIND_KEY) &&
               has_digits(data, at, size, digits) && skim_may_be_term(data, at, size);
    default:
        return false;
    }
}

size_t skim_needle_place(const byte *data, size_t start, size_t stop, size_t size,
                         struct digits *digits)
{
    size_t at = start;
    while ((at = skim_next_stride(data, at, stop, size, true)) < stop) {
        /* A hit may tell a needle that started up to two bytes before. */
        size_t from = at > start + 2 ? at - 2 : start, end = least(stop, at + STRIDE);
        for (size_t here = from; here < end; here++)
            if (is(data[here], NEEDLE) &&
                calls(skim_needle_at(data, here, size), data, here, size, digits))
                return here;
        at = end;
    }
    return NONE;
}
