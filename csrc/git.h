/* What is known of git's objects, and the order in which to read them: see
 * hexscan.sources.git.columns and hexscan.sources.git.families, which do the same. */

#ifndef HEXSCAN_GIT_H
#define HEXSCAN_GIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Columns, a row for each object. A name has `width` bytes. */
struct rows {
    size_t width, number;
    unsigned char *names, *kinds;
    uint64_t *sizes;
    uint32_t *bases; /* the first bytes of the name that it is a delta against, or 0 */
};

/* The columns have room for a row for each of so many bytes of a line, at the least. */
size_t git_shortest_line(size_t width);

/* Reads whole lines of "NAME TYPE SIZE BASE", and appends those of some kinds, which are
 * letters. Returns false for what is no such line. */
bool git_read_rows(const unsigned char *lines, size_t size, const char *kinds, struct rows *rows);

/* What the order needs room for: GIT_STARTS of these, and an item of the others for each object. */
struct room {
    uint32_t *starts;
    uint64_t *deltas; /* by what they are against, and each with its number */
    uint32_t *heads;
    unsigned char *done;
};
enum { GIT_STARTS = (1 << 16) + 1 };

/* Puts the numbers of all objects in such an order that each delta comes before its base. */
void git_order(const struct rows *rows, const struct room *room, uint32_t *order);

#endif
