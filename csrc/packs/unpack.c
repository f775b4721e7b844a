/* The objects of a pack, inflated and put together. */

#include "pack.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

/* As much is read at once; and of an object whose end is not known, first. */
enum { INPUT = 1 << 18, A_LITTLE = 1 << 12 };

/* zlib takes its fast way as long as it has room for a longest match, and some bytes to read. */
enum { ROOM_BEHIND = 320, BYTES_BEHIND = 16 };

/* Bases that are not in the stream are kept here: those on the way to one are deltas against each
 * other, and what comes next is often against one of them. */
enum { KEPT = 64, KEPT_BYTES = 16 << 20 };

/* So many are made at the most to fill a stream once, or some packs would take for ever. */
enum { MOST_MADE = 1 << 16 };

struct kept {
    uint64_t offset; /* 0 where there is none */
    byte *data;
    size_t size;
    uint64_t used;
};

struct unpacking {
    const struct pack *pack;
    z_stream zlib;
    byte *input;
    byte *delta;
    size_t delta_room;
    struct kept kept[KEPT];
    size_t kept_bytes, made;
    uint64_t clock;
    uint64_t *chain;
    size_t largest; /* object that is put together */
};

/* An object that has been begun to be read. */
struct begun {
    struct record record;
    uint64_t offset;
    uint32_t length; /* of all of it in the pack, or 0 if that is not known */
    size_t filled;   /* bytes of the input */
};

/* Reads the start of an object. */
static bool begin(struct unpacking *unpacking, uint64_t offset, uint32_t length,
                  struct begun *begun)
{
    size_t wanted = length ? (size_t)length + BYTES_BEHIND : A_LITTLE;
    begun->offset = offset;
    begun->length = length;
    begun->filled = pack_read(unpacking->pack, offset, unpacking->input, lesser(wanted, INPUT));
    return pack_read_record(unpacking->pack, unpacking->input,
                            lesser(begun->filled, LONGEST_RECORD), offset, &begun->record);
}

/* Inflates an object, or a delta, that is just as long as its header says; `room` has
 * ROOM_BEHIND bytes more than that. */
static bool inflate_whole(struct unpacking *unpacking, const struct begun *begun, byte *room)
{
    z_stream *zlib = &unpacking->zlib;
    uint64_t at = begun->offset + begun->filled;
    zlib->next_in = unpacking->input + begun->record.length;
    zlib->avail_in = (uInt)(begun->filled - begun->record.length);
    zlib->next_out = room;
    zlib->avail_out = (uInt)(begun->record.size + ROOM_BEHIND);
    if (inflateReset(zlib) != Z_OK)
        return false;
    int result;
    while ((result = inflate(zlib, Z_NO_FLUSH)) == Z_OK && zlib->avail_in == 0) {
        size_t more = pack_read(unpacking->pack, at, unpacking->input, INPUT);
        zlib->next_in = unpacking->input;
        zlib->avail_in = (uInt)more;
        at += more;
    }
    bool has_length = begun->length == 0 || zlib->total_in + begun->record.length == begun->length;
    return result == Z_STREAM_END && zlib->total_out == begun->record.size && has_length;
}

/* Reads a number of a delta's head; returns where it ends, or NULL. */
static const byte *read_number(const byte *at, const byte *end, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; at < end && shift < 63; shift += 7) {
        *number |= (uint64_t)(*at & 0x7f) << shift;
        if (!(*at++ & 0x80))
            return at;
    }
    return NULL;
}

/* Reads the bytes of a number that are there by the bits of `present`. */
static const byte *read_present(const byte *at, const byte *end, unsigned present, size_t *number)
{
    *number = 0;
    for (unsigned shift = 0; present; present >>= 1, shift += 8)
        if (present & 1) {
            if (at == end)
                return NULL;
            *number |= (size_t)*at++ << shift;
        }
    return at;
}

/* A delta that has been inflated: what stands behind its two sizes. */
struct delta {
    const byte *at, *end;
    uint64_t base_size, size;
};

enum { COPY = 0x80, DEFAULT_SIZE = 0x10000 };

/* Makes an object of its base; false if the delta does not fit. */
static bool apply(struct delta delta, const byte *base, byte *room)
{
    size_t left = (size_t)delta.size;
    while (delta.at < delta.end) {
        unsigned order = *delta.at++;
        size_t start, count = order;
        const byte *from = delta.at;
        if (order & COPY) {
            if ((delta.at = read_present(delta.at, delta.end, order & 0x0f, &start)) == NULL ||
                (delta.at = read_present(delta.at, delta.end, order >> 4 & 7, &count)) == NULL)
                return false;
            count = count ? count : DEFAULT_SIZE;
            if (start > delta.base_size || count > delta.base_size - start)
                return false;
            from = base + start;
        } else {
            if (order == 0 || count > (size_t)(delta.end - delta.at))
                return false;
            delta.at += count;
        }
        if (count > left)
            return false;
        memcpy(room, from, count);
        room += count;
        left -= count;
    }
    return left == 0;
}

