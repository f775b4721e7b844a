/* Git's packs, read as gitformat-pack(5) has them: see hexscan.sources.git.packs.
 *
 * Nothing in a pack or its index is believed. What does not fit is left to git, which says why. */

#ifndef HEXSCAN_PACK_H
#define HEXSCAN_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned char byte;

static inline size_t lesser(uint64_t one, uint64_t other)
{
    return (size_t)(one < other ? one : other);
}

/* A pack that is open, and its index as it lies in memory. A name has `width` bytes. */
struct pack {
    int descriptor;
    uint64_t size;
    size_t width;
    const unsigned char *index;
    size_t index_size;
    uint32_t number;  /* of objects */
    uint32_t distant; /* of offsets that take 64 bits */
};

/* What stands before an object's compressed bytes. */
struct record {
    unsigned kind;
    uint64_t size; /* of the object, or of the delta */
    uint64_t base; /* where the base of a delta starts, or 0 if it is not in the pack */
    size_t length; /* of this header itself */
};
enum { OFFSET_DELTA = 6, REFERENCE_DELTA = 7 };

/* No header takes more: two numbers, or a number and a name of the longest kind. */
enum { LONGEST_RECORD = 64 };

/* Chains that are longer are left to git, which makes none longer itself. */
enum { LONGEST_CHAIN = 4096 };

/* Reads a header of which there are `size` bytes, at `offset` of the pack; false if it is none. */
bool pack_read_record(const struct pack *pack, const unsigned char *bytes, size_t size,
                      uint64_t offset, struct record *record);

/* Reads bytes of a pack; returns how many there were. */
size_t pack_read(const struct pack *pack, uint64_t offset, unsigned char *room, size_t size);

/* Takes the index; false if it is none of the second version, or not whole. */
bool pack_take_index(struct pack *pack);

/* Tells whether each name is there once, in order, and where the fan-out has it. */
bool pack_names_fit(const struct pack *pack);

/* Returns where an object starts, or 0 if the index says nothing that could be. */
uint64_t pack_offset(const struct pack *pack, uint32_t position);

/* Puts positions in the index in the order of the pack; `room` is for as many. Returns false if two
 * objects start at the same place, or one outside of the pack. */
bool pack_sort(const struct pack *pack, uint32_t *positions, uint32_t *room);

/* Sets the byte of each object that is in another pack, too. */
void pack_mark_others(const struct pack *pack, const struct pack *other, unsigned char *marks);

/* Columns, a row for each object; `steps` tells how many rows up its base is, or one of these. */
struct members {
    size_t number;
    uint32_t *positions;
    unsigned char *kinds;
    uint64_t *offsets;
    uint32_t *lengths; /* of what is compressed, with its header */
    uint32_t *steps;
    uint32_t *sizes; /* of the object, or of the one at the end of its chain of deltas */
};
enum { NO_BASE = 0 };
#define BASE_ELSEWHERE UINT32_MAX

/* Tells of some objects, [start, stop) of the order of the pack, one kind after the other, and each
 * with all that are deltas against it straight behind it, but not of those that are marked. Returns
 * false if anything is not as it has to be, or memory is short. */
bool pack_list_families(const struct pack *pack, const uint32_t *sorted, size_t start, size_t stop,
                        const unsigned char *marks, struct members *members);

/* Where objects are put one behind the other: `lead`, the object, a line's end. */
struct stream {
    unsigned char *data;
    size_t size, filled;
    const unsigned char *lead;
    size_t lead_length;
};

/* Puts objects together, from row `at` on, until there is no more room; `starts` gets where each
 * begins, and where the last one ends, and `failed` whether it could not be made and nothing stands
 * for it. Returns the row of the first one that is not there any more. */
size_t pack_put_together(const struct pack *pack, const struct members *members, size_t at,
                         struct stream *stream, uint64_t *starts, unsigned char *failed);

#endif
