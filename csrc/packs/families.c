/* The objects of a pack in families: each with those that are deltas against it behind it. */

#include <stdlib.h>
#include <string.h>

#include "pack.h"

/* What stands for the base of an object that is no delta, or whose base is not listed here. */
#define NOBODY    UINT32_MAX
#define ELSEWHERE (UINT32_MAX - 1)

enum { WINDOW = 1 << 16 };

/* A part of the pack, for headers are read one after the other. */
struct window {
    byte data[WINDOW];
    uint64_t at;
    size_t filled;
};

/* Links between objects, by their numbers in the order of the pack. */
struct kin {
    uint32_t *bases, *children, *siblings, *places, *waiting, *sizes;
    byte *kinds;
};

struct listing {
    const struct pack *pack;
    const uint32_t *sorted;
    size_t start, number;
    struct kin kin;
    struct window *window;
};

static bool read_record(const struct pack *pack, struct window *window, uint64_t offset,
                        struct record *record)
{
    uint64_t end = pack->size - pack->width;
    if (offset >= end)
        return false;
    size_t wanted = lesser(LONGEST_RECORD, (size_t)(end - offset));
    if (offset < window->at || offset + wanted > window->at + window->filled) {
        window->at = offset;
        window->filled = pack_read(pack, offset, window->data, WINDOW);
        if (window->filled < wanted)
            return false;
    }
    return pack_read_record(pack, window->data + (offset - window->at), wanted, offset, record);
}

/* Returns a type's letter, as in KINDS of hexscan.sources.git.columns, or 0. */
static byte letter_of(unsigned kind)
{
    static const byte letters[] = {0, 'c', 't', 'b', 'g', 0, 0, 0};
    return letters[kind];
}

/* Returns the type of an object that is not listed here, as it is told at the end of its chain. */
static byte kind_at(const struct pack *pack, uint64_t offset)
{
    struct record record;
    byte bytes[LONGEST_RECORD];
    for (int depth = 0; depth < LONGEST_CHAIN && offset; depth++) {
        size_t filled = pack_read(pack, offset, bytes, sizeof bytes);
        if (!pack_read_record(pack, bytes, filled, offset, &record))
            return 0;
        if (letter_of(record.kind))
            return letter_of(record.kind);
        offset = record.base;
    }
    return 0;
}

/* Returns the number of the object that starts at an offset, or NOBODY. */
static uint32_t number_at(const struct listing *listing, uint64_t offset)
{
    size_t low = 0, high = listing->number;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint64_t found = pack_offset(listing->pack, listing->sorted[listing->start + middle]);
        if (found == offset)
            return (uint32_t)middle;
        if (found < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return NOBODY;
}

static uint64_t offset_at(const struct listing *listing, size_t number)
{
    return pack_offset(listing->pack, listing->sorted[listing->start + number]);
}

/* Reads all headers. */
static bool read_headers(struct listing *listing)
{
    struct kin *kin = &listing->kin;
    for (size_t number = 0; number < listing->number; number++) {
        struct record record;
        if (!read_record(listing->pack, listing->window, offset_at(listing, number), &record))
            return false;
        kin->kinds[number] = letter_of(record.kind);
        kin->sizes[number] = (uint32_t)lesser(record.size, UINT32_MAX);
        kin->bases[number] = NOBODY;
        if (kin->kinds[number])
            continue;
        if (record.base == 0)
            return false;
        uint32_t base = number_at(listing, record.base);
        kin->bases[number] = base == NOBODY ? ELSEWHERE : base;
        if (base == NOBODY && (kin->kinds[number] = kind_at(listing->pack, record.base)) == 0)
            return false;
    }
    return true;
}

static void link_children(const struct listing *listing)
{
    const struct kin *kin = &listing->kin;
    memset(kin->children, 0xff, listing->number * sizeof *kin->children);
    for (size_t number = listing->number; number-- > 0;) {
        uint32_t base = kin->bases[number];
        if (base >= ELSEWHERE)
            continue;
        kin->siblings[number] = kin->children[base];
        kin->children[base] = (uint32_t)number;
    }
}

/* Tells how many rows up from `row` the base of an object is. */
static uint32_t steps_to(const struct kin *kin, uint32_t base, size_t row)
{
    if (base == NOBODY)
        return NO_BASE;
    if (base == ELSEWHERE || kin->places[base] == NOBODY)
        return BASE_ELSEWHERE;
    return (uint32_t)row - kin->places[base];
}

/* Appends an object's row, but for a marked one. */
static void add(const struct listing *listing, uint32_t number, const unsigned char *marks,
                struct members *members)
{
    const struct kin *kin = &listing->kin;
    uint32_t position = listing->sorted[listing->start + number];
    kin->places[number] = NOBODY;
    if (marks != NULL && marks[position])
        return;
    const struct pack *pack = listing->pack;
    uint64_t offset = offset_at(listing, number), end = pack->size - pack->width;
    if (listing->start + number + 1 < pack->number)
        end = pack_offset(pack, listing->sorted[listing->start + number + 1]);
    size_t row = members->number++;
    members->positions[row] = position;
    members->kinds[row] = kin->kinds[number];
    members->offsets[row] = offset;
    members->lengths[row] = (uint32_t)lesser((end - offset), UINT32_MAX);
    members->sizes[row] = kin->sizes[number];
    members->steps[row] = steps_to(kin, kin->bases[number], row);
    kin->places[number] = (uint32_t)row;
}

/* Appends an object with all deltas against it; returns how many objects these are. */
static size_t add_family(const struct listing *listing, uint32_t head, const unsigned char *marks,
                         struct members *members)
{
    const struct kin *kin = &listing->kin;
    size_t waiting = 0, met = 0;
    kin->waiting[waiting++] = head;
    while (waiting) {
        uint32_t number = kin->waiting[--waiting];
        add(listing, number, marks, members);
        met++;
        for (uint32_t child = kin->children[number]; child != NOBODY;
             child = kin->siblings[child]) {
            kin->kinds[child] = kin->kinds[number];
            kin->sizes[child] = kin->sizes[number];
            kin->waiting[waiting++] = child;
        }
    }
    return met;
}

static bool list_all(struct listing *listing, const unsigned char *marks, struct members *members)
{
    if (!read_headers(listing))
        return false;
    link_children(listing);
    size_t met = 0;
    /* One kind after the other, for some are asked about alone. */
    for (const char *kind = "ctgb"; *kind; kind++)
        for (size_t number = 0; number < listing->number; number++)
            if (listing->kin.bases[number] >= ELSEWHERE && listing->kin.kinds[number] == *kind)
                met += add_family(listing, (uint32_t)number, marks, members);
    /* Objects that are deltas against each other are in nobody's family. */
    return met == listing->number;
}

bool pack_list_families(const struct pack *pack, const uint32_t *sorted, size_t start, size_t stop,
                        const unsigned char *marks, struct members *members)
{
    size_t number = stop - start, room = number + 1;
    uint32_t *links = malloc(6 * room * sizeof *links);
    struct listing listing = {pack, sorted, start, number, .window = malloc(sizeof(struct window))};
    listing.kin = (struct kin){links,
                               links + room,
                               links + 2 * room,
                               links + 3 * room,
                               links + 4 * room,
                               links + 5 * room,
                               malloc(room)};
    members->number = 0;
    bool is_listed = false;
    if (links != NULL && listing.window != NULL && listing.kin.kinds != NULL) {
        listing.window->at = listing.window->filled = 0;
        is_listed = list_all(&listing, marks, members);
    }
    free(links);
    free(listing.window);
    free(listing.kin.kinds);
    return is_listed;
}