/* Inflates a delta and reads how large the object will be. */
static bool inflate_delta(struct unpacking *unpacking, const struct begun *begun,
                          struct delta *delta)
{
    if (begun->record.size > unpacking->largest)
        return false;
    size_t room = (size_t)begun->record.size + ROOM_BEHIND;
    if (room > unpacking->delta_room) {
        free(unpacking->delta);
        unpacking->delta = malloc(room);
        unpacking->delta_room = unpacking->delta ? room : 0;
        if (unpacking->delta == NULL)
            return false;
    }
    if (!inflate_whole(unpacking, begun, unpacking->delta))
        return false;
    delta->end = unpacking->delta + begun->record.size;
    delta->at = read_number(unpacking->delta, delta->end, &delta->base_size);
    if (delta->at != NULL)
        delta->at = read_number(delta->at, delta->end, &delta->size);
    return delta->at != NULL && delta->size <= unpacking->largest;
}

static void drop(struct unpacking *unpacking, struct kept *kept)
{
    unpacking->kept_bytes -= kept->size;
    free(kept->data);
    *kept = (struct kept){0};
}

static struct kept *find_kept(struct unpacking *unpacking, uint64_t offset)
{
    for (struct kept *kept = unpacking->kept; kept < unpacking->kept + KEPT; kept++)
        if (kept->offset == offset) {
            kept->used = ++unpacking->clock;
            return kept;
        }
    return NULL;
}

static struct kept *longest_unused(struct unpacking *unpacking)
{
    struct kept *oldest = unpacking->kept;
    for (struct kept *kept = unpacking->kept; kept < unpacking->kept + KEPT; kept++)
        if (kept->used < oldest->used)
            oldest = kept;
    return oldest;
}

/* Makes room for an object; NULL if there is none. What was used last stays in any case. */
static struct kept *keep(struct unpacking *unpacking, uint64_t offset, size_t size)
{
    struct kept *kept = longest_unused(unpacking);
    drop(unpacking, kept);
    while (unpacking->kept_bytes + size > KEPT_BYTES) {
        struct kept *other = unpacking->kept;
        for (struct kept *next = other; next < unpacking->kept + KEPT; next++)
            if (next->offset && (!other->offset || next->used < other->used))
                other = next;
        if (!other->offset || other->used == unpacking->clock)
            return NULL;
        drop(unpacking, other);
    }
    if ((kept->data = malloc(size + ROOM_BEHIND)) == NULL)
        return NULL;
    kept->offset = offset;
    kept->size = size;
    kept->used = ++unpacking->clock;
    unpacking->kept_bytes += size;
    return kept;
}

/* Puts an object together that is not in the stream, against what is kept if it is a delta. Where
 * that fails what was kept for it is of no use. */
static struct kept *make_kept(struct unpacking *unpacking, uint64_t offset, const struct kept *base)
{
    struct begun begun;
    struct delta delta;
    struct kept *made;
    if (!begin(unpacking, offset, 0, &begun))
        return NULL;
    if (base == NULL) {
        if (begun.record.size > unpacking->largest)
            return NULL;
        made = keep(unpacking, offset, (size_t)begun.record.size);
        return made && inflate_whole(unpacking, &begun, made->data) ? made : NULL;
    }
    if (!inflate_delta(unpacking, &begun, &delta) || delta.base_size != base->size)
        return NULL;
    made = keep(unpacking, offset, (size_t)delta.size);
    return made && apply(delta, base->data, made->data) ? made : NULL;
}

/* Returns an object that is not in the stream, put together from the end of its chain. */
static struct kept *fetch(struct unpacking *unpacking, uint64_t offset)
{
    size_t depth = 0;
    struct kept *kept = NULL;
    while (offset && (kept = find_kept(unpacking, offset)) == NULL) {
        byte bytes[LONGEST_RECORD];
        struct record record;
        if (depth == LONGEST_CHAIN || unpacking->made == MOST_MADE)
            return NULL;
        unpacking->made++;
        unpacking->chain[depth++] = offset;
        size_t filled = pack_read(unpacking->pack, offset, bytes, sizeof bytes);
        if (!pack_read_record(unpacking->pack, bytes, filled, offset, &record) ||
            (record.kind == REFERENCE_DELTA && record.base == 0))
            return NULL;
        offset = record.base;
    }
    while (depth-- > 0) {
        struct kept *base = kept;
        if ((kept = make_kept(unpacking, unpacking->chain[depth], base)) == NULL) {
            struct kept *spoiled = find_kept(unpacking, unpacking->chain[depth]);
            if (spoiled != NULL)
                drop(unpacking, spoiled);
            return NULL;
        }
    }
    return kept;
}

