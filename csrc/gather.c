/* Many small files, read into one buffer. */

/* For openat. */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "skim.h"

/* Reads until nothing comes or there is no more room; returns how much, or -1. */
static ssize_t read_whole(int descriptor, byte *room, size_t size)
{
    size_t filled = 0;
    while (filled < size) {
        ssize_t more = read(descriptor, room + filled, size - filled);
        if (more < 0)
            return -1;
        if (more == 0)
            break;
        filled += (size_t)more;
    }
    return (ssize_t)filled;
}

static bool is_regular(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/* Reads a file; returns whether it is in the slab, whole. One that finds no room stays open under
 * `descriptor`, and its first bytes fill its room. */
static bool take(struct slab *slab, int directory, const char *name, int flags, int *descriptor)
{
    int file = openat(directory, name, flags);
    if (file < 0)
        return false;
    size_t room = slab->size - slab->full;
    ssize_t filled = read_whole(file, slab->data + slab->filled, room);
    if (filled == (ssize_t)room) {
        *descriptor = file;
        return false;
    }
    bool is_file = filled > 0 || (filled == 0 && is_regular(file));
    close(file);
    if (is_file) {
        slab->filled += (size_t)filled;
        slab->data[slab->filled++] = 0;
    }
    return is_file;
}

size_t skim_gather(struct slab *slab, int directory, const char *const *names, size_t number,
                   int flags, size_t *ends, int *descriptor)
{
    size_t taken = 0;
    *descriptor = -1;
    while (taken < number && slab->filled <= slab->full &&
           take(slab, directory, names[taken], flags, descriptor))
        ends[taken++] = slab->filled - 1;
    return taken;
}
