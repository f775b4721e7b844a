/* The names in a directory, by what they name. */

/* For the types of entries, which POSIX does not know. */
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "skim.h"

/* Returns the kind of an entry that the directory itself tells, or 0. */
static char told_kind_of(const struct dirent *entry)
{
#ifdef DT_UNKNOWN
    switch (entry->d_type) {
    case DT_REG:
        return FILES;
    case DT_DIR:
        return DIRECTORIES;
    case DT_UNKNOWN:
        return 0;
    default:
        return OTHERS;
    }
#else
    (void)entry;
    return 0;
#endif
}

/* Returns the kind of an entry, as the first byte of what is kept of it; 0 where it is not to be
 * found out. */
static char kind_of(DIR *directory, const struct dirent *entry)
{
    char told = told_kind_of(entry);
    if (told)
        return told;
    struct stat status;
    if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return 0;
    if (S_ISREG(status.st_mode))
        return FILES;
    return S_ISDIR(status.st_mode) ? DIRECTORIES : OTHERS;
}

/* Tells whether an entry is the directory itself or the one above it. */
static bool is_dots(const char *name)
{
    return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

/* Keeps a kind and a name behind it; false where there is no memory. */
static bool keep(struct listing *listing, char kind, const char *name)
{
    size_t size = strlen(name) + 2;
    if (listing->size + size > listing->room) {
        size_t room = 2 * listing->room + size + 4096;
        char *kept = realloc(listing->kept, room);
        if (kept == NULL)
            return false;
        listing->kept = kept;
        listing->room = room;
    }
    listing->kept[listing->size] = kind;
    memcpy(listing->kept + listing->size + 1, name, size - 1);
    listing->size += size;
    listing->number++;
    return true;
}

static bool read_names(struct listing *listing, DIR *directory, size_t most)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (entry == NULL)
            return errno == 0;
        if (is_dots(entry->d_name))
            continue;
        char kind = kind_of(directory, entry);
        if (kind == 0 || listing->number == most || !keep(listing, kind, entry->d_name))
            return false;
    }
}

static int compare(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Puts the names in order, those of a kind together; false where there is no memory. */
static bool sort(struct listing *listing)
{
    listing->sorted = malloc((listing->number + 1) * sizeof *listing->sorted);
    if (listing->sorted == NULL)
        return false;
    const char *name = listing->kept;
    for (size_t number = 0; number < listing->number; number++) {
        listing->sorted[number] = name;
        name += strlen(name) + 1;
    }
    qsort(listing->sorted, listing->number, sizeof *listing->sorted, compare);
    return true;
}

bool skim_list(struct listing *listing, const char *path, size_t most)
{
    DIR *directory = opendir(path);
    if (directory == NULL)
        return false;
    bool is_whole = read_names(listing, directory, most);
    closedir(directory);
    return is_whole && sort(listing);
}

void skim_free_listing(struct listing *listing)
{
    free(listing->kept);
    free(listing->sorted);
}
