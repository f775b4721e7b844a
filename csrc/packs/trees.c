/* What of a tree is wanted, and what of it a commit has changed. */

#include "trees.h"

#include <stdlib.h>
#include <string.h>

typedef unsigned char byte;

/* The first bytes of a name stand for it. Where two objects share them, one is taken for the
 * other, which nobody will see who has not made them for that. */
static uint64_t word_of(const byte *name)
{
    uint64_t word;
    memcpy(&word, name, sizeof word);
    return word;
}

static bool append(struct words *words, uint64_t word)
{
    if (words->number == words->room) {
        size_t room = words->room ? 2 * words->room : 1024;
        uint64_t *data = realloc(words->data, room * sizeof *data);
        if (data == NULL)
            return false;
        words->data = data;
        words->room = room;
    }
    words->data[words->number++] = word;
    return true;
}

/* Spreads every bit over all others (the last steps of splitmix64). */
static uint64_t mixed(uint64_t word)
{
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9u;
    word = (word ^ word >> 27) * 0x94d049bb133111ebu;
    return word ^ word >> 31;
}

static uint64_t hash_of(const byte *bytes, size_t size)
{
    uint64_t hash = size;
    for (; size >= sizeof hash; size -= sizeof hash, bytes += sizeof hash)
        hash = mixed(hash ^ word_of(bytes)) + 1;
    byte rest[sizeof hash] = {0};
    memcpy(rest, bytes, size);
    return mixed(hash ^ word_of(rest)) + 1;
}

