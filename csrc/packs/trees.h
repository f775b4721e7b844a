/* Which of git's commits may have brought something in or taken it out, as their trees tell: see
 * hexscan.sources.git.touched. */

#ifndef HEXSCAN_TREES_H
#define HEXSCAN_TREES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of 64 bits, as many as have come. */
struct words {
    uint64_t *data;
    size_t number, room;
};

/* Raw names of `width` bytes, sorted. */
struct names {
    const unsigned char *data;
    size_t number, width;
};

/* Appends what a tree of some name links to: a word that stands for its name, one that stands for
 * what is wanted in it itself, how many trees are in it, and two words for each of these. Wanted
 * are blobs, and entries in whose name a key could be. Returns false if memory is short. */
bool tree_append_links(const unsigned char *name, const unsigned char *tree, size_t size,
                       const struct names *wanted, struct words *links);

/* Appends what a commit links to: a word for its tree, how many parents it has, and a word for
 * each, with one for itself in front. Returns false if memory is short; of what is no commit
 * nothing is appended. */
bool commit_append_links(const unsigned char *name, const unsigned char *commit, size_t size,
                         size_t width, struct words *links);

/* Appends a word for each commit whose tree has what is wanted just where the trees of all its
 * parents have it. Returns false if memory is short, or links are none. */
bool commit_list_untouched(const struct words *trees, const struct words *commits,
                           struct words *untouched);

#endif
