/* Whether forty hex digits are those of a key: see hexscan.key. */

#include "skim.h"

enum { RANDOM_BYTES = 16, CHECKSUM_BYTES = 4 };

static uint32_t table[256];

/* The CRC-32 of zlib and PNG, a byte at a time. */
void skim_fill_checksums(void)
{
    const uint32_t polynomial = 0xEDB88320u;
    for (uint32_t number = 0; number < 256; number++) {
        uint32_t rest = number;
        for (int bit = 0; bit < 8; bit++)
            rest = rest >> 1 ^ (rest & 1 ? polynomial : 0);
        table[number] = rest;
    }
}

bool skim_has_right_checksum(const byte *digits)
{
    uint32_t sum = 0xFFFFFFFFu, told = 0;
    for (int at = 0; at < RANDOM_BYTES; at++)
        sum = sum >> 8 ^ table[(sum ^ byte_at(digits + 2 * at)) & 0xFF];
    for (int at = RANDOM_BYTES; at < RANDOM_BYTES + CHECKSUM_BYTES; at++)
        told = told << 8 | byte_at(digits + 2 * at);
    return ~sum == told;
}
