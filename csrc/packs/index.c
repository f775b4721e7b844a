/* The index of a pack, and the headers of its objects. */

/* For pread. */
#define _POSIX_C_SOURCE 200809L

#include "pack.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 8, FAN_OUT = 256, CHECKSUM = 4, OFFSET = 4, DISTANT = 8, PACK_HEAD = 12 };
#define IS_DISTANT 0x80000000u

static uint32_t big_endian(const byte *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static const byte *names_of(const struct pack *pack)
{
    return pack->index + HEAD + FAN_OUT * sizeof(uint32_t);
}

/* Returns how many names start with this byte or a lower one. */
static uint32_t names_up_to(const struct pack *pack, unsigned first)
{
    return big_endian(pack->index + HEAD + first * sizeof(uint32_t));
}

bool pack_take_index(struct pack *pack)
{
    static const byte head[HEAD] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
    const size_t fixed = HEAD + FAN_OUT * sizeof(uint32_t) + 2 * pack->width;
    if (pack->index_size < fixed || memcmp(pack->index, head, HEAD) != 0)
        return false;
    uint32_t before = 0;
    for (unsigned first = 0; first < FAN_OUT; first++) {
        pack->number = names_up_to(pack, first);
        if (pack->number < before)
            return false;
        before = pack->number;
    }
    size_t left = pack->index_size - fixed, each = pack->width + CHECKSUM + OFFSET;
    if (left / each < pack->number)
        return false;
    left -= pack->number * each;
    pack->distant = (uint32_t)(left / DISTANT);
    /* Git takes no more, and a pack that git does not take is not to stand for another. */
    return left % DISTANT == 0 && left / DISTANT <= (pack->number ? pack->number - 1 : 0);
}

uint64_t pack_offset(const struct pack *pack, uint32_t position)
{
    const byte *offsets = names_of(pack) + pack->number * (pack->width + CHECKSUM);
    uint32_t offset = big_endian(offsets + position * (size_t)OFFSET);
    if (!(offset & IS_DISTANT))
        return offset;
    if ((offset ^= IS_DISTANT) >= pack->distant)
        return 0;
    const byte *distant = offsets + pack->number * (size_t)OFFSET + offset * (size_t)DISTANT;
    return (uint64_t)big_endian(distant) << 32 | big_endian(distant + sizeof(uint32_t));
}

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* Moves positions to `sorted` by one digit of their offsets; equal ones stay as they were. */
static void sort_by_digit(const struct pack *pack, const uint32_t *positions, uint32_t *sorted,
                          unsigned shift)
{
    uint32_t starts[DIGITS + 1] = {0};
    for (uint32_t at = 0; at < pack->number; at++)
        starts[(pack_offset(pack, positions[at]) >> shift) % DIGITS + 1]++;
    for (size_t digit = 0; digit < DIGITS; digit++)
        starts[digit + 1] += starts[digit];
    for (uint32_t at = 0; at < pack->number; at++)
        sorted[starts[(pack_offset(pack, positions[at]) >> shift) % DIGITS]++] = positions[at];
}

bool pack_names_fit(const struct pack *pack)
{
    const byte *name = names_of(pack);
    for (uint32_t at = 0; at < pack->number; at++, name += pack->width) {
        /* Git looks for a name only where the fan-out sends it. */
        unsigned first = name[0];
        if (at >= names_up_to(pack, first) || (first > 0 && at < names_up_to(pack, first - 1)))
            return false;
        if (at > 0 && memcmp(name - pack->width, name, pack->width) >= 0)
            return false;
    }
    return true;
}

bool pack_sort(const struct pack *pack, uint32_t *positions, uint32_t *room)
{
    for (uint32_t at = 0; at < pack->number; at++)
        positions[at] = at;
    for (unsigned shift = 0; shift < 64 && pack->size >> shift; shift += DIGIT_BITS) {
        sort_by_digit(pack, positions, room, shift);
        memcpy(positions, room, pack->number * sizeof *positions);
    }
    uint64_t before = PACK_HEAD - 1;
    for (uint32_t at = 0; at < pack->number; at++) {
        uint64_t offset = pack_offset(pack, positions[at]);
        if (offset <= before)
            return false;
        before = offset;
    }
    if (pack->number > 0 && pack_offset(pack, positions[0]) != PACK_HEAD)
        return false;
    return pack->size >= pack->width && before < pack->size - pack->width;
}

void pack_mark_others(const struct pack *pack, const struct pack *other, unsigned char *marks)
{
    const byte *names = names_of(pack), *others = names_of(other);
    const size_t width = pack->width;
    for (uint32_t at = 0, beside = 0; at < pack->number; at++) {
        int order = -1;
        while (beside < other->number &&
               (order = memcmp(others + beside * width, names + at * width, width)) < 0)
            beside++;
        marks[at] |= beside < other->number && order == 0;
    }
}

/* Returns where the object of a name starts, or 0 if it is not in this pack. */
static uint64_t offset_of_name(const struct pack *pack, const byte *name)
{
    uint32_t low = *name ? names_up_to(pack, *name - 1u) : 0, high = names_up_to(pack, *name);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = memcmp(names_of(pack) + middle * pack->width, name, pack->width);
        if (order == 0)
            return pack_offset(pack, middle);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

size_t pack_read(const struct pack *pack, uint64_t offset, unsigned char *room, size_t size)
{
    size_t filled = 0;
    while (filled < size) {
        ssize_t more =
            pread(pack->descriptor, room + filled, size - filled, (off_t)(offset + filled));
        if (more < 0 && errno == EINTR)
            continue;
        if (more <= 0)
            break;
        filled += (size_t)more;
    }
    return filled;
}

/* Reads the distance to a delta's base; returns where it ends, or NULL. */
static const byte *read_distance(const byte *at, const byte *end, uint64_t *distance)
{
    *distance = 0;
    for (bool first = true; at < end && *distance < (uint64_t)1 << 56; first = false) {
        *distance = (*distance + !first) << 7 | (*at & 0x7f);
        if (!(*at++ & 0x80))
            return at;
    }
    return NULL;
}

bool pack_read_record(const struct pack *pack, const unsigned char *bytes, size_t size,
                      uint64_t offset, struct record *record)
{
    const byte *at = bytes, *end = bytes + size;
    if (at == end)
        return false;
    record->kind = *at >> 4 & 7;
    record->size = *at & 15;
    record->base = 0;
    for (unsigned shift = 4; *at++ & 0x80; shift += 7) {
        if (at == end || shift > 56)
            return false;
        record->size |= (uint64_t)(*at & 0x7f) << shift;
    }
    if (record->kind == OFFSET_DELTA) {
        uint64_t distance;
        if ((at = read_distance(at, end, &distance)) == NULL || distance == 0 || distance >= offset)
            return false;
        record->base = offset - distance;
    } else if (record->kind == REFERENCE_DELTA) {
        if ((size_t)(end - at) < pack->width)
            return false;
        record->base = offset_of_name(pack, at);
        at += pack->width;
    } else if (record->kind == 0 || record->kind == 5) {
        return false;
    }
    record->length = (size_t)(at - bytes);
    return true;
}