static bool is_wanted(const struct names *wanted, const byte *name)
{
    size_t low = 0, high = wanted->number;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(wanted->data + middle * wanted->width, name, wanted->width);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* No key of any rule is in a name that has no such run. */
enum { SHORTEST_RUN = 32 };

static bool is_digit(byte one)
{
    return (one >= '0' && one <= '9') || (one >= 'a' && one <= 'f') || (one >= 'A' && one <= 'F');
}

static bool may_hide(const byte *name, size_t length)
{
    size_t run = 0;
    for (size_t at = 0; length >= SHORTEST_RUN && at < length; at++) {
        run = is_digit(name[at]) ? run + 1 : 0;
        if (run == SHORTEST_RUN)
            return true;
    }
    return false;
}

/* An entry of a tree: "MODE NAME", a NUL, and the raw name of an object. */
struct entry {
    const byte *text, *object;
    size_t length; /* of the text */
};

/* Takes the entry at `at`; returns where it ends, or NULL if there is none. */
static const byte *next_entry(const byte *at, const byte *end, size_t width, struct entry *entry)
{
    const byte *nul = at < end ? memchr(at, 0, (size_t)(end - at)) : NULL;
    if (nul == NULL || (size_t)(end - nul) <= width)
        return NULL;
    entry->text = at;
    entry->length = (size_t)(nul - at);
    entry->object = nul + 1;
    return nul + 1 + width;
}

/* Tells whether it is a directory, as git does: old writers put zeros before the octal mode. */
static bool is_tree(const struct entry *entry)
{
    unsigned mode = 0;
    for (size_t at = 0; at < entry->length && entry->text[at] != ' '; at++)
        mode = mode << 3 | ((unsigned)(entry->text[at] - '0') & 7);
    return (mode & 0170000) == 0040000;
}

bool tree_append_links(const unsigned char *name, const unsigned char *tree, size_t size,
                       const struct names *wanted, struct words *links)
{
    const byte *end = tree + size;
    size_t head = links->number;
    uint64_t direct = 0, trees = 0;
    struct entry entry;
    if (!append(links, word_of(name)) || !append(links, 0) || !append(links, 0))
        return false;
    while ((tree = next_entry(tree, end, wanted->width, &entry)) != NULL) {
        if (may_hide(entry.text, entry.length))
            direct += mixed(hash_of(entry.text, entry.length) ^ word_of(entry.object));
        else if (is_wanted(wanted, entry.object))
            direct += mixed(hash_of(entry.text, entry.length) + word_of(entry.object));
        if (!is_tree(&entry))
            continue;
        if (!append(links, word_of(entry.object)) ||
            !append(links, hash_of(entry.text, entry.length)))
            return false;
        trees++;
    }
    links->data[head + 1] = direct;
    links->data[head + 2] = trees;
    return true;
}

/* Reads "WORD NAME\n", of which the name is in hex; returns where it ends, or NULL. */
static const byte *read_link(const byte *at, const byte *end, const char *word, size_t width,
                             uint64_t *link)
{
    size_t length = strlen(word);
    if ((size_t)(end - at) < length + 2 * width + 1 || memcmp(at, word, length) != 0)
        return NULL;
    byte name[sizeof *link];
    at += length;
    for (size_t digit = 0; digit < 2 * width; digit++) {
        unsigned value = at[digit] <= '9' ? at[digit] - '0' + 0u : at[digit] - 'a' + 10u;
        if (value > 15)
            return NULL;
        if (digit < 2 * sizeof name)
            name[digit / 2] = (byte)(digit % 2 ? name[digit / 2] << 4 | value : value);
    }
    *link = word_of(name);
    at += 2 * width;
    return *at == '\n' ? at + 1 : NULL;
}

bool commit_append_links(const unsigned char *name, const unsigned char *commit, size_t size,
                         size_t width, struct words *links)
{
    const byte *end = commit + size;
    uint64_t link;
    if ((commit = read_link(commit, end, "tree ", width, &link)) == NULL)
        return true;
    size_t head = links->number;
    if (!append(links, word_of(name)) || !append(links, link) || !append(links, 0))
        return false;
    const byte *behind = commit;
    while ((commit = read_link(commit, end, "parent ", width, &link)) != NULL) {
        behind = commit;
        if (!append(links, link))
            return false;
        links->data[head + 2]++;
    }
    /* Anything else may be a parent that git reads and this does not. */
    static const char author[] = "author ";
    const size_t length = sizeof author - 1;
    if ((size_t)(end - behind) < length || memcmp(behind, author, length) != 0)
        links->number = head;
    return true;
}

/* Where the links of each object stand, by the word for its name; 0 where there is none. */
struct table {
    const struct words *words;
    size_t *places, size;
};

static size_t *place_of(const struct table *table, uint64_t word)
{
    size_t at = (size_t)mixed(word) & (table->size - 1);
    while (table->places[at] && table->words->data[table->places[at] - 1] != word)
        at = (at + 1) & (table->size - 1);
    return &table->places[at];
}

/* Takes links, of which each object has a head of three words and `each` for what the third of
 * them counts. Returns false if they do not come out even, or memory is short. */
static bool fill(struct table *table, const struct words *words, size_t each)
{
    size_t number = 0, at = 0;
    for (; at + 3 <= words->number; at += 3 + words->data[at + 2] * each, number++)
        if (words->data[at + 2] > (words->number - at - 3) / each)
            return false;
    if (at != words->number)
        return false;
    table->words = words;
    for (table->size = 16; table->size < 2 * number;)
        table->size *= 2;
    if ((table->places = calloc(table->size, sizeof *table->places)) == NULL)
        return false;
    for (at = 0; at < words->number; at += 3 + words->data[at + 2] * each)
        *place_of(table, words->data[at]) = at + 1;
    return true;
}

/* The trees that are being looked into, from the outermost on. */
struct way {
    size_t *trees, *links;
    size_t depth;
};

enum { DEEPEST = 4096 };

/* What stands for all that is wanted in a tree, 0 if nothing is. That of a tree which is not known
 * is its name: it is wherever just this tree is. `sums` has it for those that have been seen. */
struct sums {
    const struct table *trees;
    uint64_t *sums;
    byte *states; /* of the place of each tree */
    struct way way;
};
enum { UNSEEN, BEGUN, SEEN };

static size_t index_of(const struct sums *sums, uint64_t tree)
{
    return (size_t)(place_of(sums->trees, tree) - sums->trees->places);
}

/* Returns the sum of a tree that is seen, or that cannot be. */
static uint64_t sum_of(const struct sums *sums, uint64_t tree)
{
    size_t index = index_of(sums, tree);
    return sums->states[index] == SEEN ? sums->sums[index] : mixed(tree) | 1;
}

/* Begins to look into a tree, unless that has been done or cannot be. */
static void enter(struct sums *sums, uint64_t tree)
{
    size_t index = index_of(sums, tree);
    if (sums->trees->places[index] == 0 || sums->states[index] != UNSEEN ||
        sums->way.depth == DEEPEST)
        return;
    sums->states[index] = BEGUN;
    sums->way.trees[sums->way.depth] = index;
    sums->way.links[sums->way.depth++] = 0;
}

/* Adds up what is in a tree, all of whose trees have been looked into. */
static void leave(struct sums *sums, size_t index, const uint64_t *tree)
{
    uint64_t sum = tree[1];
    for (const uint64_t *link = tree + 3; link < tree + 3 + 2 * tree[2]; link += 2) {
        uint64_t below = sum_of(sums, link[0]);
        if (below)
            sum += mixed(below ^ mixed(link[1]));
    }
    sums->sums[index] = sum;
    sums->states[index] = SEEN;
    sums->way.depth--;
}

static uint64_t summed(struct sums *sums, uint64_t root)
{
    enter(sums, root);
    while (sums->way.depth) {
        size_t last = sums->way.depth - 1, index = sums->way.trees[last];
        const uint64_t *tree = sums->trees->words->data + sums->trees->places[index] - 1;
        size_t link = sums->way.links[last]++;
        if (link == tree[2])
            leave(sums, index, tree);
        else
            enter(sums, tree[3 + 2 * link]);
    }
    return sum_of(sums, root);
}

/* Tells whether all parents have what the commit has, where it has it. */
static bool is_untouched(struct sums *sums, const struct table *commits, const uint64_t *commit)
{
    uint64_t sum = summed(sums, commit[1]);
    for (const uint64_t *parent = commit + 3; parent < commit + 3 + commit[2]; parent++) {
        size_t place = *place_of(commits, *parent);
        if (place == 0 || summed(sums, commits->words->data[place]) != sum)
            return false;
    }
    return commit[2] || sum == 0;
}

static bool list_untouched(struct sums *sums, const struct table *commits, struct words *untouched)
{
    const struct words *words = commits->words;
    for (size_t at = 0; at < words->number; at += 3 + words->data[at + 2])
        if (is_untouched(sums, commits, words->data + at) && !append(untouched, words->data[at]))
            return false;
    return true;
}

bool commit_list_untouched(const struct words *trees, const struct words *commits,
                           struct words *untouched)
{
    struct table tree_table = {0}, commit_table = {0};
    bool is_done = false;
    if (fill(&tree_table, trees, 2) && fill(&commit_table, commits, 1)) {
        struct sums sums = {&tree_table,
                            malloc(tree_table.size * sizeof *sums.sums),
                            calloc(tree_table.size, 1),
                            {0}};
        sums.way.trees = malloc(DEEPEST * sizeof *sums.way.trees);
        sums.way.links = malloc(DEEPEST * sizeof *sums.way.links);
        is_done = sums.sums && sums.states && sums.way.trees && sums.way.links &&
                  list_untouched(&sums, &commit_table, untouched);
        free(sums.sums);
        free(sums.states);
        free(sums.way.trees);
        free(sums.way.links);
    }
    free(tree_table.places);
    free(commit_table.places);
    return is_done;
}