/* Where a row's base is, if it has one. */
struct base {
    const byte *data;
    size_t size;
};

static bool find_base(struct unpacking *unpacking, const struct members *members, size_t at,
                      size_t row, const struct begun *begun, const struct stream *stream,
                      const uint64_t *starts, const unsigned char *failed, struct base *base)
{
    uint32_t steps = members->steps[row];
    if (steps != BASE_ELSEWHERE && steps <= row - at) {
        size_t number = row - at - steps;
        base->data = stream->data + starts[number] + stream->lead_length;
        base->size = (size_t)(starts[number + 1] - starts[number]) - stream->lead_length - 1;
        return !failed[number];
    }
    uint64_t offset = begun->record.base;
    if (offset == 0 && steps <= row)
        offset = members->offsets[row - steps];
    struct kept *kept = offset ? fetch(unpacking, offset) : NULL;
    if (kept == NULL)
        return false;
    base->data = kept->data;
    base->size = kept->size;
    return true;
}

/* Tells of an object whether it fits into what is left of the stream. */
static bool fits(const struct stream *stream, uint64_t size)
{
    return size + stream->lead_length + 1 + ROOM_BEHIND <= stream->size - stream->filled;
}

enum outcome { PUT, FAILED, FULL };

/* Puts one object behind the lead, and tells its size. */
static enum outcome put(struct unpacking *unpacking, const struct members *members, size_t at,
                        size_t row, const struct stream *stream, const uint64_t *starts,
                        const unsigned char *failed, size_t *size)
{
    struct begun begun;
    byte *room = stream->data + stream->filled + stream->lead_length;
    if (!begin(unpacking, members->offsets[row], members->lengths[row], &begun))
        return FAILED;
    bool is_delta = begun.record.kind == OFFSET_DELTA || begun.record.kind == REFERENCE_DELTA;
    if (is_delta != (members->steps[row] != NO_BASE))
        return FAILED;
    if (!is_delta) {
        *size = (size_t)begun.record.size;
        if (begun.record.size > unpacking->largest)
            return FAILED;
        if (!fits(stream, begun.record.size))
            return FULL;
        return inflate_whole(unpacking, &begun, room) ? PUT : FAILED;
    }
    struct base base;
    struct delta delta;
    if (!find_base(unpacking, members, at, row, &begun, stream, starts, failed, &base))
        return FAILED;
    /* To look for the base has overwritten the input. */
    if (members->steps[row] > row - at && !begin(unpacking, begun.offset, begun.length, &begun))
        return FAILED;
    if (!inflate_delta(unpacking, &begun, &delta) || delta.base_size != base.size)
        return FAILED;
    *size = (size_t)delta.size;
    if (!fits(stream, delta.size))
        return FULL;
    return apply(delta, base.data, room) ? PUT : FAILED;
}

static size_t put_all(struct unpacking *unpacking, const struct members *members, size_t at,
                      struct stream *stream, uint64_t *starts, unsigned char *failed)
{
    size_t row = at;
    for (; row < members->number; row++) {
        size_t size = 0, number = row - at;
        starts[number] = stream->filled;
        if (!fits(stream, 0))
            break;
        enum outcome outcome = put(unpacking, members, at, row, stream, starts, failed, &size);
        /* What is too large for an empty stream is for somebody else. */
        if (outcome == FULL && number > 0)
            break;
        failed[number] = outcome != PUT;
        memcpy(stream->data + stream->filled, stream->lead, stream->lead_length);
        stream->filled += stream->lead_length + (outcome == PUT ? size : 0);
        stream->data[stream->filled++] = '\n';
    }
    starts[row - at] = stream->filled;
    return row;
}

size_t pack_put_together(const struct pack *pack, const struct members *members, size_t at,
                         struct stream *stream, uint64_t *starts, unsigned char *failed)
{
    struct unpacking unpacking = {.pack = pack, .largest = stream->size};
    unpacking.input = malloc(INPUT);
    unpacking.chain = malloc(LONGEST_CHAIN * sizeof *unpacking.chain);
    size_t row = at;
    starts[0] = stream->filled;
    bool has_zlib = inflateInit(&unpacking.zlib) == Z_OK;
    if (has_zlib && unpacking.input != NULL && unpacking.chain != NULL)
        row = put_all(&unpacking, members, at, stream, starts, failed);
    if (has_zlib)
        inflateEnd(&unpacking.zlib);
    for (struct kept *kept = unpacking.kept; kept < unpacking.kept + KEPT; kept++)
        free(kept->data);
    free(unpacking.input);
    free(unpacking.chain);
    free(unpacking.delta);
    return row;
}
